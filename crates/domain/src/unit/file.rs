//! The national list of units as a CSV table: `code,kind,name,full_name,name_en,province_code,predecessors`.

use std::io::Read;

use super::{Level, UnitCode, UnitKind};
use crate::text::spelling;
use crate::text::table::{self, Row, RowError, Table, TableError, noted};

const COLUMNS: &[&str] = &["code", "kind", "name", "full_name", "name_en", "province_code", "predecessors"];

/// One unit of the list. All text is in normal form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// Official code; its level agrees with `kind`.
    pub code: UnitCode,
    /// Kind of unit.
    pub kind: UnitKind,
    /// Name without the kind: `Ba Tơ`.
    pub name: String,
    /// Name with the kind: `Xã Ba Tơ`.
    pub full_name: String,
    /// English name; empty when the list has none.
    pub name_en: String,
    /// The province of a district or commune; `None` exactly for provinces.
    pub province_code: Option<UnitCode>,
    /// Which units it was made of, in words, for [`super::lineage::parse`]; empty when the list does not say.
    pub lineage_text: String,
}

/// Reads the list. Rows that break a rule are reported with line and column; the others are kept, in file order.
///
/// # Errors
/// [`TableError`] when the header is another one or the source fails.
pub fn read(source: impl Read) -> Result<Table<UnitRecord>, TableError> {
    table::read(source, COLUMNS, parse_row)
}

fn parse_row(row: &Row<'_>) -> Result<UnitRecord, Vec<RowError>> {
    let mut errors = Vec::new();
    let code = noted(&mut errors, row.parse::<UnitCode>("code"));
    let kind = code.and_then(|code| noted(&mut errors, kind_of(row, code)));
    let name = noted(&mut errors, row.required("name"));
    let full_name = noted(&mut errors, row.required("full_name"));
    let province_code = code.and_then(|code| noted(&mut errors, province_of(row, code)));
    let (Some(code), Some(kind), Some(name), Some(full_name), Some(province_code)) =
        (code, kind, name, full_name, province_code)
    else {
        return Err(errors);
    };
    if spelling(&full_name) != spelling(&format!("{kind} {name}")) {
        return Err(vec![row.invalid("full_name", &"the full name is the kind and the name")]);
    }
    let (name_en, lineage_text) = (row.text("name_en"), row.text("predecessors"));
    Ok(UnitRecord { code, kind, name, full_name, name_en, province_code, lineage_text })
}

fn kind_of(row: &Row<'_>, code: UnitCode) -> Result<UnitKind, RowError> {
    let label = row.required("kind")?;
    UnitKind::parse(&label, code.level()).map_err(|error| row.invalid("kind", &error))
}

fn province_of(row: &Row<'_>, code: UnitCode) -> Result<Option<UnitCode>, RowError> {
    let province = row.parse_optional::<UnitCode>("province_code")?;
    let fits = match code.level() {
        Level::Province => province.is_none(),
        Level::District | Level::Commune => province.is_some_and(|above| above.level() == Level::Province),
    };
    let rule = "a province code (2 digits) for every unit below a province, and only there";
    if fits { Ok(province) } else { Err(row.invalid("province_code", &rule)) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashSet;
    use std::fs::File;
    use std::path::{Path, PathBuf};

    use super::*;

    /// A file of the data folder that may lie beside the checkout; `None` where it does not.
    pub(crate) fn shared_data(name: &str) -> Option<PathBuf> {
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        crate_dir.ancestors().map(|dir| dir.join("shared/data").join(name)).find(|path| path.is_file())
    }

    /// Every unit of the real list, or nothing where the list is absent.
    pub(crate) fn real_units() -> Option<Vec<UnitRecord>> {
        let table = read(File::open(shared_data("units.csv")?).unwrap()).unwrap();
        assert_eq!(table.errors, []);
        Some(table.rows)
    }

    #[test]
    fn the_national_list_is_read_without_loss() {
        let Some(units) = real_units() else { return };
        let count = |level| units.iter().filter(|unit| unit.code.level() == level).count();
        assert_eq!((count(Level::Province), count(Level::Commune)), (34, 3321));
        let of_kind = |kind| units.iter().filter(|unit| unit.kind == kind).count();
        assert_eq!(
            [UnitKind::Commune, UnitKind::Ward, UnitKind::SpecialZone, UnitKind::Province, UnitKind::CentralCity]
                .map(of_kind),
            [2611, 697, 13, 27, 7]
        );
        assert_eq!(units.iter().map(|unit| unit.code).collect::<HashSet<_>>().len(), units.len());
        assert_eq!(units.iter().filter(|unit| unit.lineage_text.is_empty()).count(), 14);
        let in_province = |code: &str| units.iter().filter(|u| u.province_code == code.parse().ok()).count();
        assert_eq!(["38", "42", "51"].map(in_province), [166, 69, 96]);
    }

    #[test]
    fn every_broken_rule_of_a_row_is_reported() {
        let text = "code,kind,name,full_name,name_en,province_code,predecessors\n\
            51,tỉnh,Quảng Ngãi,Tỉnh Quảng Ngãi,Quang Ngai,,\n\
            2148,xã,,Xã Ba Tơ,,51,\n\
            21484,tỉnh,Ba Tơ,Xã Ba Tơ,,,\n\
            21485,xã,Ba Tơ,Phường Ba Tơ,,51,\n\
            52,Tỉnh,Gia Lai,tỉnh Gia Lai,,51,\n";
        let table = read(text.as_bytes()).unwrap();
        assert_eq!(table.rows.len(), 1);
        let places: Vec<_> = table.errors.iter().map(|error| (error.line, error.field)).collect();
        assert_eq!(
            places,
            [(3, "code"), (3, "name"), (4, "kind"), (4, "province_code"), (5, "full_name"), (6, "province_code")]
        );
    }
}
