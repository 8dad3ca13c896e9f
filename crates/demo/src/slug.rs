//! Slugs from Vietnamese titles: marks stripped, đ becomes d, words joined by hyphens, never cut inside a word.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest slug in bytes; whole words only.
const LONGEST: usize = 90;

/// The slug of `title`. Empty when the title has no letter or digit.
pub(crate) fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(LONGEST);
    for word in folded(title).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + 1 + word.len() > LONGEST {
            break;
        }
        let separator = if slug.is_empty() { "" } else { "-" };
        // Writing to a `String` cannot fail.
        let _ = write!(slug, "{separator}{word}");
    }
    slug
}

fn folded(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).map(without_bar).flat_map(char::to_lowercase).collect()
}

/// Đ is a letter of its own and not a D with a mark: normalisation leaves it alone.
fn without_bar(letter: char) -> char {
    match letter {
        'đ' | 'Đ' => 'd',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_fold_to_plain_letters() {
        for (title, expected) in [
            ("Xã Đan Trường: đẩy mạnh “chuyển đổi số”", "xa-dan-truong-day-manh-chuyen-doi-so"),
            ("Thu ngân sách quý I/2024 đạt 45,5%", "thu-ngan-sach-quy-i-2024-dat-45-5"),
            ("Ca trù Cổ Đạm", "ca-tru-co-dam"),
            ("  —  ", ""),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn long_titles_end_at_a_word() {
        let slug = slug(&"nghiêng ".repeat(20));
        assert!(slug.len() <= LONGEST && slug.ends_with("-nghieng"), "{slug}");
    }

    #[test]
    fn composed_and_decomposed_titles_give_the_same_slug() {
        let decomposed: String = "Hội nghị ở Cổ Đạm".nfd().collect();
        assert_eq!(slug(&decomposed), slug("Hội nghị ở Cổ Đạm"));
    }
}
