//! The punctuation of lineage texts: pieces at commas, groups in parentheses.

use crate::unit::{Level, UnitKind};

/// Cuts at commas and at "và" before a kind of unit, but never within parentheses.
pub(super) fn pieces<'a>(text: &'a str, levels: &[Level]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let length = if depth == 0 && at >= start { separator(text.get(at..), levels) } else { 0 };
        if length > 0 {
            pieces.extend(text.get(start..at));
            start = at + length;
        }
    }
    pieces.extend(text.get(start..));
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// Length of the separator at the head of `rest`, or 0.
fn separator(rest: Option<&str>, levels: &[Level]) -> usize {
    const AND: &str = " và ";
    let Some(rest) = rest else { return 0 };
    if rest.starts_with(',') {
        return 1;
    }
    let before_a_unit = |next: &str| UnitKind::split_full_name(next, levels).is_some();
    if rest.strip_prefix(AND).is_some_and(before_a_unit) { AND.len() } else { 0 }
}

/// What stands before the first parenthesis and the content of each. `None` when they nest, do not close or are followed
/// by more words.
pub(super) fn parentheses(piece: &str) -> Option<(&str, Vec<&str>)> {
    let (head, mut rest) = piece.split_at(piece.find('(').unwrap_or(piece.len()));
    let mut groups = Vec::new();
    while !rest.trim_start().is_empty() {
        let (group, after) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
        if group.contains('(') {
            return None;
        }
        groups.push(group.trim());
        rest = after;
    }
    (!head.contains(')')).then(|| (head.trim(), groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_separates_only_before_a_unit_and_outside_parentheses() {
        let levels = [Level::Commune];
        let table: [(&str, &[&str]); 4] = [
            ("Xã A và Xã B, Xã C", &["Xã A", "Xã B", "Xã C"]),
            ("Xã Đất và Nước", &["Xã Đất và Nước"]),
            ("Xã A (vào xã B và xã C), ,", &["Xã A (vào xã B và xã C)"]),
            ("Xã A) , Xã B (x, y", &["Xã A)", "Xã B (x, y"]),
        ];
        for (text, expected) in table {
            assert_eq!(pieces(text, &levels), expected, "{text}");
        }
    }

    #[test]
    fn groups_neither_nest_nor_stay_open() {
        assert_eq!(parentheses("Xã A (b) ( c )"), Some(("Xã A", vec!["b", "c"])));
        for piece in ["Xã A (b", "Xã A (b) c", "Xã A ((b))", "Xã A) (b)", "Xã A (b))"] {
            assert_eq!(parentheses(piece), None, "{piece}");
        }
    }
}
