//! The demo, from the first start to the report that the letter of 2024 attaches.

use std::io::{Read as _, Write as _};

use lienthong_domain::report::grouped;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use crate::harness::{Finished, Folder, Server, connect, get};

/// The communes that took the district over, word for word as in the national list.
const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,Ha Tinh,,giữ nguyên
18115,phường,Bắc Hồng Lĩnh,Phường Bắc Hồng Lĩnh,Bac Hong Linh,42,\"Phường Bắc Hồng, Phường Đức Thuận, Phường Trung Lương, Xã Xuân Lam\"
18352,xã,Nghi Xuân,Xã Nghi Xuân,Nghi Xuan,42,\"Thị trấn Xuân An, Xã Xuân Giang, Xã Xuân Hồng, Xã Xuân Viên, Xã Xuân Lĩnh\"
18364,xã,Đan Hải,Xã Đan Hải,Dan Hai,42,\"Xã Đan Trường, Xã Xuân Hải, Xã Xuân Hội, Xã Xuân Phổ\"
18373,xã,Tiên Điền,Xã Tiên Điền,Tien Dien,42,\"Thị trấn Tiên Điền, Xã Xuân Yên, Xã Xuân Mỹ, Xã Xuân Thành\"
18394,xã,Cổ Đạm,Xã Cổ Đạm,Co Dam,42,\"Xã Cương Gián, Xã Xuân Liên, Xã Cổ Đạm\"
";

/// What a line of the welcome says behind its label.
fn said<'a>(server: &'a Server, label: &str) -> &'a str {
    server.welcome.iter().find_map(|line| line.trim().strip_prefix(label)).unwrap().trim()
}

/// The answer to whoever sends this line of a head.
fn read(server: &Server, path: &str, head: &str) -> String {
    let mut stream = connect(server.address());
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    answer
}

/// The report of the letter, for the command line and for the interfaces.
const PERIOD: [&str; 6] = ["--unit", "nghi-xuan", "--from", "2024-01-01", "--to", "2024-07-07"];
const OVER_REST: &str = "/v1/reports/articles?unit=nghi-xuan&from=2024-01-01&to=2024-07-07";
const OVER_GRAPHQL: &str = "{ articleReport(unit: \"nghi-xuan\", from: \"2024-01-01\", to: \"2024-07-07\") \
     { title rows { rank label total totalText } sum } }";

/// The two lines above the table.
const TITLE: [&str; 2] = ["THỐNG KÊ SỐ LƯỢNG BÀI VIẾT TRÊN CỔNG/TRANG TTĐT", "(Từ 01/01/2024 - 07/07/2024)"];

/// TT, Trang and Tổng số of one line, the last one once as digits and once as it is written in Vietnamese.
type Line = (u64, String, u64, String);

/// The table of the letter: these lines, in this order, and no other.
fn letter() -> Vec<Line> {
    let line = |row: &lienthong_demo::ExpectedRow| {
        let total = u64::from(row.total);
        (u64::from(row.rank), row.name.to_owned(), total, grouped(total))
    };
    lienthong_demo::expected_report().iter().map(line).collect()
}

/// The lines of a report in JSON. Where it leaves the Vietnamese form to its reader, that form is made here.
fn lines_of(report: &Value) -> Vec<Line> {
    let line = |row: &Value| {
        let total = row["total"].as_u64().unwrap();
        let text = row["totalText"].as_str().map_or_else(|| grouped(total), str::to_owned);
        (row["rank"].as_u64().unwrap(), row["label"].as_str().unwrap().to_owned(), total, text)
    };
    report["rows"].as_array().unwrap().iter().map(line).collect()
}

/// Title, lines and sum of a report in JSON are those of the letter.
fn assert_is_the_letter(report: &Value) {
    assert_eq!(lines_of(report), letter(), "{report:#}");
    assert_eq!(report["title"], json!(TITLE));
    assert_eq!(report["sum"], letter().iter().map(|line| line.2).sum::<u64>());
}

/// The table as CSV.
fn csv() -> String {
    let line = |(rank, name, total, _): Line| format!("{rank},{name},{total}\r\n");
    "TT,Trang,Tổng số\r\n".to_owned() + &letter().into_iter().map(line).collect::<String>()
}

/// The words of each line of the table as text, its title included.
fn words(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The same of the letter.
fn words_of_the_letter() -> Vec<Vec<String>> {
    let heading = [TITLE[0], TITLE[1], "", "TT Trang Tổng số"].map(str::to_owned);
    let lines = letter().into_iter().map(|(rank, name, _, total)| format!("{rank} {name} {total}"));
    words(&heading.into_iter().chain(lines).collect::<Vec<_>>().join("\n"))
}

/// The body of an answer to the demo's editor.
fn read_by_editor(server: &Server, path: &str) -> String {
    let answer = read(server, path, said(server, "demo editor"));
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_lowercase().contains("transfer-encoding"), "{answer}");
    body.to_owned()
}

/// The head of the answer to an article that the demo's writer hands in.
fn written(server: &Server, host: &str) -> String {
    let token = said(server, "demo writer");
    let body =
        format!("{{\"category\":\"{host}/thong-bao\",\"title\":\"Lịch cắt điện\",\"body\":\"<p>Từ 8 giờ.</p>\"}}");
    let mut stream = connect(server.address());
    write!(
        stream,
        "POST /v1/sites/{host}/articles HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The whole table from the command line in each of its forms. While it is served: the report is a command of its own on
/// the same database.
fn assert_the_command_line_prints_the_letter(folder: &Folder) {
    let report = |form: &[&str]| folder.output(&[&["report", "articles"], &PERIOD[..], form].concat());
    assert_eq!(words(&report(&[])), words_of_the_letter());
    assert_eq!(report(&["--format", "csv"]), csv());
    assert_is_the_letter(&serde_json::from_str(&report(&["--json"])).unwrap());
}

/// The whole table over both interfaces, in each of their forms.
fn assert_the_interfaces_answer_the_letter(server: &Server) {
    assert_is_the_letter(&serde_json::from_str(&read_by_editor(server, OVER_REST)).unwrap());
    assert_eq!(read_by_editor(server, &format!("{OVER_REST}&format=csv")), format!("\u{feff}{}", csv()));
    assert_eq!(words(&read_by_editor(server, &format!("{OVER_REST}&format=text"))), words_of_the_letter());
    let query: String = byte_serialize(OVER_GRAPHQL.as_bytes()).collect();
    let answer: Value = serde_json::from_str(&read_by_editor(server, &format!("/graphql?query={query}"))).unwrap();
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    assert_is_the_letter(&answer["data"]["articleReport"]);
}

/// One demo for all that follows: to load it takes most of the time.
#[test]
fn the_demo_is_loaded_once_and_yields_the_report_of_the_letter_wherever_it_is_served() {
    let folder = Folder::new();
    // A folder that was only served is empty still.
    folder.serve(&[]).stop();
    assert_it_yields_the_report_of_the_letter(&folder);
    assert_the_welcome_leads_to_the_report_and_pictures_follow_the_server(&folder);
    assert_the_national_list_finds_the_former_units(&folder);
}

fn assert_it_yields_the_report_of_the_letter(folder: &Folder) {
    let server = folder.serve(&["--demo"]);
    let (status, feed) = get(server.address(), "/feeds/units/nghi-xuan.atom");
    assert_eq!(status, 200);
    assert!(feed.contains("<feed"), "{feed}");
    let (status, cover) = get(server.address(), "/demo/covers/dong-ruong-4.svg");
    assert_eq!(status, 200);
    for header in ["etag: \"", "x-request-id: ", "ratelimit: ", "cache-control: public, max-age=86400"] {
        assert!(cover.contains(header), "{header} is not in {cover}");
    }
    assert_the_command_line_prints_the_letter(folder);
    assert_the_interfaces_answer_the_letter(&server);
    let made = written(&server, "tiendien.hatinh.example");
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    server.stop();
    let again = folder.serve(&["--demo"]);
    assert_the_command_line_prints_the_letter(folder);
    again.stop();
}

fn assert_the_welcome_leads_to_the_report_and_pictures_follow_the_server(folder: &Folder) {
    let mut server = folder.serve(&["--demo"]);
    let report = said(&server, "report").to_owned();
    let path = report.split_once("/v1/").map(|(_, rest)| format!("/v1/{rest}")).unwrap();
    let answer = read(&server, &path, said(&server, "demo editor"));
    assert!(answer.contains("2079"), "{answer}");
    // The line below is the same as a command, to be run where the server was started.
    let command = server.welcome.iter().find(|line| line.contains("report articles")).unwrap().trim().to_owned();
    let told = Finished::of(std::process::Command::new("sh").args(["-c", &command]).current_dir(folder.path()));
    assert!(told.code == Some(0) && told.stdout.contains("2.079"), "{command}: {}", told.stderr);

    for more in [&[] as &[&str], &["--public-url", "https://demo.hatinh.example"]] {
        server.stop();
        // Also without --demo: the instance is still the demo's.
        server = folder.serve(more);
        let base = more.last().map_or_else(|| format!("http://{}", server.address()), |base| (*base).to_owned());
        for path in ["/v1/articles?unit=nghi-xuan&first=20&view=full", "/feeds/units/nghi-xuan.atom"] {
            let answer = read(&server, path, "Accept: */*");
            let named = answer.matches("/demo/covers/").count();
            assert!(named > 0, "{path}: {answer}");
            assert_eq!(answer.matches(&format!("{base}/demo/covers/")).count(), named, "{path}");
        }
    }
    server.stop();
}

fn assert_the_national_list_finds_the_former_units(folder: &Folder) {
    std::fs::write(folder.path().join("units.csv"), UNITS).unwrap();
    let report = folder.json(&["import", "units", "units.csv", "--json"]);
    assert_eq!(report["units"]["created"], 0, "{report}");
    // Three wards of Hồng Lĩnh are no part of the demo.
    assert_eq!((&report["historic"]["created"], &report["historic"]["unchanged"]), (&3.into(), &17.into()), "{report}");
    assert_eq!(report["successions"]["created"], 3, "{report}");
    // What holds the demo is served again, whatever came in beside it.
    folder.serve(&["--demo"]).stop();
}
