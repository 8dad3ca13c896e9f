//! `scan`: the scanner for injected advertising, on lines.

use std::io::{self, BufRead as _};

use clap::Args;
use lienthong_domain::poison::{self, Reason, Subject, Verdict, Where};
use serde::Serialize;
use serde_json::Value;

use super::output;
use crate::failure::{Failure, Outcome};

/// Look for injected advertising: gambling, betting, prostitution, loan sharks, hidden and hijacked links.
///
/// Reads JSON Lines from standard input and writes one line for each, in the same order. The same rules judge what is
/// written on the server.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct ScanArgs {
    /// List the rules with what each looks for, and end.
    #[arg(long)]
    explain: bool,
}

const HELP: &str = r#"Input, a line each; further fields are ignored:
  {"id":"1","where":"title","text":"Công an xã triệt phá tụ điểm đánh bạc"}
  {"id":"2","where":"body_html","text":"<p>Tin</p><a href='https://8xbet.example'>nhà cái</a>"}
`where` is what the text is: body_html, title, slug, attachment_name, question or link.

Output:
  {"id":"1","verdict":"clean","reasons":[]}
  {"id":"2","verdict":"hold","reasons":[{"rule":"link.host","message":"Liên kết tới trang cờ bạc, …","found":"8xbet.example"}]}
`hold` asks for a second person. Report and warning are clean, also where they quote what they warn of.

A line that cannot be read is named on standard error with its number and field; the others are still scanned, and the
exit code is 1. Examples:
  lienthong scan < texts.jsonl | grep '"verdict":"hold"'
  lienthong scan --explain"#;

/// A line of the answer.
#[derive(Serialize)]
struct Answer {
    id: Value,
    verdict: &'static str,
    reasons: Vec<Reason>,
}

/// A line of the question.
struct Question {
    id: Value,
    place: Where,
    text: String,
}

/// Runs the command.
pub(super) fn run(args: &ScanArgs) -> Result<Outcome, Failure> {
    if args.explain {
        explain();
        return Ok(Outcome::Done);
    }
    let (mut read, mut bad) = (0_usize, 0_usize);
    for (at, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        read += 1;
        match Question::read(&line) {
            Ok(question) => output::line(serde_json::to_string(&question.answer())?),
            Err(problem) => {
                bad += 1;
                eprintln!("line {}: {problem}", at + 1);
            }
        }
    }
    if bad > 0 {
        return Err(Failure::new(format!("{bad} of {read} lines could not be read; the others were scanned")));
    }
    Ok(Outcome::Done)
}

impl Question {
    fn read(line: &[u8]) -> Result<Self, String> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|error| format!("not UTF-8: {error}"))?;
        let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let Value::Object(mut fields) = value else { return Err("not an object with id, where and text".to_owned()) };
        let mut take = |name: &str| fields.remove(name).ok_or_else(|| format!("the field `{name}` is missing"));
        let id = take("id")?;
        if !id.is_string() && !id.is_number() {
            return Err("the field `id` is neither text nor a number".to_owned());
        }
        let place = take("where")?;
        let places = "use body_html, title, slug, attachment_name, question or link";
        let place =
            serde_json::from_value(place.clone()).map_err(|_| format!("the field `where` is {place}; {places}"))?;
        let Value::String(text) = take("text")? else { return Err("the field `text` is not text".to_owned()) };
        Ok(Self { id, place, text })
    }

    fn answer(self) -> Answer {
        let verdict = poison::scan(&Subject { place: self.place, text: &self.text });
        let name = if verdict.is_held() { "hold" } else { "clean" };
        let Verdict { reasons } = verdict;
        Answer { id: self.id, verdict: name, reasons }
    }
}

fn explain() {
    output::line(format!("rules of version {}; docs/scanner.md says how they are weighed\n", poison::rules_version()));
    for rule in poison::rules() {
        output::line(format!("{:<28} {:<10} {:>2}  {}", rule.id, rule.kind, rule.weight, rule.message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_line_is_named() {
        let table = [
            ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
            ("[1]", "not an object with id, where and text"),
            (r#"{"where":"title","text":"a"}"#, "the field `id` is missing"),
            (r#"{"id":[],"where":"title","text":"a"}"#, "the field `id` is neither text nor a number"),
            (r#"{"id":1,"text":"a"}"#, "the field `where` is missing"),
            (
                r#"{"id":1,"where":"body","text":"a"}"#,
                "the field `where` is \"body\"; use body_html, title, slug, attachment_name, question or link",
            ),
            (r#"{"id":1,"where":"title"}"#, "the field `text` is missing"),
            (r#"{"id":1,"where":"title","text":null}"#, "the field `text` is not text"),
        ];
        for (line, expected) in table {
            assert_eq!(Question::read(line.as_bytes()).err().as_deref(), Some(expected), "{line}");
        }
        assert!(Question::read(b"\xff").err().unwrap().starts_with("not UTF-8"));
    }
}
