use serde::{Deserialize, Serialize};

use super::nfc;
use super::syllable::{Letter, Syllable, Tone, syllables};

/// Letters in the order of Vietnamese dictionaries, with f j w z at their Latin places.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

// Bytes of the first level. Their ranges do not meet, so keys compare without any framing.
const END: u8 = 0x00;
const SYLLABLE_END: u8 = 0x01;
const LEVEL_TONE: u8 = 0x02;
const NUMBER: u8 = 0x10;
const FIRST_LETTER: u8 = 0x20;
const OTHER_SCRIPT: u8 = 0x70;

/// Bytes whose plain order is Vietnamese alphabetical order; may be stored and indexed as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CollationKey(Vec<u8>);

impl CollationKey {
    /// The key as stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key as stored.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// The place of `text` among Vietnamese names.
///
/// Syllable by syllable: first the letters (a ă â b … d đ …; digits before letters, runs of ASCII digits as numbers, other
/// scripts last), then the tone of that syllable (ngang, huyền, hỏi, ngã, sắc, nặng). Where all syllables agree, lower
/// case comes before upper case; where that agrees too, the NFC text itself decides. Equal keys thus mean canonically
/// equivalent text, and the order is total.
pub fn collation_key(text: &str) -> CollationKey {
    let syllables = syllables(text);
    let mut key = Vec::with_capacity(text.len() * 3);
    for syllable in &syllables {
        push_letters(&mut key, &syllable.letters);
        push_tones(&mut key, syllable);
    }
    key.push(END);
    key.extend(syllables.iter().flat_map(|syllable| &syllable.letters).map(|letter| u8::from(letter.upper) + 1));
    key.push(END);
    key.extend_from_slice(nfc(text).as_bytes());
    CollationKey(key)
}

fn push_letters(key: &mut Vec<u8>, letters: &[Letter]) {
    let mut digits = Vec::new();
    for letter in letters {
        if let Some(digit) = u8::try_from(letter.glyph).ok().filter(u8::is_ascii_digit) {
            digits.push(digit);
        } else {
            push_number(key, &mut digits);
            push_letter(key, letter.glyph);
        }
    }
    push_number(key, &mut digits);
}

/// A longer number is greater, so its length comes first.
fn push_number(key: &mut Vec<u8>, digits: &mut Vec<u8>) {
    if digits.is_empty() {
        return;
    }
    let leading_zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let length = u32::try_from(digits.len() - leading_zeros).unwrap_or(u32::MAX);
    key.push(NUMBER);
    key.extend_from_slice(&length.to_be_bytes());
    key.extend(digits.drain(..).skip(leading_zeros));
}

fn push_letter(key: &mut Vec<u8>, glyph: char) {
    let place = ALPHABET.chars().zip(FIRST_LETTER..).find(|(letter, _)| *letter == glyph);
    if let Some((_, weight)) = place {
        key.push(weight);
    } else {
        key.push(OTHER_SCRIPT);
        key.extend_from_slice(glyph.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

fn push_tones(key: &mut Vec<u8>, syllable: &Syllable) {
    key.push(SYLLABLE_END);
    if syllable.tones.is_empty() {
        key.push(LEVEL_TONE);
    }
    key.extend(syllable.tones.iter().map(|tone| match tone {
        Tone::Huyen => LEVEL_TONE + 1,
        Tone::Hoi => LEVEL_TONE + 2,
        Tone::Nga => LEVEL_TONE + 3,
        Tone::Sac => LEVEL_TONE + 4,
        Tone::Nang => LEVEL_TONE + 5,
    }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn assert_ascending(names: &[&str]) {
        for pair in names.windows(2) {
            assert!(collation_key(pair[0]) < collation_key(pair[1]), "{} before {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn letters_follow_the_vietnamese_alphabet() {
        let letters: Vec<String> = ALPHABET.chars().map(String::from).collect();
        assert_ascending(&letters.iter().map(String::as_str).collect::<Vec<_>>());
        assert_ascending(&["an", "ăn", "ân", "ba", "da", "đa", "em", "êm", "on", "ôn", "ơn", "un", "ưn"]);
    }

    #[test]
    fn names_follow_the_dictionary() {
        assert_ascending(&["Đan Trường", "Xuân Viên"]);
        assert_ascending(&["xã Cổ Đạm", "xã Xuân Mỹ"]);
        assert_ascending(&["Ba", "Ba Dinh", "Ba Động", "Ba Tô", "Ba Tơ", "Ba Vì", "Ba Vinh", "Bà Rịa", "Ban", "Băng"]);
        assert_ascending(&["Dương", "Đăk Hà", "Đắk Lắk", "Em"]);
    }

    #[test]
    fn tones_decide_within_a_syllable_before_the_next_one() {
        assert_ascending(&["ma", "mà", "mả", "mã", "má", "mạ"]);
        assert_ascending(&["ma tơ", "mà an"]);
        assert_ascending(&["màn", "mạn", "mang"]);
    }

    #[test]
    fn numbers_are_numbers_and_case_is_the_last_word() {
        assert_ascending(&["Phường 2", "Phường 02", "Phường 10", "Phường An"]);
        assert_ascending(&["ba tơ", "Ba tơ", "Ba Tơ", "ba tơ a"]);
        assert_ascending(&["z", "Ж"]);
    }

    #[test]
    fn tone_placement_keeps_names_together() {
        assert_ascending(&["Hoá An", "Hóa Bình", "Hoá Châu"]);
    }

    proptest! {
        #[test]
        fn equal_keys_mean_canonically_equivalent_text(left in any::<String>(), right in "[ab áÁ\u{301}01']{0,6}", other in "[ab áÁ\u{301}01']{0,6}") {
            prop_assert_eq!(collation_key(&left), collation_key(&left.nfd().collect::<String>()));
            prop_assert_eq!(collation_key(&right) == collation_key(&other), nfc(&right) == nfc(&other));
        }

        #[test]
        fn a_first_difference_in_letters_beats_every_later_one(stem in "[a-zà-ỹđ]{0,6}", left in "[a-zà-ỹ ]{0,6}", right in "[a-zà-ỹ ]{0,6}") {
            let (left, right) = (format!("{stem}d{left}"), format!("{stem}đ{right}"));
            prop_assert!(collation_key(&left) < collation_key(&right));
        }
    }
}
