//! Text as every format can carry it.

use std::borrow::Cow;

/// The text without the characters that XML 1.0 (fifth edition, production 2 `Char`) forbids even as references.
pub(crate) fn carried_by_xml(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml_char) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_xml_char(*c)).collect())
    }
}

/// One line: every run of blanks and line ends becomes one space, none at the ends. A no-break space inside stays.
pub(crate) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(is_break) {
        let start = line.len();
        line.extend(word.chars().filter(|c| is_xml_char(*c)));
        if line.len() > start {
            line.push(' ');
        }
    }
    line.trim().to_owned()
}

/// Several lines: line ends become LF, as an XML processor would make them (XML 1.0 section 2.11); no blanks around.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    let text = carried_by_xml(text);
    if text.contains('\r') {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned());
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The line when there is anything in it.
pub(crate) fn some_line(text: &str) -> Option<String> {
    Some(line(text)).filter(|line| !line.is_empty())
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn is_break(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_single_spaces_and_none_at_its_ends() {
        for (given, expected) in [
            ("", ""),
            (" \u{1} ", ""),
            ("Lịch  tiếp\r\ncông\tdân ", "Lịch tiếp công dân"),
            ("UBND \u{0} xã", "UBND xã"),
            ("a\u{A0}b\u{A0}", "a\u{A0}b"),
            ("x\u{FFFF}y\u{B}z", "xyz"),
        ] {
            assert_eq!(line(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_block_keeps_its_lines() {
        for (given, expected) in
            [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("  a  b\u{C}  \n", "a  b"), ("ơ̆ ƀ\u{1F} 🇻🇳", "ơ̆ ƀ 🇻🇳")]
        {
            assert_eq!(block(given), expected, "{given:?}");
        }
    }
}
