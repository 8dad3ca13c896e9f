//! Codes of procedures: the national code `d.dddddd` and the localised form that carries an agency after it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A national procedure code such as `1.013978`: one digit, a dot, six digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureCode(String);

/// A code as local systems write it: `1.004194.000.00.00.H56` or `1.012753.H19`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalisedCode {
    /// The national part.
    pub code: ProcedureCode,
    /// The agency identifier after it, in the spelling found: `000.00.00.H56` (before 2020) or `H19` (since).
    pub agency: Option<String>,
}

/// A text that is not a procedure code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a procedure code such as 1.013978 or 1.012753.H19")]
pub struct CodeError(pub String);

/// Bytes of a national code.
const CODE_LENGTH: usize = 8;

impl ProcedureCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProcedureCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let shaped = text.len() == CODE_LENGTH
            && text.bytes().enumerate().all(|(at, byte)| if at == 1 { byte == b'.' } else { byte.is_ascii_digit() });
        if shaped { Ok(Self(text.to_owned())) } else { Err(CodeError(text.to_owned())) }
    }
}

impl FromStr for LocalisedCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let refused = || CodeError(text.to_owned());
        let (code, rest) = text.split_at_checked(CODE_LENGTH).ok_or_else(refused)?;
        let code = code.parse().map_err(|_| refused())?;
        match rest.strip_prefix('.') {
            None if rest.is_empty() => Ok(Self { code, agency: None }),
            Some(agency) if is_agency(agency) => Ok(Self { code, agency: Some(agency.to_owned()) }),
            _ => Err(refused()),
        }
    }
}

impl TryFrom<String> for ProcedureCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<ProcedureCode> for String {
    fn from(code: ProcedureCode) -> Self {
        code.0
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// At most 35 characters `[A-Z0-9.]` whose level-1 group stands first (Decision 20/2020/QĐ-TTg, article 4) or last (the
/// older Circular 10/2016/TT-BTTTT).
fn is_agency(text: &str) -> bool {
    let groups = || text.split('.');
    text.len() <= 35
        && groups().all(|group| {
            !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        })
        && (groups().next().is_some_and(is_level_one) || groups().next_back().is_some_and(is_level_one))
}

/// A letter A-Y and two digits.
fn is_level_one(group: &str) -> bool {
    matches!(group.as_bytes(), [b'A'..=b'Y', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_localised_code_is_split_into_code_and_agency() {
        let cases = [
            ("1.013978", Some(("1.013978", None))),
            ("1.004194.000.00.00.H56", Some(("1.004194", Some("000.00.00.H56")))),
            ("1.012753.H19", Some(("1.012753", Some("H19")))),
            ("1.012753.H56.1.2", Some(("1.012753", Some("H56.1.2")))),
            ("C08_XPHCDB", None),
            ("1.01397", None),
            ("1.0139780", None),
            ("1.013978.", None),
            ("1.013978.h19", None),
            ("1.013978.XYZ", None),
            ("1,013978", None),
            ("", None),
            ("1.01397ệ", None),
        ];
        for (text, expected) in cases {
            let read = text.parse::<LocalisedCode>().ok();
            let seen = read.as_ref().map(|local| (local.code.as_str(), local.agency.as_deref()));
            assert_eq!(seen, expected, "{text:?}");
        }
    }

    #[test]
    fn a_code_that_is_not_one_does_not_deserialise() {
        assert_eq!(serde_json::from_str::<ProcedureCode>("\"2.000635\"").unwrap().as_str(), "2.000635");
        assert!(serde_json::from_str::<ProcedureCode>("\"2.000635.H56\"").is_err());
    }
}
