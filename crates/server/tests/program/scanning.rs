use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::harness::Folder;

/// Runs a command on what it is given: exit code, standard output, standard error.
fn piped(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let folder = Folder::new();
    let mut command = folder.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Written aside: the program answers while it reads.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert!(!folder.data().exists(), "no instance is made");
    (status.code(), text(stdout), text(stderr))
}

fn answers(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn lines_are_answered_in_order_and_bad_ones_are_named() {
    let lines = [
        r#"{"id":"news","where":"title","text":"Công an xã triệt phá tụ điểm đánh bạc"}"#,
        r#"{"id":7,"where":"title","text":"Tài xỉu online uy tín, tặng code","label":"ignored"}"#,
        r#"{"id":"x","where":"headline","text":"a"}"#,
        "",
        r#"{"id":"y","where":"slug"}"#,
        "no json",
        r#"{"id":"last","where":"link","text":"javascript:alert(1)"}"#,
    ];
    let (code, stdout, stderr) = piped(&["scan"], lines.join("\r\n").as_bytes());
    assert_eq!(code, Some(1), "{stderr}");
    let answers = answers(&stdout);
    let verdicts: Vec<_> = answers.iter().map(|answer| (answer["id"].clone(), answer["verdict"].clone())).collect();
    assert_eq!(verdicts, [(json!("news"), json!("clean")), (json!(7), json!("hold")), (json!("last"), json!("hold"))]);
    assert_eq!(answers[0]["reasons"], json!([]));
    let reason = json!({ "rule": "link.script", "message": "Liên kết chứa mã lệnh", "found": "javascript:alert(1)" });
    assert_eq!(answers[2]["reasons"], json!([reason]));
    let problems: Vec<_> = stderr.lines().collect();
    assert!(problems[0].starts_with("line 3: the field `where` is \"headline\"; use body_html, "), "{stderr}");
    assert_eq!(problems[1], "line 5: the field `text` is missing");
    assert!(problems[2].starts_with("line 6: not JSON: "), "{stderr}");
    assert_eq!(problems[3], "error: 3 of 6 lines could not be read; the others were scanned");
}

#[test]
fn clean_input_ends_well_and_nothing_is_nothing() {
    assert_eq!(piped(&["scan"], b""), (Some(0), String::new(), String::new()));
    let (code, stdout, stderr) =
        piped(&["scan"], r#"{"id":"1","where":"question","text":"Lịch tiêm chủng?"}"#.as_bytes());
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout, "{\"id\":\"1\",\"verdict\":\"clean\",\"reasons\":[]}\n");
}

#[test]
fn the_help_and_the_rules_teach() {
    let (code, help, _) = piped(&["scan", "--help"], b"");
    assert_eq!(code, Some(0));
    for word in ["body_html, title, slug, attachment_name, question or link", "--explain", "exit code is 1"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    let (code, rules, _) = piped(&["scan", "--explain"], b"");
    assert_eq!(code, Some(0));
    assert!(rules.starts_with("rules of version ") && rules.contains("hidden.link"), "{rules}");
}

#[test]
fn html_comes_out_as_it_would_be_stored_with_a_report_beside_it() {
    let html = b"<p onclick=x>Ch\xc3\xa0o</p><script>alert(1)</script>";
    let (code, stdout, stderr) = piped(&["sanitize"], html);
    assert_eq!((code, stdout.as_str()), (Some(0), "<p>Chào</p>"));
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    let (code, stdout, stderr) = piped(&["sanitize", "--json"], html);
    assert_eq!((code, stdout.as_str()), (Some(0), "<p>Chào</p>"));
    let report: Value = serde_json::from_str(&stderr).unwrap();
    let names: Vec<_> = report.as_array().unwrap().iter().map(|removed| removed["what"].as_str().unwrap()).collect();
    assert_eq!(names, ["@onclick", "script"]);
    let (code, _, stderr) = piped(&["sanitize"], b"\xff");
    assert_eq!((code, stderr.as_str()), (Some(1), "error: standard input: stream did not contain valid UTF-8\n"));
}
