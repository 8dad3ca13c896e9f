use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The electronic identifier of an agency (mã định danh điện tử), from the uppermost group to the lowest: `H56.1.2`
/// (Decision 20/2020/QĐ-TTg, article 4).
///
/// The older spelling (Circular 10/2016/TT-BTTTT, QCVN 102:2016) turns the groups round and fills them with zeros,
/// `000.02.01.H56`; both are in circulation, and both are read. Two identifiers are equal when they name the same agency,
/// zeros in front of a number or not. Identifiers of enterprises and of others (articles 5 and 6) are none of these.
#[derive(Debug, Clone)]
pub struct AgencyIdentifier {
    written: String,
    key: String,
}

/// A text that is no identifier of an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an agency's identifier is H56.1.2, or 000.02.01.H56 in the older spelling: 35 characters of A-Z, 0-9 and dots at most"
)]
pub struct AgencyIdentifierError;

/// Characters at most (article 4).
const MAX_LEN: usize = 35;

/// Digits of the groups of the older spelling, below the uppermost.
const OLD_WIDTHS: [usize; 3] = [2, 2, 3];

impl AgencyIdentifier {
    /// The identifier from left to right, the groups as they were written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// What equal identifiers have in common, for the database.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The older spelling, where the identifier fits into it.
    pub fn older(&self) -> Option<String> {
        let mut groups = self.key.split('.');
        let first = groups.next()?.to_owned();
        let mut turned = vec![first];
        for width in OLD_WIDTHS {
            let group = groups.next().unwrap_or("0");
            let is_number = group.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || group.len() > width {
                return None;
            }
            turned.push(format!("{group:0>width$}"));
        }
        turned.reverse();
        groups.next().is_none().then(|| turned.join("."))
    }
}

impl FromStr for AgencyIdentifier {
    type Err = AgencyIdentifierError;

    fn from_str(text: &str) -> Result<Self, AgencyIdentifierError> {
        let text = text.trim().to_ascii_uppercase();
        let is_group = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mut groups: Vec<&str> = text.split('.').collect();
        if text.len() > MAX_LEN || !groups.iter().all(|group| is_group(group)) {
            return Err(AgencyIdentifierError);
        }
        if !groups.first().is_some_and(|group| is_uppermost(group)) {
            groups.reverse();
            if !groups.first().is_some_and(|group| is_uppermost(group)) {
                return Err(AgencyIdentifierError);
            }
            // Zeros at the end of the older spelling mean the agency above itself.
            while groups.last().is_some_and(|group| without_zeros(group) == "0") {
                groups.pop();
            }
        }
        let key: Vec<&str> = groups.iter().map(|group| without_zeros(group)).collect();
        Ok(Self { written: groups.join("."), key: key.join(".") })
    }
}

/// A letter from A to Y and two digits.
fn is_uppermost(group: &str) -> bool {
    matches!(group.as_bytes(), [b'A'..=b'Y', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// A number without zeros in front; anything else as it is.
fn without_zeros(group: &str) -> &str {
    if !group.bytes().all(|byte| byte.is_ascii_digit()) {
        return group;
    }
    let number = group.trim_start_matches('0');
    if number.is_empty() { "0" } else { number }
}

impl PartialEq for AgencyIdentifier {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for AgencyIdentifier {}

impl Hash for AgencyIdentifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for AgencyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> AgencyIdentifier {
        text.parse().unwrap()
    }

    #[test]
    fn both_spellings_are_one_identifier() {
        let table = [
            ("000.00.00.H49", "H49", "H49"),
            ("000.00.01.H56", "H56.01", "H56.1"),
            ("002.03.01.H56", "H56.01.03.002", "H56.1.3.2"),
            ("000.00.53.h48", "H48.53", "H48.53"),
            ("005.00.01.H56", "H56.01.00.005", "H56.1.0.5"),
            ("H56.01.2", "H56.01.2", "H56.1.2"),
            (" H27 ", "H27", "H27"),
            ("H27.A1.7", "H27.A1.7", "H27.A1.7"),
        ];
        for (text, written, key) in table {
            let identifier = read(text);
            assert_eq!((identifier.as_str(), identifier.key()), (written, key), "{text}");
        }
        assert_eq!(read("000.02.01.H56"), read("H56.1.2"));
        assert_ne!(read("000.00.12.H56"), read("H56.1.2"));
    }

    #[test]
    fn the_older_spelling_is_told_where_there_is_one() {
        let older = |text: &str| read(text).older();
        assert_eq!(older("H49").as_deref(), Some("000.00.00.H49"));
        assert_eq!(older("H56.1.2").as_deref(), Some("000.02.01.H56"));
        for without in ["H56.101", "H56.A1", "H56.1.2.3.4", "H56.1.2.1000"] {
            assert_eq!(older(without), None, "{without}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("H56.{}", "1".repeat(32));
        for text in ["", "H5", "Z56", "H56.", ".H56", "H56..1", "H56-1", "2801234567", "56.H", "H56.đ", &long] {
            assert!(text.parse::<AgencyIdentifier>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_older_spelling_reads_back_as_the_same(groups in proptest::collection::vec(0_u32..100, 0..4)) {
            let text = std::iter::once("H42".to_owned()).chain(groups.iter().map(ToString::to_string));
            let text = text.collect::<Vec<_>>().join(".");
            let trailing = groups.last() == Some(&0);
            let identifier = read(&text);
            if let Some(older) = identifier.older().filter(|_| !trailing) {
                prop_assert_eq!(read(&older), identifier);
            }
        }
    }
}
