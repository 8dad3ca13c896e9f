use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

use super::{Role, is_d_with_stroke, role};

/// One name, one key: equal for every way of writing the same Vietnamese words and different for different ones.
///
/// Unlike [`super::fold`] it tells `Ba Tơ` from `Ba Tô`. Unlike NFC it does not care for case, for where the tone mark
/// stands (hoá/hóa), for `Ð` typed as `Đ`, for punctuation, or for the kind of apostrophe. The tone follows its syllable
/// as in VIQR (`` ` ? ~ ' . ``): `Xã Hoằng Hoá` and `xã hoằng hóa` are both ``xa~ hoăng` hoa'``. Made for keys, not for
/// display.
pub fn spelling(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for syllable in syllables(text) {
        if !key.is_empty() {
            key.push(' ');
        }
        for letter in &syllable.letters {
            key.push(letter.glyph);
            key.extend(&letter.marks);
        }
        key.extend(syllable.tones.iter().map(|tone| tone.sign()));
    }
    key
}

/// A run of letters and digits: in Vietnamese one syllable, the unit of alphabetical order.
#[derive(Debug, Default)]
pub(super) struct Syllable {
    pub(super) letters: Vec<Letter>,
    /// One at most in Vietnamese; foreign words may carry several.
    pub(super) tones: Vec<Tone>,
}

/// A letter apart from its tone.
#[derive(Debug)]
pub(super) struct Letter {
    /// Lower case; ă â ê ô ơ ư đ are letters of their own.
    pub(super) glyph: char,
    pub(super) upper: bool,
    /// Marks that are neither tones nor part of a Vietnamese letter (the breve of `ơ̆`).
    marks: Vec<char>,
}

/// Tones in dictionary order; the level tone (ngang) has no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    Huyen,
    Hoi,
    Nga,
    Sac,
    Nang,
}

impl Tone {
    fn from_mark(mark: char) -> Option<Self> {
        match mark {
            '\u{300}' => Some(Self::Huyen),
            '\u{309}' => Some(Self::Hoi),
            '\u{303}' => Some(Self::Nga),
            '\u{301}' => Some(Self::Sac),
            '\u{323}' => Some(Self::Nang),
            _ => None,
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Huyen => '`',
            Self::Hoi => '?',
            Self::Nga => '~',
            Self::Sac => '\'',
            Self::Nang => '.',
        }
    }
}

pub(super) fn syllables(text: &str) -> Vec<Syllable> {
    let mut done = Vec::new();
    let mut current = Syllable::default();
    for character in text.nfd() {
        match role(character) {
            Role::Letter => current.push(character),
            Role::Mark => current.mark(character),
            Role::Joiner => {}
            Role::Separator if current.letters.is_empty() => {}
            Role::Separator => done.push(std::mem::take(&mut current)),
        }
    }
    if !current.letters.is_empty() {
        done.push(current);
    }
    done
}

impl Syllable {
    fn push(&mut self, character: char) {
        let upper = character.is_uppercase();
        if is_d_with_stroke(character) {
            self.letters.push(Letter { glyph: 'đ', upper, marks: Vec::new() });
            return;
        }
        let lower = character.to_lowercase().filter(|glyph| role(*glyph) == Role::Letter);
        self.letters.extend(lower.map(|glyph| Letter { glyph, upper, marks: Vec::new() }));
    }

    /// Marks before any letter belong to nothing and are ignored.
    fn mark(&mut self, mark: char) {
        let Some(letter) = self.letters.last_mut() else { return };
        if let Some(tone) = Tone::from_mark(mark) {
            self.tones.push(tone);
        } else if let Some(glyph @ ('ă' | 'â' | 'ê' | 'ô' | 'ơ' | 'ư')) = compose(letter.glyph, mark) {
            letter.glyph = glyph;
        } else {
            letter.marks.push(mark);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_agree() {
        let table = [
            ("Xã Hoằng Hoá", "xã hoằng hóa"),
            ("Xa\u{303} Thuỵ Lôi", "XÃ THỤY LÔI"),
            ("Thị trấn M'Drắk", "thị trấn M’Drắk"),
            ("Văn Miếu - Quốc Tử Giám", "Văn Miếu Quốc Tử Giám"),
            ("Ðồng Đăng", "Đồng Đăng"),
            ("a\u{301}\u{302}", "ấ"),
        ];
        for (left, right) in table {
            assert_eq!(spelling(left), spelling(right), "{left} / {right}");
        }
        assert_eq!(spelling("Xã Hoằng Hoá"), "xa~ hoăng` hoa'");
    }

    #[test]
    fn spellings_of_different_names_differ() {
        for (left, right) in [("Ba Tơ", "Ba Tô"), ("Đồng Tiến", "Đông Tiến"), ("Dak", "Đak"), ("kơ\u{306}", "kơ")]
        {
            assert_ne!(spelling(left), spelling(right), "{left} / {right}");
        }
    }

    proptest! {
        #[test]
        fn normal_forms_spell_alike(text in any::<String>()) {
            prop_assert_eq!(spelling(&text.nfc().collect::<String>()), spelling(&text.nfd().collect::<String>()));
        }
    }
}
