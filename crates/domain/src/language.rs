//! Language tags: BCP 47 (RFC 5646), the subset of language, script and region.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The language in which most content is written, and which a list holds unless it says otherwise.
pub const MAIN: &str = "vi";

/// A language tag such as `vi`, `en` or `sed-Latn-VN`, in the case that RFC 5646 section 2.1.1 recommends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

/// Not a language tag of the supported subset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language tag such as vi, en or sed-Latn-VN")]
pub struct NotALanguageTag(String);

impl LanguageTag {
    /// Reads a tag in any case.
    ///
    /// # Errors
    /// [`NotALanguageTag`] outside `language[-Script][-REGION]`.
    pub fn parse(text: &str) -> Result<Self, NotALanguageTag> {
        let error = || NotALanguageTag(text.to_owned());
        let mut parts = text.split('-');
        let language = parts.next().filter(|p| is_alphabetic(p, 2..=3)).ok_or_else(error)?;
        let mut tag = language.to_ascii_lowercase();
        let mut next = parts.next();
        if let Some(script) = next.filter(|p| is_alphabetic(p, 4..=4)) {
            tag = format!("{tag}-{}{}", script[..1].to_ascii_uppercase(), script[1..].to_ascii_lowercase());
            next = parts.next();
        }
        if let Some(region) = next.filter(|p| is_alphabetic(p, 2..=2)) {
            tag = format!("{tag}-{}", region.to_ascii_uppercase());
            next = parts.next();
        }
        if next.is_some() { Err(error()) } else { Ok(Self(tag)) }
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag when it is not the main language.
    pub fn other_than_main(&self) -> Option<&str> {
        (self.0 != MAIN).then_some(self.0.as_str())
    }
}

impl Default for LanguageTag {
    fn default() -> Self {
        Self(MAIN.to_owned())
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = NotALanguageTag;

    fn try_from(text: String) -> Result<Self, NotALanguageTag> {
        Self::parse(&text)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_alphabetic(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_brought_to_their_recommended_case() {
        for (given, tag) in [("VI", "vi"), ("en-us", "en-US"), ("SED-latn-vn", "sed-Latn-VN"), ("cmo", "cmo")] {
            assert_eq!(LanguageTag::parse(given).unwrap().as_str(), tag);
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for given in ["", "v", "tiếng Việt", "vi-", "vi-VN-x", "vi_VN", "1i"] {
            assert!(LanguageTag::parse(given).is_err(), "{given:?}");
        }
    }
}
