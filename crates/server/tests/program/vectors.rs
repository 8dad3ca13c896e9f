//! Thousands of attacks in every field of an article, as far as the rules of the field take them, shown in Chromium: in
//! the ways in which front ends show a body, and in every form in which the server gives texts away.

use serde_json::Value;

use crate::clients::{content, node};
use crate::harness::Folder;
use crate::newsroom::{HOST, Newsroom};

/// How many of a kind the check says that it has seen, from `stored: 5000 held, 700 public`.
fn told(report: &str, kind: &str) -> usize {
    let words: Vec<&str> = report.split([' ', ',', '\n']).collect();
    let at = words.iter().position(|word| *word == kind).unwrap_or_else(|| panic!("no `{kind}` in:\n{report}"));
    words[at - 1].parse().unwrap_or_else(|_| panic!("no number before `{kind}` in:\n{report}"))
}

#[test]
fn of_thousands_of_vectors_in_every_field_nothing_runs_in_chromium() {
    let room = Newsroom::open(Folder::new());
    let file = room.folder.path().join("vectors.jsonl");
    let made = told(&content("browser", node("browser").args(["vectors.mjs", "make"]).arg(&file).arg(HOST)), "vectors");
    assert!(made >= 5_000, "{made}");
    let imported = room.folder.run(&["import", "articles", "vectors.jsonl", "--json"]);
    let imported: Value = serde_json::from_str(&imported.stdout).unwrap_or_else(|_| panic!("{}", imported.stderr));
    assert_eq!(imported["refused"], 0, "{imported:#}");
    let server = room.serve();
    let base = format!("http://{}", server.address());
    let mut check = node("browser");
    check.args(["vectors.mjs", "check", &base, HOST]).env("TOKEN", room.chief_token());
    let report = content("browser", &mut check);
    assert!(report.ends_with("nothing ran\n"), "{report}");
    assert_eq!(told(&report, "held") + told(&report, "public"), made, "every one of them is shown: {report}");
    assert!(told(&report, "published") >= 50, "{report}");
    assert_eq!(server.stop().code(), Some(0));
}
