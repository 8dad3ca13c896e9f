//! The words of a text as the index knows them.

use lienthong_domain::text::fold;

/// Folded words with one space between them: `fold`, and the Cyrillic letters that pass for Latin ones (`NĐ-СР` on the
/// government portal) become what they look like. Real Cyrillic text stays searchable, because texts and queries both
/// pass here.
pub(crate) fn words(text: &str) -> String {
    let mut words = fold(text);
    if words.chars().any(|letter| latin_of(letter) != letter) {
        words = words.chars().map(latin_of).collect();
    }
    words
}

/// Small letters by the look of their capitals, which is where they are mistaken for one another.
const fn latin_of(letter: char) -> char {
    match letter {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'і' => 'i',
        'ј' => 'j',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'ѕ' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_document_number_gives_the_same_words() {
        for number in ["739/QĐ-UBND", "739/QÐ-UBND", "739 qd ubnd", "739/Qđ–UBND", "  739 / QĐ — UBND."] {
            assert_eq!(words(number), "739 qd ubnd", "{number}");
        }
        assert_eq!(words("13/2023/NĐ-СР"), "13 2023 nd cp");
    }
}
