//! A bound on nesting. The parser looks through all open elements at each tag, so that a hundred thousand of them would
//! take it minutes.

use std::borrow::Cow;

/// Elements within each other; no article has twenty.
const DEEPEST: usize = 256;
/// Elements altogether. Nesting is counted as it is written, which comments and broken markup can belie; this cannot be.
const MOST: usize = 10_000;
/// Elements that have no end tag, or that the next of their kind ends.
const UNCOUNTED: [&str; 24] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "rt",
];

/// The same HTML without the tags that nest deeper; their text stays.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    if html.bytes().filter(|byte| *byte == b'<').count() <= DEEPEST {
        return Cow::Borrowed(html);
    }
    let mut kept = String::with_capacity(html.len());
    let (mut depth, mut dropped, mut opened) = (0_usize, 0_usize, 0_usize);
    let mut pieces = html.split('<');
    kept.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let closes = piece.starts_with('/');
        let counted = is_counted(piece.trim_start_matches('/'));
        let surplus = counted && if closes { dropped > 0 } else { depth >= DEEPEST || opened >= MOST };
        match (counted, closes, surplus) {
            (true, true, true) => dropped -= 1,
            (true, true, false) => depth = depth.saturating_sub(1),
            (true, false, true) => dropped += 1,
            (true, false, false) => (depth, opened) = (depth + 1, opened + 1),
            (false, ..) => {}
        }
        if surplus {
            kept.push_str(piece.split_once('>').map_or("", |(_, text)| text));
        } else {
            kept.push('<');
            kept.push_str(piece);
        }
    }
    Cow::Owned(kept)
}

fn is_counted(tag: &str) -> bool {
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && !UNCOUNTED.iter().any(|one| name.eq_ignore_ascii_case(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_html_is_left_alone_and_deep_html_keeps_its_text() {
        let flat = "<div><p>a</p><br><li>b</div>".repeat(MOST);
        assert_eq!(bounded(&flat), flat);
        let deep = format!("{}x{}<p>y</p>", "<i>".repeat(1_000), "</i>".repeat(1_000));
        let same = format!("{}x{}<p>y</p>", "<i>".repeat(DEEPEST), "</i>".repeat(DEEPEST));
        assert_eq!(bounded(&deep), same);
        let belied = "<div><!--</div>-->".repeat(MOST + 5);
        assert_eq!(bounded(&belied).matches("<div>").count(), MOST);
    }
}
