//! Names of betting houses by their shape: new ones appear every week.

use super::rules::{Brands, RULES};

/// How sure the shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Also class names and licence plates look so.
    Weak,
    /// `8xbet77`, `33win`, `jun88vn`.
    Strong,
}

/// Whether a word of bare letters and digits is shaped like the name of a betting house.
pub(super) fn shape(word: &[u8]) -> Option<Shape> {
    may_be_a_name(word).then(|| shape_of_name(word)).flatten()
}

/// Nearly no word has a digit or the last letters of a name.
#[inline]
fn may_be_a_name(word: &[u8]) -> bool {
    let has_tail = || word.last_chunk().is_some_and(|tail| RULES.ending_tails.contains(tail));
    (3..=24).contains(&word.len()) && (word.iter().any(u8::is_ascii_digit) || has_tail())
}

/// Kept out of what is asked of every word.
#[inline(never)]
fn shape_of_name(word: &[u8]) -> Option<Shape> {
    let brands = &RULES.brands;
    if !word.iter().any(u8::is_ascii_digit) {
        let ending = brands.shape_endings.iter().find(|ending| word.ends_with(ending.as_bytes()))?;
        let stem = word.len() - ending.len();
        let word = std::str::from_utf8(word).ok()?;
        let named = stem >= 2 && word.len() <= 12 && !Brands::has(&brands.honest_names, word);
        return named.then_some(Shape::Weak);
    }
    let word = std::str::from_utf8(word).ok()?;
    if !word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    if word.contains("bet") || extends_a_name(word) || number_and_word(word) {
        return Some(Shape::Strong);
    }
    let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = word.get(name.len()..)?;
    let lucky = (2..=9).contains(&name.len()) && Brands::has(&brands.lucky_numbers, number);
    let lucky = lucky && name.bytes().all(|b| b.is_ascii_alphabetic()) && !Brands::has(&brands.numbered, name);
    lucky.then_some(Shape::Weak)
}

/// `33win`, `789club`, `win79`; a number that brings no luck behind a word is that of a footnote.
fn number_and_word(word: &str) -> bool {
    let brands = &RULES.brands;
    let behind = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let before = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = word.strip_prefix(before).unwrap_or_default();
    let is_word = |part: &str| Brands::has(&brands.shape_words, part);
    (word.len() - behind.len() >= 2 && is_word(behind))
        || (Brands::has(&brands.lucky_numbers, number) && is_word(before))
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
