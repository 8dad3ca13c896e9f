use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A DNS host name: at least two labels of a-z, 0-9 and inner hyphens (RFC 1123 section 2.1, lower case), each of 1 to 63
/// bytes, 253 in all, no final dot. The last label is not a number, so that no IPv4 address passes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostName(String);

/// The rule a text breaks that wants to be a host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostNameError {
    /// Fewer than two labels.
    #[error("a host name has at least two labels")]
    SingleLabel,
    /// An empty label, as in `a..b` or with a dot at an end.
    #[error("a label of a host name is not empty")]
    EmptyLabel,
    /// A label of more than 63 bytes.
    #[error("a label of a host name has at most 63 bytes, not {0}")]
    LongLabel(usize),
    /// More than 253 bytes.
    #[error("a host name has at most 253 bytes, not {0}")]
    Long(usize),
    /// Something else than a to z, 0 to 9, hyphen and dot.
    #[error("a host name has only a-z, 0-9, '-' and '.', not {0:?}")]
    Character(char),
    /// A hyphen at the end of a label.
    #[error("a label of a host name neither begins nor ends with a hyphen")]
    Hyphen,
    /// A number as last label.
    #[error("the last label of a host name is not a number")]
    Numeric,
}

const MAX_LABEL: usize = 63;
const MAX_NAME: usize = 253;

impl HostName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The labels from left to right.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }
}

fn check_label(label: &str) -> Result<(), HostNameError> {
    match label.len() {
        0 => Err(HostNameError::EmptyLabel),
        length if length > MAX_LABEL => Err(HostNameError::LongLabel(length)),
        _ if label.starts_with('-') || label.ends_with('-') => Err(HostNameError::Hyphen),
        _ => Ok(()),
    }
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_NAME {
            return Err(HostNameError::Long(text.len()));
        }
        if let Some(other) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '.')) {
            return Err(HostNameError::Character(other));
        }
        text.split('.').try_for_each(check_label)?;
        let (_, last) = text.rsplit_once('.').ok_or(HostNameError::SingleLabel)?;
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(HostNameError::Numeric);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for HostName {
    type Error = HostNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<HostName> for String {
    fn from(host: HostName) -> Self {
        host.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_is_named() {
        let long = "a".repeat(64);
        let table = [
            ("", HostNameError::EmptyLabel),
            ("localhost", HostNameError::SingleLabel),
            (".gov.vn", HostNameError::EmptyLabel),
            ("gov.vn.", HostNameError::EmptyLabel),
            ("BaTo.gov.vn", HostNameError::Character('B')),
            ("ba to.gov.vn", HostNameError::Character(' ')),
            ("-bato.gov.vn", HostNameError::Hyphen),
            ("bato-.gov.vn", HostNameError::Hyphen),
            ("127.0.0.1", HostNameError::Numeric),
            (&format!("{long}.vn"), HostNameError::LongLabel(64)),
            (&"ab.".repeat(90), HostNameError::Long(270)),
        ];
        for (text, error) in table {
            assert_eq!(text.parse::<HostName>(), Err(error), "{text}");
        }
        assert!(format!("{}.vn", "a".repeat(63)).parse::<HostName>().is_ok());
        assert!(serde_json::from_str::<HostName>("\"Bato.gov.vn\"").is_err());
    }
}
