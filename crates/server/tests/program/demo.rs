//! The demo, from the first start to the report that the letter of 2024 attaches.

use crate::harness::{Folder, get};

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
    server.stop();
    let again = folder.serve(&["--demo"]);
    assert_eq!(folder.output(&[&["report", "articles"], &period[..]].concat()), report);
    again.stop();
}
