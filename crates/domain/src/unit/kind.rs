use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::nfc;

/// Level of government. Districts exist in history only (until 30/06/2025).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Cấp tỉnh.
    Province,
    /// Cấp huyện.
    District,
    /// Cấp xã.
    Commune,
}

impl Level {
    /// From the top down.
    pub const ALL: [Self; 3] = [Self::Province, Self::District, Self::Commune];
}

/// Kind of unit, as laws name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Thành phố trực thuộc trung ương.
    CentralCity,
    /// Tỉnh.
    Province,
    /// Huyện.
    RuralDistrict,
    /// Quận.
    UrbanDistrict,
    /// Thị xã.
    Town,
    /// Thành phố thuộc tỉnh.
    ProvincialCity,
    /// Xã.
    Commune,
    /// Phường.
    Ward,
    /// Thị trấn (until 30/06/2025).
    Township,
    /// Đặc khu (since 01/07/2025).
    SpecialZone,
}

/// No kind of unit at the wanted level has this label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no kind of unit at this level: {0:?}")]
pub struct UnknownKind(pub String);

impl UnitKind {
    /// Every kind, from the top down.
    pub const ALL: [Self; 10] = [
        Self::CentralCity,
        Self::Province,
        Self::RuralDistrict,
        Self::UrbanDistrict,
        Self::Town,
        Self::ProvincialCity,
        Self::Commune,
        Self::Ward,
        Self::Township,
        Self::SpecialZone,
    ];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CentralCity => "central_city",
            Self::Province => "province",
            Self::RuralDistrict => "rural_district",
            Self::UrbanDistrict => "urban_district",
            Self::Town => "town",
            Self::ProvincialCity => "provincial_city",
            Self::Commune => "commune",
            Self::Ward => "ward",
            Self::Township => "township",
            Self::SpecialZone => "special_zone",
        }
    }

    /// Reads [`UnitKind::as_str`].
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The level this kind belongs to.
    pub fn level(self) -> Level {
        match self {
            Self::CentralCity | Self::Province => Level::Province,
            Self::RuralDistrict | Self::UrbanDistrict | Self::Town | Self::ProvincialCity => Level::District,
            Self::Commune | Self::Ward | Self::Township | Self::SpecialZone => Level::Commune,
        }
    }

    /// The Vietnamese word in lower case. "Thành phố" names two kinds, of different levels.
    pub fn label(self) -> &'static str {
        match self {
            Self::CentralCity | Self::ProvincialCity => "thành phố",
            Self::Province => "tỉnh",
            Self::RuralDistrict => "huyện",
            Self::UrbanDistrict => "quận",
            Self::Town => "thị xã",
            Self::Commune => "xã",
            Self::Ward => "phường",
            Self::Township => "thị trấn",
            Self::SpecialZone => "đặc khu",
        }
    }

    /// The Vietnamese word as it begins a full name: `Thị trấn`.
    pub fn title(self) -> String {
        let mut letters = self.label().chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }

    /// The kind of a level that has this label, whatever its case or normal form.
    ///
    /// # Errors
    /// [`UnknownKind`] when there is none; a label of another level counts as none.
    pub fn parse(label: &str, level: Level) -> Result<Self, UnknownKind> {
        let wanted = plain(label);
        Self::ALL
            .into_iter()
            .find(|kind| kind.level() == level && kind.label() == wanted)
            .ok_or_else(|| UnknownKind(label.to_owned()))
    }

    /// Splits a full name (`Xã Ba Tơ`, `thị trấn Diên Khánh`, any normal form) into the kind, found at one of `levels`,
    /// and the name in normal form C. `None` when it does not begin with a kind or nothing follows it.
    pub fn split_full_name(full_name: &str, levels: &[Level]) -> Option<(Self, String)> {
        let full_name = nfc(full_name);
        let words: Vec<&str> = full_name.split_whitespace().collect();
        [2, 1].into_iter().find_map(|length| {
            let (label, name) = words.split_at_checked(length)?;
            let label = label.join(" ");
            let kind = levels.iter().find_map(|level| Self::parse(&label, *level).ok())?;
            (!name.is_empty()).then(|| (kind, name.join(" ")))
        })
    }
}

/// Lower case in normal form C, single spaces, eth (typed for đ) put right.
fn plain(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    nfc(&words.join(" ")).to_lowercase().replace('ð', "đ")
}

impl fmt::Display for UnitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_label_parses_back_at_its_level_only() {
        for kind in UnitKind::ALL {
            let shouted: String = kind.label().to_uppercase().nfd().collect();
            assert_eq!(UnitKind::parse(&shouted, kind.level()), Ok(kind));
            assert_eq!(UnitKind::parse(&kind.title(), kind.level()), Ok(kind));
        }
        assert_eq!(UnitKind::parse(" Ðặc  khu ", Level::Commune), Ok(UnitKind::SpecialZone));
        assert!(UnitKind::parse("xã", Level::Province).is_err());
        assert!(UnitKind::parse("xa", Level::Commune).is_err());
    }

    #[test]
    fn the_same_word_is_another_kind_at_another_level() {
        assert_eq!(UnitKind::parse("thành phố", Level::Province), Ok(UnitKind::CentralCity));
        assert_eq!(UnitKind::parse("Thành phố", Level::District), Ok(UnitKind::ProvincialCity));
    }

    #[test]
    fn full_names_split_into_kind_and_name() {
        let below = [Level::District, Level::Commune];
        let table = [
            ("Xã Ba Tơ", Some((UnitKind::Commune, "Ba Tơ"))),
            ("xa\u{303} Ba\u{a0} Tơ", Some((UnitKind::Commune, "Ba Tơ"))),
            ("Thị trấn Thị Trấn", Some((UnitKind::Township, "Thị Trấn"))),
            ("thị xã Đức Phổ", Some((UnitKind::Town, "Đức Phổ"))),
            ("thành phố Cà Mau", Some((UnitKind::ProvincialCity, "Cà Mau"))),
            ("Phường 12", Some((UnitKind::Ward, "12"))),
            ("Phổ Hòa", None),
            ("Xã", None),
            ("tỉnh Bến Tre", None),
        ];
        for (full_name, parts) in table {
            let expected = parts.map(|(kind, name)| (kind, name.to_owned()));
            assert_eq!(UnitKind::split_full_name(full_name, &below), expected, "{full_name}");
        }
    }
}
