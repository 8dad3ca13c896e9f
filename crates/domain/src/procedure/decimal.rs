//! Exact decimal numbers, as the portal prints amounts and times. Never floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A non-negative exact number; in JSON a string such as `"200000"` or `"10.5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    /// The number times ten to the power of `scale`.
    units: u64,
    /// Digits after the decimal point; the last of them is never 0.
    scale: u8,
}

/// A text that is not a number in the canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number such as 200000 or 10.5")]
pub struct DecimalError(String);

impl Decimal {
    /// A whole number.
    pub const fn from_integer(units: u64) -> Self {
        Self { units, scale: 0 }
    }

    /// Reads a number as people and portals write it: `8,000`, `1.200.000`, `0,5`, `2,500.75`. A separator that groups by
    /// three separates thousands (`7.000` is seven thousand); any other is the decimal point. `None` for other texts and
    /// for more than 19 digits.
    pub fn read(text: &str) -> Option<Self> {
        let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
        let last = separators.last().copied();
        match last {
            None => Self::from_parts(text, ""),
            Some('.' | ',') if is_grouped(text) => Self::from_parts(text, ""),
            Some(point @ ('.' | ',')) if separators.iter().filter(|c| **c == point).count() == 1 => {
                let (whole, fraction) = text.rsplit_once(point)?;
                (separators.len() == 1 || is_grouped(whole)).then(|| Self::from_parts(whole, fraction))?
            }
            Some(_) => None,
        }
    }

    /// The whole number, if there is no fraction.
    pub const fn as_integer(self) -> Option<u64> {
        if self.scale == 0 { Some(self.units) } else { None }
    }

    /// Whether this is nought.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    fn from_parts(whole: &str, fraction: &str) -> Option<Self> {
        let fraction = fraction.trim_end_matches('0');
        let digits: String = whole.chars().filter(char::is_ascii_digit).chain(fraction.chars()).collect();
        let has_whole = whole.starts_with(|c: char| c.is_ascii_digit());
        let units = digits.parse().ok().filter(|_| has_whole)?;
        Some(Self { units, scale: u8::try_from(fraction.len()).ok()? })
    }
}

/// One separator throughout, one to three digits before the first, three after each, and no leading 0.
fn is_grouped(text: &str) -> bool {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else { return false };
    let mut groups = text.split(separator);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits_only = [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        digits_only.then(|| Self::from_parts(whole, fraction)).flatten().ok_or_else(|| DecimalError(text.to_owned()))
    }
}

impl TryFrom<String> for Decimal {
    type Error = DecimalError;

    fn try_from(text: String) -> Result<Self, DecimalError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0width$}", self.units, width = scale + 1);
        match digits.split_at_checked(digits.len() - scale) {
            Some((whole, fraction)) if !fraction.is_empty() => write!(f, "{whole}.{fraction}"),
            _ => f.write_str(&digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_in_every_spelling_of_the_data() {
        let cases = [
            ("10", Some("10")),
            ("8,000", Some("8000")),
            ("1,200,000", Some("1200000")),
            ("1.200.000", Some("1200000")),
            ("7.000", Some("7000")),
            ("0,5", Some("0.5")),
            ("0.500", Some("0.5")),
            ("10.50", Some("10.5")),
            ("2,500.75", Some("2500.75")),
            ("1.234.567,8", Some("1234567.8")),
            ("0", Some("0")),
            ("1,23,456", None),
            ("1,234.567.890", None),
            ("12a", None),
            ("", None),
            (".5", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Decimal::read(text).map(|number| number.to_string()).as_deref(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_number_survives_its_json(units in any::<u64>(), scale in 0u32..6) {
            let text = if scale == 0 { units.to_string() } else {
                let power = 10u64.pow(scale);
                format!("{}.{:0width$}", units / power, units % power, width = scale as usize)
            };
            let number: Decimal = text.parse().unwrap();
            let again: Decimal = serde_json::from_str(&serde_json::to_string(&number).unwrap()).unwrap();
            prop_assert_eq!(again, number);
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in "\\PC*") {
            let _ = Decimal::read(&text);
            let _ = text.parse::<Decimal>();
        }
    }
}
