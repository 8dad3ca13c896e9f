//! Slugs: the readable last part of an address, made from Vietnamese titles without losing a letter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::fold;

/// A slug: `[a-z0-9]+(-[a-z0-9]+)*`, 1 to 120 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// The rule a text breaks that wants to be a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Nothing at all.
    #[error("a slug has at least one letter or digit")]
    Empty,
    /// More than [`Slug::MAX_LEN`] bytes.
    #[error("a slug has at most {max} bytes, not {length}", max = Slug::MAX_LEN)]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Something else than a to z, 0 to 9 and hyphen.
    #[error("a slug has only a-z, 0-9 and '-', not {0:?}")]
    Character(char),
    /// A hyphen at an end, or two in a row.
    #[error("a hyphen in a slug stands between two words")]
    Hyphen,
}

/// Makes a slug of a title: folded, words joined by hyphens, cut at a word boundary. `None` when the text has neither
/// letter nor digit.
///
/// No letter is lost (legacy portals turned "đẩy mạnh" into "ay-manh"): đ is d, Latin letters that have no decomposition
/// and Cyrillic letters that look Latin take the obvious spelling, and any other letter becomes `u` and its code point.
pub fn slugify(text: &str) -> Option<Slug> {
    let words: String = fold(text).chars().fold(String::new(), |mut words, letter| {
        push_ascii(&mut words, letter);
        words
    });
    Some(Slug(cut(&words, Slug::MAX_LEN).to_owned())).filter(|slug| !slug.0.is_empty())
}

/// The slug with a number, for the case that `base` is taken: `hop-giao-ban`, `hop-giao-ban-2`. Shortens `base` by whole
/// words where the limit demands it.
#[must_use]
pub fn numbered(base: &Slug, number: u32) -> Slug {
    let suffix = format!("-{number}");
    let stem = cut(&base.0, Slug::MAX_LEN - suffix.len());
    Slug(format!("{stem}{suffix}"))
}

impl Slug {
    /// The longest slug, in bytes (all ASCII).
    pub const MAX_LEN: usize = 120;

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says nothing beside `title`: the words it is made of, all or the first of them, perhaps with a number.
    pub fn is_made_of(&self, title: &str) -> bool {
        let Some(made) = slugify(title) else { return false };
        let stem = self.0.rsplit_once('-').filter(|(_, last)| last.bytes().all(|byte| byte.is_ascii_digit()));
        let begins =
            |words: &str| made.0.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        begins(&self.0) || stem.is_some_and(|(words, _)| begins(words))
    }
}

/// Letters without decomposition, then the Cyrillic letters that pass for Latin ones in pasted document numbers.
const SPELLED_OUT: &[(char, &str)] = &[
    ('æ', "ae"),
    ('œ', "oe"),
    ('ß', "ss"),
    ('ø', "o"),
    ('ł', "l"),
    ('ı', "i"),
    ('ŋ', "ng"),
    ('\u{430}', "a"),
    ('\u{432}', "b"),
    ('\u{435}', "e"),
    ('\u{43a}', "k"),
    ('\u{43c}', "m"),
    ('\u{43d}', "h"),
    ('\u{43e}', "o"),
    ('\u{440}', "p"),
    ('\u{441}', "c"),
    ('\u{442}', "t"),
    ('\u{443}', "y"),
    ('\u{445}', "x"),
    ('\u{456}', "i"),
];

fn push_ascii(words: &mut String, letter: char) {
    match letter {
        'a'..='z' | '0'..='9' => words.push(letter),
        ' ' => words.push('-'),
        _ => match SPELLED_OUT.iter().find(|(other, _)| *other == letter) {
            Some((_, ascii)) => words.push_str(ascii),
            None => words.extend(format!("u{:x}", u32::from(letter)).chars()),
        },
    }
}

/// At most `limit` bytes of hyphenated ASCII, ending with a whole word if the first word fits.
fn cut(words: &str, limit: usize) -> &str {
    let Some((head, rest)) = words.split_at_checked(limit) else { return words };
    if rest.is_empty() || rest.starts_with('-') {
        return head;
    }
    head.rsplit_once('-').map_or(head, |(whole, _)| whole)
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(SlugError::Empty);
        }
        if text.len() > Self::MAX_LEN {
            return Err(SlugError::TooLong { length: text.len() });
        }
        if let Some(other) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            return Err(SlugError::Character(other));
        }
        if text.split('-').any(str::is_empty) {
            return Err(SlugError::Hyphen);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slug_of_the_words_of_a_title_says_nothing_beside_it() {
        let title = "Nông dân cán vồn chà vụ mùa";
        for (slug, is_made_of) in [
            ("nong-dan-can-von-cha-vu-mua", true),
            ("nong-dan-can-von-cha-vu-mua-2", true),
            ("nong-dan", true),
            ("nong-dan-can-von-3", true),
            ("nong-da", false),
            ("can-von", false),
            ("nong-dan-can-von-cha-vu-mua-nha-cai", false),
        ] {
            assert_eq!(slug.parse::<Slug>().unwrap().is_made_of(title), is_made_of, "{slug}");
        }
    }

    #[test]
    fn titles_keep_every_letter() {
        let table = [
            ("Xã Hưng Chính đẩy mạnh các hoạt động", "xa-hung-chinh-day-manh-cac-hoat-dong"),
            ("ĐAN TRƯỜNG", "dan-truong"),
            ("Ea H'Leo", "ea-hleo"),
            ("13/2023/NĐ-СР", "13-2023-nd-cp"),
            ("Văn Miếu - Quốc Tử Giám", "van-mieu-quoc-tu-giam"),
            ("ខ", "u1781"),
            ("Straße № 5", "strasse-5"),
        ];
        for (title, slug) in table {
            assert_eq!(slugify(title).unwrap().as_str(), slug);
        }
        assert_eq!(slugify(" — !"), None);
    }

    #[test]
    fn long_titles_end_with_a_whole_word() {
        let slug = slugify(&"mười sáu chữ cái ".repeat(20)).unwrap();
        assert_eq!(slug.as_str().len(), 118);
        assert!(slug.as_str().ends_with("-cai"));
        assert_eq!(slugify(&"a".repeat(500)).unwrap().as_str().len(), 120);
        assert_eq!(slugify(&format!("{} b", "a".repeat(120))).unwrap().as_str(), "a".repeat(120));
    }

    #[test]
    fn each_broken_rule_is_named() {
        let table = [
            ("", SlugError::Empty),
            ("a-", SlugError::Hyphen),
            ("-a", SlugError::Hyphen),
            ("a--b", SlugError::Hyphen),
            ("A", SlugError::Character('A')),
            ("đ", SlugError::Character('đ')),
            ("a b", SlugError::Character(' ')),
        ];
        for (text, error) in table {
            assert_eq!(text.parse::<Slug>(), Err(error), "{text}");
        }
        assert_eq!("a".repeat(121).parse::<Slug>(), Err(SlugError::TooLong { length: 121 }));
    }

    #[test]
    fn json_is_parsed_strictly() {
        assert_eq!(serde_json::to_string(&slugify("Ba Tơ").unwrap()).unwrap(), "\"ba-to\"");
        assert!(serde_json::from_str::<Slug>("\"Ba Tơ\"").is_err());
    }

    proptest! {
        #[test]
        fn every_made_slug_passes_the_strict_parser(text in any::<String>(), number in any::<u32>()) {
            if let Some(slug) = slugify(&text) {
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
                let numbered = numbered(&slug, number);
                prop_assert_eq!(numbered.as_str().parse::<Slug>(), Ok(numbered.clone()));
            } else {
                prop_assert!(!text.chars().any(char::is_alphanumeric) || fold(&text).is_empty());
            }
        }

        #[test]
        fn long_slugs_stay_valid_when_numbered(words in "([a-z0-9]{1,30}-){3,8}[a-z0-9]{1,130}", number in any::<u32>()) {
            let base = slugify(&words).unwrap();
            prop_assert_eq!(base.as_str().parse::<Slug>(), Ok(base.clone()));
            let numbered = numbered(&base, number);
            prop_assert_eq!(numbered.as_str().parse::<Slug>(), Ok(numbered.clone()));
        }
    }
}
