//! Agencies as a CSV table: `identifier,name,kind,unit,parent,valid_from,valid_to`.

use std::io::Read;

use chrono::NaiveDate;

use super::{AgencyIdentifier, AgencyKind};
use crate::text::table::{self, Row, RowError, Table, TableError, noted};
use crate::time::parse_day;

const COLUMNS: &[&str] = &["identifier", "name", "kind", "unit", "parent", "valid_from", "valid_to"];

/// One agency. All text is in normal form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyRecord {
    /// Its identifier, in either spelling.
    pub identifier: AgencyIdentifier,
    /// Its name, such as `Phòng Văn hóa và Thông tin`.
    pub name: String,
    /// What sort of body it is.
    pub kind: AgencyKind,
    /// The unit it belongs to, by code or slug.
    pub unit: String,
    /// The agency above it.
    pub parent: Option<AgencyIdentifier>,
    /// First day on which it existed, where known.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it existed; `None` while it does.
    pub valid_to: Option<NaiveDate>,
}

/// Reads agencies. Rows that break a rule are reported with line and column; the others are kept, in file order.
///
/// # Errors
/// [`TableError`] when the header is another one or the source fails.
pub fn read(source: impl Read) -> Result<Table<AgencyRecord>, TableError> {
    table::read(source, COLUMNS, parse_row)
}

fn parse_row(row: &Row<'_>) -> Result<AgencyRecord, Vec<RowError>> {
    let mut errors = Vec::new();
    let identifier = noted(&mut errors, row.parse("identifier"));
    let names = noted(&mut errors, row.required("name")).zip(noted(&mut errors, row.required("unit")));
    let kind = noted(&mut errors, row.parse("kind"));
    let parent = noted(&mut errors, row.parse_optional("parent"));
    let days = noted(&mut errors, day(row, "valid_from")).zip(noted(&mut errors, day(row, "valid_to")));
    if let Some((Some(from), Some(to))) = days
        && to < from
    {
        errors.push(row.invalid("valid_to", &"it lies before valid_from"));
        return Err(errors);
    }
    let (Some(identifier), Some((name, unit)), Some(kind), Some(parent), Some((valid_from, valid_to))) =
        (identifier, names, kind, parent, days)
    else {
        return Err(errors);
    };
    Ok(AgencyRecord { identifier, name, kind, unit, parent, valid_from, valid_to })
}

fn day(row: &Row<'_>, field: &'static str) -> Result<Option<NaiveDate>, RowError> {
    let text = row.text(field);
    if text.is_empty() { Ok(None) } else { parse_day(&text).map(Some).map_err(|error| row.invalid(field, &error)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_rule_of_a_row_is_reported() {
        let text = "identifier,name,kind,unit,parent,valid_from,valid_to\n\
            H27.1,Sở Nội vụ,department,42,H27,2016-01-01,\n\
            Z01,,sở,,x,1/1/2016,\n\
            H27.2,Sở Y tế,department,42,,2016-01-01,2015-12-31\n";
        let table = read(text.as_bytes()).unwrap();
        assert_eq!((table.rows.len(), table.rows[0].parent.as_ref().map(AgencyIdentifier::as_str)), (1, Some("H27")));
        let places: Vec<_> = table.errors.iter().map(|error| (error.line, error.field)).collect();
        let third = ["identifier", "name", "unit", "kind", "parent", "valid_from"].map(|field| (3, field));
        assert_eq!(places, third.into_iter().chain([(4, "valid_to")]).collect::<Vec<_>>());
    }
}
