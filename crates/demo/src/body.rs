//! The HTML of a body: paragraphs of the theme, then of the common stock, with a list, a table, a quotation, a figure
//! between them, until the article is long enough.

use std::fmt::Write as _;

use crate::grammar::LIBRARY;
use crate::model::DemoCover;
use crate::voice::Voice;

/// Words that stand in the body of every article of the demo.
pub const DEMO_MARK: &str = "Nội dung minh họa";

/// The body of the article that `voice` tells. The text of the grammar holds no `<`, `>`, `&` or `"`.
pub(crate) fn body(voice: &mut Voice, cover: Option<&DemoCover>) -> String {
    let length = usize::try_from(voice.rng.between(850, 1_900)).unwrap_or_default();
    let mark_first = voice.rng.chance(50);
    let mut html = String::with_capacity(2 * length);
    if mark_first {
        html.push_str(&mark());
    }
    let mut extras = extras(voice, cover);
    for (position, paragraph) in paragraphs(voice).into_iter().enumerate() {
        if html.len() >= length {
            break;
        }
        if position > 0 && voice.rng.chance(60) {
            html.extend(extras.pop());
        }
        html.push_str(&element("p", &voice.say(paragraph)));
    }
    if !mark_first {
        html.push_str(&mark());
    }
    html
}

/// `body` with a dated note of change in front.
pub(crate) fn revised(voice: &mut Voice, body: &str, day: &str) -> String {
    let note = voice.say_one("update");
    format!("<p><strong>Cập nhật ngày {day}:</strong> {note}</p>{body}")
}

fn mark() -> String {
    let rest = "bài viết do máy tạo để trình diễn Liên Thông, không phải tin có thật.";
    format!("<p><em>{DEMO_MARK}: {rest}</em></p>")
}

fn paragraphs(voice: &mut Voice) -> Vec<&'static str> {
    let theme = voice.theme;
    let tone = match theme.first("tone") {
        "" => "story",
        tone => tone,
    };
    let mut paragraphs = voice.shuffled(theme, "para");
    paragraphs.extend(voice.shuffled(&LIBRARY.common, tone));
    paragraphs
}

fn extras(voice: &mut Voice, cover: Option<&DemoCover>) -> Vec<String> {
    let mut extras = vec![list(voice), table(voice), cover.map(figure).unwrap_or_default()];
    if voice.theme.first("tone").is_empty() {
        let quote = voice.say_one("quote");
        extras.push(format!("<blockquote>{}</blockquote>", element("p", &quote)));
        extras.push(element("h2", &voice.say_one("subhead")));
    }
    extras.retain(|html| !html.is_empty());
    voice.rng.shuffled(extras)
}

fn list(voice: &mut Voice) -> String {
    let items: Vec<_> = voice.theme.all("item").collect();
    if items.is_empty() {
        return String::new();
    }
    let head =
        if voice.theme.first("language").is_empty() { voice.say_one("listhead") } else { "Good to know:".into() };
    let lines: String = items.into_iter().map(|item| element("li", &voice.say(item))).collect();
    format!("{}<ul>{lines}</ul>", element("p", &head))
}

fn table(voice: &mut Voice) -> String {
    let head = voice.say_one("tablehead");
    let rows: Vec<_> = voice.theme.all("row").collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut html = format!("<table><thead><tr>{}</tr></thead><tbody>", cells("th", &head));
    for row in rows {
        // Writing to a `String` cannot fail.
        let _ = write!(html, "<tr>{}</tr>", cells("td", &voice.say(row)));
    }
    html + "</tbody></table>"
}

fn cells(name: &str, row: &str) -> String {
    row.split(" | ").map(|cell| element(name, cell)).collect()
}

fn figure(cover: &DemoCover) -> String {
    let DemoCover { path, alt, caption, width, height, .. } = cover;
    let image = format!("<img src=\"{path}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\">");
    element("figure", &(image + &element("figcaption", caption)))
}

fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}
