use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Level;

/// Official code of a unit: 2 digits for a province, 3 for a district (until 30/06/2025), 5 for a commune, leading zeros
/// included (QĐ 124/2004/QĐ-TTg, QĐ 19/2025/QĐ-TTg). Ordered by level, then number.
///
/// A code alone names today's unit: codes were reused in 2025, so history needs (code, valid from).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitCode {
    level: Level,
    number: u32,
}

/// The text is not 2, 3 or 5 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a unit code is 2, 3 or 5 digits")]
pub struct UnitCodeError;

impl UnitCode {
    /// The level that the number of digits says.
    pub fn level(self) -> Level {
        self.level
    }
}

fn digits(level: Level) -> usize {
    match level {
        Level::Province => 2,
        Level::District => 3,
        Level::Commune => 5,
    }
}

impl FromStr for UnitCode {
    type Err = UnitCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let level = Level::ALL.into_iter().find(|level| digits(*level) == text.len()).ok_or(UnitCodeError)?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(UnitCodeError);
        }
        text.parse().map(|number| Self { level, number }).map_err(|_| UnitCodeError)
    }
}

impl TryFrom<String> for UnitCode {
    type Error = UnitCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<UnitCode> for String {
    fn from(code: UnitCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.number, width = digits(self.level))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_number_of_digits_is_the_level() {
        let table = [("01", Level::Province), ("001", Level::District), ("00001", Level::Commune)];
        for (text, level) in table {
            let code: UnitCode = text.parse().unwrap();
            assert_eq!((code.level(), code.to_string().as_str()), (level, text));
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in ["", "1", "0001", "000001", "+1", "-12", "1 2", "H48", "2148a", "２１"] {
            assert_eq!(text.parse::<UnitCode>(), Err(UnitCodeError), "{text}");
        }
    }

    #[test]
    fn json_keeps_leading_zeros() {
        let code: UnitCode = serde_json::from_str("\"00004\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"00004\"");
        assert!(serde_json::from_str::<UnitCode>("\"4\"").is_err());
    }

    proptest! {
        #[test]
        fn codes_round_trip(text in "[0-9]{2,3}|[0-9]{5}") {
            prop_assert_eq!(text.parse::<UnitCode>().unwrap().to_string(), text);
        }
    }
}
