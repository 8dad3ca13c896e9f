//! Looking at the start of a text that lost its separators. Every function here answers with a length in bytes that ends
//! on a character boundary.

/// Bytes of leading ASCII digits.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Bytes of a leading number with `.` or `,` between its digits; 0 when there is none.
pub(super) fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_separator = |at: usize| matches!(bytes.get(at), Some(b'.' | b',')) && is_digit(at + 1);
    let mut end = 0;
    while is_digit(end) || (end > 0 && is_separator(end)) {
        end += 1;
    }
    end
}

/// The first of `words` that starts the text, with what it stands for. List longer words before their beginnings.
pub(super) fn word<'w, T: Copy>(text: &str, words: &'w [(&'w str, T)]) -> Option<(&'w str, T)> {
    words.iter().find(|(word, _)| text.starts_with(word)).copied()
}

/// Bytes of leading white space.
pub(super) fn spaces(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Parts a text at `at`; past the end or inside a character, everything is on the left.
pub(super) fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// What follows the first `at` bytes.
pub(super) fn after(text: &str, at: usize) -> &str {
    split(text, at).1
}

/// The text between two positions; empty when they do not make sense.
pub(super) fn between(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// The character that ends just before `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|head| head.chars().next_back())
}

/// The character that starts at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|tail| tail.chars().next())
}

/// Where each `needle` starts.
pub(super) fn positions<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(needle).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_with_a_digit() {
        for (text, expected) in
            [("1,200,000 VNĐ", 9), ("10.", 2), ("5", 1), (",5", 0), ("", 0), ("3..4", 1), ("0.5%", 3)]
        {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }
}
