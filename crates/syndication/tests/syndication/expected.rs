//! What a reader should get for a text of the model, said independently of the code under test.

use chrono::{DateTime, SubsecRound as _, Utc};

/// XML 1.0 cannot carry these (production 2).
fn carried(c: char) -> bool {
    let forbidden = (c < ' ' && !"\t\n\r".contains(c)) || c == '\u{fffe}' || c == '\u{ffff}';
    !forbidden
}

pub(crate) fn line(text: &str) -> String {
    let text: String = text.chars().filter(|c| carried(*c)).collect();
    let blank = |c| " \t\n\r\u{85}\u{2028}\u{2029}".contains(c);
    let words: Vec<_> = text.split(blank).filter(|word| !word.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

pub(crate) fn some_line(text: &str) -> Option<String> {
    Some(line(text)).filter(|line| !line.is_empty())
}

pub(crate) fn some_block(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| carried(*c)).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The HTML that shows a plain text (HTML standard, "escaping a string").
pub(crate) fn shown_as_html(text: &str) -> String {
    let marks = [("&", "&amp;"), ("\u{a0}", "&nbsp;"), ("<", "&lt;"), (">", "&gt;")];
    marks.iter().fold(text.to_owned(), |html, (mark, entity)| html.replace(mark, entity))
}

pub(crate) fn second(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(0)
}

/// Term, scheme and label of the categories that have a term.
pub(crate) fn categories(item: &lienthong_syndication::Item) -> Vec<(String, Option<String>, String)> {
    let read = |category: &lienthong_syndication::Category| {
        let term = some_line(&category.term)?;
        let label = some_line(&category.label).unwrap_or_else(|| term.clone());
        Some((term, category.scheme.as_ref().map(ToString::to_string), label))
    };
    item.categories.iter().filter_map(read).collect()
}
