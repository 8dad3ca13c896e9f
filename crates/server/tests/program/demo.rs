//! The demo, from the first start to the report that the letter of 2024 attaches.

use std::io::{Read as _, Write as _};

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

/// The body of an answer to whoever sends this line of a head.
fn read(server: &Server, path: &str, head: &str) -> String {
    let mut stream = connect(server.address());
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    answer
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

#[test]
fn the_demo_yields_the_report_of_the_letter_and_is_loaded_once() {
    let folder = Folder::new();
    let server = folder.serve(&["--demo"]);
    let (status, feed) = get(server.address(), "/feeds/units/nghi-xuan.atom");
    assert_eq!(status, 200);
    assert!(feed.contains("<feed"), "{feed}");
    let (status, _) = get(server.address(), "/demo/covers/dong-ruong-4.svg");
    assert_eq!(status, 200);
    // While it is served: the report is a command of its own on the same database.
    let period = ["--unit", "nghi-xuan", "--from", "2024-01-01", "--to", "2024-07-07"];
    let report = folder.output(&[&["report", "articles"], &period[..]].concat());
    let lines: Vec<Vec<&str>> = report.lines().map(|line| line.split_whitespace().collect()).collect();
    for expected in lienthong_demo::expected_report() {
        let (rank, total) = (expected.rank.to_string(), lienthong_domain::report::grouped(expected.total.into()));
        let row: Vec<&str> = std::iter::once(rank.as_str())
            .chain(expected.name.split_whitespace())
            .chain(std::iter::once(total.as_str()))
            .collect();
        assert!(lines.contains(&row), "{row:?} is not in\n{report}");
    }
    let made = written(&server, "tiendien.hatinh.example");
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    server.stop();
    let again = folder.serve(&["--demo"]);
    assert_eq!(folder.output(&[&["report", "articles"], &period[..]].concat()), report);
    again.stop();
}

#[test]
fn the_welcome_of_the_demo_leads_to_the_report_and_its_pictures_follow_the_server() {
    let folder = Folder::new();
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

#[test]
fn the_national_list_finds_the_former_units_of_the_demo() {
    let folder = Folder::new();
    // A folder that was only served is empty still.
    folder.serve(&[]).stop();
    folder.serve(&["--demo"]).stop();
    std::fs::write(folder.path().join("units.csv"), UNITS).unwrap();
    let report = folder.json(&["import", "units", "units.csv", "--json"]);
    assert_eq!(report["units"]["created"], 0, "{report}");
    // Three wards of Hồng Lĩnh are no part of the demo.
    assert_eq!((&report["historic"]["created"], &report["historic"]["unchanged"]), (&3.into(), &17.into()), "{report}");
    assert_eq!(report["successions"]["created"], 3, "{report}");
    // What holds the demo is served again, whatever came in beside it.
    folder.serve(&["--demo"]).stop();
}
