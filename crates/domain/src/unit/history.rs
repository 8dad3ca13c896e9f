use std::fmt;

use chrono::NaiveDate;

use super::UnitCode;
use super::lineage::Predecessor;
use crate::text::spelling;

/// Identity of a former unit whose code is not in the data: codes are never invented, so the unit is known by the province
/// it went into, its full name and the day it ended.
///
/// The name is compared by [`spelling`]: `Xã Hoằng Hoá` and `xã Hoằng Hóa` are one unit, `Xã Ba Tơ` and `Xã Ba Tô` are two.
/// The district takes part where the text names it (`Phường 14 (Quận 10)`, `Phường 14 (Quận 5)`). Namesakes that the text
/// does not tell apart share a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HistoricKey {
    province: UnitCode,
    name: String,
    within: Option<String>,
    ended_on: NaiveDate,
}

impl HistoricKey {
    /// The key of a predecessor. `province` is the province of its successor (for a former province: the successor itself),
    /// `ended_on` its last day.
    pub fn new(province: UnitCode, predecessor: &Predecessor, ended_on: NaiveDate) -> Self {
        let within = predecessor.within.as_ref().map(|within| spelling(&within.name));
        Self { province, name: spelling(&predecessor.full_name), within, ended_on }
    }

    /// The province it went into.
    pub const fn province(&self) -> UnitCode {
        self.province
    }

    /// Its last day.
    pub const fn ended_on(&self) -> NaiveDate {
        self.ended_on
    }
}

/// The key as stored: province, spelling of the name, spelling of the district if any, last day, with bars between them.
/// Spellings hold no bar.
impl fmt::Display for HistoricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { province, name, within, ended_on } = self;
        write!(f, "{province}|{name}|{}|{ended_on}", within.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::unit::Level;
    use crate::unit::file::tests::real_units;
    use crate::unit::lineage::parse;

    const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();

    fn key(province: &str, text: &str) -> HistoricKey {
        let lineage = parse(text, Level::Commune);
        HistoricKey::new(province.parse().unwrap(), &lineage.predecessors[0], LAST_DAY)
    }

    #[test]
    fn spellings_and_parts_are_one_unit() {
        assert_eq!(key("38", "Xã Hoằng Hoá"), key("38", "xã Hoằng Hóa (một phần)"));
        assert_eq!(key("79", "Phường 13, Phường 14 (Quận 5)"), key("79", "Phường 13 (quận 5)"));
    }

    #[test]
    fn different_keys_are_stored_differently() {
        assert_eq!(key("38", "Xã Hoằng Hoá").to_string(), key("38", "xã Hoằng Hóa").to_string());
        let stored = ["Xã Ba Tơ", "Xã Ba Tô", "Phường 14 (Quận 10)", "Phường 14 (Quận 5)", "Phường 14"]
            .map(|text| key("51", text).to_string());
        assert_eq!(std::collections::BTreeSet::from(stored.clone()).len(), stored.len());
        assert!(stored.iter().all(|text| text.starts_with("51|") && text.ends_with("|2025-06-30")), "{stored:?}");
    }

    #[test]
    fn namesakes_are_told_apart() {
        assert_ne!(key("51", "Xã Ba Tơ"), key("51", "Xã Ba Tô"));
        assert_ne!(key("51", "Xã Ba Tơ"), key("48", "Xã Ba Tơ"));
        assert_ne!(key("51", "Xã Ba Tơ"), key("51", "Thị trấn Ba Tơ"));
        assert_ne!(key("79", "Phường 14 (Quận 10)"), key("79", "Phường 14 (Quận 5)"));
    }

    #[test]
    fn numbered_wards_of_the_real_list_are_divided_only_where_the_text_divides_them() {
        let Some(units) = real_units() else { return };
        let mut successors: BTreeMap<HistoricKey, Vec<String>> = BTreeMap::new();
        for unit in units.iter().filter(|unit| unit.code.level() == Level::Commune) {
            for predecessor in parse(&unit.lineage_text, Level::Commune).predecessors {
                let key = HistoricKey::new(unit.province_code.unwrap(), &predecessor, LAST_DAY);
                successors.entry(key).or_default().push(unit.full_name.clone());
            }
        }
        let divided = successors.iter().filter(|(_, new)| new.len() > 1).count();
        assert_eq!((successors.len(), divided), (9_836, 457));
        let divided_wards: Vec<(&str, &str)> = successors
            .iter()
            .filter(|(key, new)| new.len() > 1 && key.name.trim_start_matches("phương` ").parse::<u8>().is_ok())
            .map(|(key, _)| (key.name.trim_start_matches("phương` "), key.within.as_deref().unwrap_or_default()))
            .collect();
        let expected = [
            ("9", ""),
            ("14", "quân. 10"),
            ("15", "quân. 4"),
            ("15", "quân. phu' nhuân."),
            ("15", "quân. tân binh`"),
            ("16", "quân. 8"),
            ("2", "quân. 4"),
            ("4", "quân. 3"),
            ("4", "quân. 4"),
            ("5", "quân. 8"),
            ("7", "quân. 8"),
            ("8", "quân. 11"),
            ("6", ""),
            ("7", "thanh` phô' ca` mau"),
        ];
        assert_eq!(divided_wards, expected);
    }
}
