//! Sites from a template, as the person at the command line sees it.

use crate::harness::Folder;

const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,giữ nguyên
18364,xã,Đan Hải,Xã Đan Hải,,42,giữ nguyên
";

/// With two communes, the catalogue and the example template of the documentation.
fn registered() -> Folder {
    let folder = Folder::new();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("units.csv", UNITS);
    write("topics.csv", lienthong_demo::topics_csv());
    write("template.toml", include_str!("../../../../docs/formats/category-template.toml"));
    folder.output(&["import", "units", "units.csv"]);
    folder.output(&["import", "topics", "topics.csv"]);
    folder
}

#[test]
fn the_example_of_the_documentation_gives_every_commune_its_categories() {
    let folder = registered();
    let provision = ["provision", "--unit", "42", "--template", "template.toml", "--json"];
    let report = folder.json(&provision);
    assert_eq!(report["sites"]["created"], 3);
    assert_eq!((&report["categories"]["created"], &report["findings"]), (&24.into(), &serde_json::json!([])));
    let again = folder.json(&provision);
    assert_eq!(again["categories"], serde_json::json!({ "created": 0, "changed": 0, "unchanged": 24 }));
    assert_eq!(folder.run(&["report", "unmapped-categories", "--unit", "42"]).code, Some(0));
}

#[test]
fn a_mistyped_topic_is_a_finding_and_empties_no_list() {
    let folder = registered();
    folder.output(&["provision", "--unit", "42", "--template", "template.toml"]);
    let mistyped = include_str!("../../../../docs/formats/category-template.toml").replace("tt.tin", "tt.tinh");
    std::fs::write(folder.path().join("template.toml"), mistyped).unwrap();
    for more in [&["--dry-run"][..], &[]] {
        let found = folder.run(&[&["provision", "--unit", "42", "--template", "template.toml"], more].concat());
        assert_eq!(found.code, Some(3), "{}", found.stderr);
        assert!(found.stdout.contains("the catalogue has no topic tt.tinh"), "{}", found.stdout);
        assert!(found.stdout.contains("categories: 0 new, 0 changed, 24 unchanged"), "{}", found.stdout);
    }
    assert_eq!(folder.run(&["report", "unmapped-categories", "--unit", "42"]).code, Some(0), "all have their topics");
}

#[test]
fn the_help_says_where_the_format_of_a_template_is_described() {
    let help = Folder::new().output(&["provision", "--help"]);
    assert!(help.contains("docs/formats/category-template.md"), "{help}");
}
