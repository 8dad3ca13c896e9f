use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::slug::Slug;

/// Code of a topic: group and name, each like a slug, joined by a dot (`gt.to-chuc`, `tthc.bo`); at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TopicCode(String);

/// The text is no topic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a topic code is two words of a-z, 0-9 and inner hyphens, joined by a dot, 64 bytes at most")]
pub struct TopicCodeError;

impl TopicCode {
    const MAX_LEN: usize = 64;

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the dot: `gt` (giới thiệu), `lh`, `tt`, `pl`, `vb`, `kh`, `da`, `ns`, `tthc`, `dc`, `tctt`, `tg`, …
    pub fn group(&self) -> &str {
        self.0.split_once('.').map_or(self.as_str(), |(group, _)| group)
    }
}

impl FromStr for TopicCode {
    type Err = TopicCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (group, name) = text.split_once('.').ok_or(TopicCodeError)?;
        let words = [group, name].iter().all(|word| word.parse::<Slug>().is_ok());
        if words && text.len() <= Self::MAX_LEN { Ok(Self(text.to_owned())) } else { Err(TopicCodeError) }
    }
}

impl TryFrom<String> for TopicCode {
    type Error = TopicCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TopicCode> for String {
    fn from(code: TopicCode) -> Self {
        code.0
    }
}

impl fmt::Display for TopicCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_group_dot_name() {
        let code: TopicCode = "ns.du-toan-trinh".parse().unwrap();
        assert_eq!((code.group(), code.to_string().as_str()), ("ns", "ns.du-toan-trinh"));
        let long = format!("ns.{}", "a".repeat(62));
        for text in ["", "ns", "ns.", ".ns", "ns.a.b", "NS.a", "ns.a-", "ns.đ", "ns a.b", &long] {
            assert_eq!(text.parse::<TopicCode>(), Err(TopicCodeError), "{text}");
        }
    }
}
