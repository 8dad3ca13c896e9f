//! Old content of bodies that are no more, from an empty instance to the report.

use serde_json::json;

use crate::harness::Folder;

const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,Xã Xuân Giang
449,huyện,Nghi Xuân,Huyện Nghi Xuân,,42,
";

const SITES: &str = "host,unit,kind,parent,name,active_from,active_to
nghixuan-huyen.hatinh.gov.vn,449,portal,,Cổng Thông tin điện tử huyện Nghi Xuân,2012-01-01,2025-06-30
xuangiang.hatinh.gov.vn,449,component,nghixuan-huyen.hatinh.gov.vn,Trang Thông tin điện tử xã Xuân Giang,2018-01-01,2025-06-30
nghixuan.hatinh.gov.vn,18352,standalone,,Trang Thông tin điện tử xã Nghi Xuân,2025-07-01,
";

/// A line for an article of the district's portal.
fn article(day: &str) -> String {
    let line = json!({
        "sourceId": day, "site": "nghixuan-huyen.hatinh.gov.vn", "category": "tin-tuc", "title": format!("Tin {day}"),
        "summary": "", "body": "", "publishedAt": format!("{day}T08:00:00+07:00"),
    });
    format!("{line}\n")
}

#[test]
fn an_empty_instance_gets_a_former_district_its_articles_and_the_report_of_their_year() {
    let folder = Folder::new();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("units.csv", UNITS);
    write("sites.csv", SITES);
    write("template.json", "{\"categories\": [{\"name\": \"Tin tức\"}]}");
    write("articles.jsonl", &(article("2024-03-26") + &article("2024-11-18")));
    folder.output(&["import", "units", "units.csv"]);
    let made = ["import", "sites", "sites.csv", "--template", "template.json", "--json"];
    assert_eq!(folder.json(&made)["sites"], json!({ "created": 3, "changed": 0, "unchanged": 0 }));
    assert_eq!(folder.json(&made)["sites"], json!({ "created": 0, "changed": 0, "unchanged": 3 }));
    folder.output(&["import", "articles", "articles.jsonl"]);
    let of_2024 = ["report", "articles", "--unit", "42", "--from", "2024-01-01", "--to", "2024-12-31", "--json"];
    let report = folder.json(&of_2024);
    assert_eq!((&report["sum"], &report["rows"][0]["total"]), (&json!(2), &json!(2)), "{report}");

    write("older.jsonl", &article("2011-12-31"));
    let older = folder.run(&["import", "articles", "older.jsonl"]);
    assert_eq!(older.code, Some(3), "{}", older.stderr);
    let told = "nghixuan-huyen.hatinh.gov.vn: 1 dated before its active_from, 2012-01-01";
    assert!(older.stdout.contains(told), "{}", older.stdout);
    write("wrong.csv", "host,active_from\nnghixuan-huyen.hatinh.gov.vn,2011-01-01\nla.hatinh.gov.vn,2011-01-01\n");
    let wrong = folder.run(&["import", "sites", "wrong.csv"]);
    assert_eq!(wrong.code, Some(3), "{}", wrong.stderr);
    assert!(wrong.stdout.contains("sites: 0 new, 1 changed, 0 unchanged"), "{}", wrong.stdout);
    assert!(wrong.stdout.contains("  line 3, unit: is empty\n"), "{}", wrong.stdout);
    write("mistyped.json", "{\"categories\": [{\"name\": \"Tin tức\", \"topic\": \"tt.tni\"}]}");
    let mistyped = folder.run(&["import", "sites", "sites.csv", "--template", "mistyped.json"]);
    assert_eq!(mistyped.code, Some(3), "{}{}", mistyped.stdout, mistyped.stderr);
}
