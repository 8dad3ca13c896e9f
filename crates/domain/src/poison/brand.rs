//! Names of betting houses by their shape: new ones appear every week.

use super::rules::RULES;

/// How sure the shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Also class names and licence plates look so.
    Weak,
    /// `8xbet77`, `33win`, `jun88vn`.
    Strong,
}

/// Numbers that betting houses end their names with.
const LUCKY: [&str; 20] = [
    "88", "888", "8888", "789", "68", "66", "99", "365", "388", "79", "77", "33", "168", "188", "777", "999", "555",
    "89", "666", "6789",
];
/// Words that betting houses make their names of, behind or before a number.
const WORDS: [&str; 9] = ["bet", "win", "club", "clb", "king", "casino", "slot", "vin", "loto"];
/// What stands before numbers in offices: documents, roads, rooms, vehicles, plans.
const OFFICE: [&str; 40] = [
    "nd", "nq", "qd", "tt", "ct", "cv", "kh", "bc", "tb", "hd", "tr", "ql", "dt", "tl", "dh", "km", "so", "to", "khu",
    "thon", "xom", "lop", "phong", "ban", "cong", "dot", "khoa", "ngay", "thang", "nam", "covid", "tcvn", "qcvn",
    "iso", "cp", "bai", "muc", "dieu", "lo", "mau",
];

/// What the names without a number end with: `luckywin`, `hubet`.
const ENDINGS: [&str; 5] = ["bet", "win", "club", "vip", "casino"];
/// Words that end so and are none.
const HONEST: [&str; 12] = [
    "alphabet",
    "tibet",
    "quibet",
    "darwin",
    "godwin",
    "baldwin",
    "goodwin",
    "edwin",
    "erwin",
    "kelvin",
    "aeroclub",
    "youthclub",
];

/// Whether a word of bare letters and digits is shaped like the name of a betting house.
pub(super) fn shape(word: &[u8]) -> Option<Shape> {
    if !(3..=24).contains(&word.len()) {
        return None;
    }
    let has_digit = word.iter().any(u8::is_ascii_digit);
    if !has_digit && !ENDINGS.iter().any(|ending| word.ends_with(ending.as_bytes())) {
        return None;
    }
    let word = std::str::from_utf8(word).ok()?;
    if !has_digit {
        let named = ENDINGS.iter().any(|ending| word.ends_with(ending) && word.len() >= ending.len() + 2);
        return (named && word.len() <= 12 && !HONEST.contains(&word)).then_some(Shape::Weak);
    }
    if !word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    if word.contains("bet") || extends_a_name(word) || number_and_word(word) {
        return Some(Shape::Strong);
    }
    let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = word.get(name.len()..)?;
    let lucky = LUCKY.contains(&number) && (2..=9).contains(&name.len()) && !OFFICE.contains(&name);
    (lucky && name.bytes().all(|b| b.is_ascii_alphabetic())).then_some(Shape::Weak)
}

/// `33win`, `789club`, `win79`; a number that brings no luck behind a word is that of a footnote.
fn number_and_word(word: &str) -> bool {
    let behind = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let before = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = word.strip_prefix(before).unwrap_or_default();
    (word.len() - behind.len() >= 2 && WORDS.contains(&behind)) || (LUCKY.contains(&number) && WORDS.contains(&before))
}

/// `jun88vn`, `linkkubet77`: a known name of five characters or more with something added.
fn extends_a_name(word: &str) -> bool {
    let known = |part: Option<&str>| {
        part.is_some_and(|part| {
            let has_digit = part.bytes().any(|b| b.is_ascii_digit());
            has_digit && RULES.brands.names.binary_search_by(|name| name.as_str().cmp(part)).is_ok()
        })
    };
    (4..=word.len()).any(|cut| known(word.get(..cut)) || known(word.get(word.len() - cut..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_their_shape() {
        let strong = ["8xbet77", "33win", "bet188", "jun88vn", "789club", "win79", "linkjun88"];
        let weak = ["luckywin", "vuive88", "tophi789", "hubet"];
        let none = ["casino10", "nd168", "ql68", "covid19", "k68", "2026", "tibet", "tt99"];
        let groups = [(&strong[..], Some(Shape::Strong)), (&weak[..], Some(Shape::Weak)), (&none[..], None)];
        for (words, expected) in groups {
            for word in words {
                assert_eq!(shape(word.as_bytes()), expected, "{word}");
            }
        }
    }
}
