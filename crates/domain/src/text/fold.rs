use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{Role, is_d_with_stroke, role};

/// Text in Unicode normal form C, the only form that is stored. Combining sequences without a composed character
/// (Xơ Đăng `ơ̆`, Mnông `ŭ` with a tone) stay as they are. Borrows when nothing changes.
pub fn nfc(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

/// Nearly every character there is: neither a control character that is not stored, nor one that is not in form C whatever
/// stands beside it (Unicode 16, `NFC_Quick_Check` and `Canonical_Combining_Class`).
fn is_plain(c: char) -> bool {
    // What is common comes first.
    matches!(c, ' '..='~')
        || matches!(c, '\u{a0}'..='\u{2ff}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2027}' | '\t' | '\n' | '\r')
}

/// Text as it is stored: in normal form C, without control characters other than tabs and ends of lines. No text needs
/// them, XML 1.0 has no place for most (section 2.2), and `PostgreSQL` takes no NUL.
pub fn storable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    if text.chars().all(|c| is_kept(&c)) {
        return nfc(text);
    }
    let kept: String = text.chars().filter(is_kept).collect();
    Cow::Owned(nfc(&kept).into_owned())
}

/// Words without marks and case, one space between them: what search, slugs and name comparison look at.
///
/// - NFD, then every combining mark goes; `đ Đ ð Ð` become `d`, highland `ƀ Ƀ` become `b`; the rest is lower-cased.
///   Old and new tone placement (hoá/hóa, uỷ/ủy) are therefore equal.
/// - Apostrophes and invisible characters vanish and join (`Ea H'Leo` is `ea hleo`); every other run of characters that
///   are neither letters nor digits is one space, none at the ends. `13/2023/NĐ-CP` is `13 2023 nd cp`, and
///   `Tin tức – sự kiện` equals `Tin tức - sự kiện`.
/// - Cyrillic look-alikes (`NĐ-СР` on the government portal) are *not* folded: here a letter stays what it is, so that
///   real Cyrillic text stays searchable. Document-number keys repair them, where the alphabet is known.
/// - Scripts whose vowels are marks (Khmer) keep their consonants only; exact matches rank before folded ones.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut pending_space = false;
    for character in text.nfd() {
        match role(character) {
            Role::Mark | Role::Joiner => {}
            Role::Separator => pending_space = !folded.is_empty(),
            Role::Letter => {
                if std::mem::take(&mut pending_space) {
                    folded.push(' ');
                }
                push_folded(&mut folded, character);
            }
        }
    }
    folded
}

fn push_folded(folded: &mut String, letter: char) {
    match letter {
        c if is_d_with_stroke(c) => folded.push('d'),
        'ƀ' | 'Ƀ' => folded.push('b'),
        c => folded.extend(c.to_lowercase().filter(|lower| role(*lower) == Role::Letter)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::char::is_combining_mark;

    use super::*;

    #[test]
    fn folding_follows_the_table() {
        let table = [
            ("Thanh Hoá", "thanh hoa"),
            ("Thanh Hóa", "thanh hoa"),
            ("Thuỵ / Thụy", "thuy thuy"),
            ("ĐAN TRƯỜNG", "dan truong"),
            ("Ðan Trường", "dan truong"),
            ("ðan", "dan"),
            ("  Tin tức –\u{a0}sự kiện. ", "tin tuc su kien"),
            ("13/2023/NĐ-CP", "13 2023 nd cp"),
            ("Ea H'Leo", "ea hleo"),
            ("Ea H’Leo", "ea hleo"),
            ("Văn Miếu - Quốc Tử Giám", "van mieu quoc tu giam"),
            ("K\u{200b}on Tum", "kon tum"),
            ("ơ̆ ƀ ĭ ô̆", "o b i o"),
            ("NĐ-СР", "nd ср"),
            ("— … —", ""),
            ("", ""),
        ];
        for (text, folded) in table {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn composed_text_is_borrowed_and_highland_sequences_survive() {
        assert!(matches!(nfc("Xã Ba Tơ"), Cow::Borrowed(_)));
        assert_eq!(nfc("Xa\u{303} Ba To\u{31b}"), "Xã Ba Tơ");
        assert_eq!(nfc("kơ\u{306}"), "kơ\u{306}");
    }

    #[test]
    fn control_characters_are_not_stored_and_ends_of_lines_are() {
        assert!(matches!(storable("Xã\tBa\r\nTơ"), Cow::Borrowed(_)));
        assert_eq!(storable("a\0b\u{1}\u{7f}\u{85}c"), "abc");
        assert_eq!(storable("Xa\0\u{303}"), "Xã", "what it kept apart is composed");
    }

    #[test]
    fn what_is_plain_is_stored_as_it_is() {
        for c in ('\0'..='\u{ffff}').filter(|c| is_plain(*c)) {
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
            assert!(!c.is_control() || matches!(c, '\t' | '\n' | '\r'), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn folded_text_has_no_marks_no_case_and_single_spaces(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert!(!folded.nfd().any(is_combining_mark));
            prop_assert!(!folded.contains("  ") && folded.trim() == folded);
            prop_assert_eq!(folded.chars().flat_map(char::to_lowercase).collect::<String>(), folded);
        }

        #[test]
        fn normal_forms_fold_alike(text in any::<String>()) {
            prop_assert_eq!(fold(&text.nfc().collect::<String>()), fold(&text.nfd().collect::<String>()));
        }
    }
}
