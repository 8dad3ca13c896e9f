//! The catalogue as a CSV table:
//! `code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes`.

use std::io::Read;

use super::{AfterEvent, Basis, Levels, MaxStale, TopicCode};
use crate::text::table::{self, Row, RowError, Table, TableError, noted};

const COLUMNS: &[&str] =
    &["code", "name_vi", "name_en", "levels", "legal_basis", "after_event", "basis_kind", "max_stale_days", "notes"];

/// The columns of a province's own topics.
const OWN_COLUMNS: &[&str] = &[
    "code",
    "parent",
    "name_vi",
    "name_en",
    "levels",
    "legal_basis",
    "after_event",
    "basis_kind",
    "max_stale_days",
    "notes",
];

/// One topic of the catalogue. All text is in normal form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRecord {
    /// Code.
    pub code: TopicCode,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Whose obligation it is.
    pub levels: Levels,
    /// Citations, as written: `NĐ224 Đ9k1b,c; TCTT Đ19k1đ`.
    pub legal_basis: String,
    /// How soon after the event.
    pub after_event: AfterEvent,
    /// Where the number comes from.
    pub basis: Basis,
    /// When the topic counts as stale.
    pub max_stale: MaxStale,
    /// Remarks; may be empty.
    pub notes: String,
}

/// Reads the catalogue. Rows that break a rule are reported with line and column; the others are kept, in file order.
///
/// # Errors
/// [`TableError`] when the header is another one or the source fails.
pub fn read(source: impl Read) -> Result<Table<TopicRecord>, TableError> {
    table::read(source, COLUMNS, parse_row)
}

/// Reads the topics that a province adds: the same columns and `parent`, the code of the national topic of which it is a
/// part, or nothing.
///
/// # Errors
/// As [`read`].
pub fn read_own(source: impl Read) -> Result<Table<(TopicRecord, Option<TopicCode>)>, TableError> {
    table::read(source, OWN_COLUMNS, |row| {
        let parent = row.parse_optional("parent");
        match (parse_row(row), parent) {
            (Ok(record), Ok(parent)) => Ok((record, parent)),
            (record, parent) => Err(record.err().into_iter().flatten().chain(parent.err()).collect()),
        }
    })
}

fn parse_row(row: &Row<'_>) -> Result<TopicRecord, Vec<RowError>> {
    let mut errors = Vec::new();
    let code = noted(&mut errors, row.parse("code"));
    let names = noted(&mut errors, row.required("name_vi")).zip(noted(&mut errors, row.required("name_en")));
    let levels = noted(&mut errors, row.parse("levels"));
    let after_event = noted(&mut errors, row.parse("after_event"));
    let basis = noted(&mut errors, basis(row));
    let max_stale = noted(&mut errors, row.parse("max_stale_days"));
    let (Some(code), Some((name_vi, name_en)), Some(levels), Some(after_event), Some(basis), Some(max_stale)) =
        (code, names, levels, after_event, basis, max_stale)
    else {
        return Err(errors);
    };
    let (legal_basis, notes) = (row.text("legal_basis"), row.text("notes"));
    Ok(TopicRecord { code, name_vi, name_en, levels, legal_basis, after_event, basis, max_stale, notes })
}

/// Whether a rule may be loosened hangs on its basis, so an unknown one is an error and not merely left unparsed.
fn basis(row: &Row<'_>) -> Result<Basis, RowError> {
    let basis: Basis = row.parse("basis_kind")?;
    let rule = "one of L, F, H, R, D, each with (T), (X), (H) or (text), joined by /";
    if basis.clauses.is_empty() { Err(row.invalid("basis_kind", &rule)) } else { Ok(basis) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;
    use std::fs::File;

    use super::*;
    use crate::text::nfc;
    use crate::topic::BasisKind;
    use crate::unit::Level;
    use crate::unit::file::tests::shared_data;

    /// Every topic of the real catalogue, or nothing where it is absent.
    pub(crate) fn real_topics() -> Option<Vec<TopicRecord>> {
        let table = read(File::open(shared_data("topics.csv")?).unwrap()).unwrap();
        assert_eq!(table.errors, []);
        Some(table.rows)
    }

    fn verbatim(topic: &TopicRecord) -> [String; 9] {
        [
            topic.code.to_string(),
            topic.name_vi.clone(),
            topic.name_en.clone(),
            topic.levels.to_string(),
            topic.legal_basis.clone(),
            topic.after_event.verbatim.clone(),
            topic.basis.verbatim.clone(),
            topic.max_stale.verbatim.clone(),
            topic.notes.clone(),
        ]
    }

    #[test]
    fn every_cell_of_the_real_catalogue_can_be_had_back() {
        let Some(topics) = real_topics() else { return };
        assert_eq!(topics.len(), 60);
        let mut reader = csv::Reader::from_path(shared_data("topics.csv").unwrap()).unwrap();
        for (topic, record) in topics.iter().zip(reader.records()) {
            let cells: Vec<String> = record.unwrap().iter().map(|cell| nfc(cell).into_owned()).collect();
            assert_eq!(verbatim(topic).to_vec(), cells);
        }
    }

    #[test]
    fn the_real_catalogue_is_understood_as_far_as_it_is_simple() {
        let Some(topics) = real_topics() else { return };
        let count = |level| topics.iter().filter(|topic| topic.levels.contains(level)).count();
        assert_eq!((count(Level::Province), count(Level::Commune), count(Level::District)), (51, 57, 26));
        let codes =
            |of: fn(&TopicRecord) -> bool| topics.iter().filter(|t| of(t)).map(|t| t.code.as_str()).collect::<Vec<_>>();
        let without_delay = [
            "tt.tin",
            "tt.lich",
            "tt.chuyen-trang",
            "vb.du-thao",
            "tthc.bo",
            "tthc.dvctt",
            "dc.ke-hoach",
            "dc.danh-sach",
            "tctt.danh-muc",
            "tg.hoi-dap",
            "ht.an-toan",
        ];
        assert_eq!(codes(|topic| topic.after_event.delay.is_none()), without_delay);
        let without_age = [
            "tt.tin",
            "tt.khau-hieu",
            "tt.chuyen-trang",
            "vb.du-thao",
            "dc.cuu-tro",
            "dc.lay-y-kien",
            "tg.hoi-dap",
            "tg.kien-nghi",
            "tg.dinh-chinh",
            "ht.tam-ngung",
            "ht.an-toan",
        ];
        assert_eq!(codes(|topic| topic.max_stale.days.is_none()), without_age);
    }

    #[test]
    fn single_real_topics_read_as_the_law_says() {
        let Some(topics) = real_topics() else { return };
        let by_code: HashMap<&str, &TopicRecord> = topics.iter().map(|topic| (topic.code.as_str(), topic)).collect();
        let reception = by_code["tt.tiep-dan"];
        assert_eq!(reception.after_event.delay.unwrap().amount, -5);
        assert_eq!(reception.basis.at(Level::Commune), Some(BasisKind::Law));
        assert_eq!(by_code["ns.thuc-hien"].max_stale.days, Some(107));
    }

    #[test]
    fn a_provinces_own_topic_may_stand_below_a_national_one() {
        let text = "code,parent,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes\n\
            ht.bien,tt.tin,Kinh tế biển,Maritime economy,T X,,none,D,30,\n\
            ht.rung,,Rừng,Forest,X,,none,D,30,\n\
            ht.sai,tin,Sai,Wrong,Z,,none,D,30,\n";
        let table = read_own(text.as_bytes()).unwrap();
        let parents: Vec<_> = table.rows.iter().map(|(own, above)| (own.code.as_str(), above.as_ref())).collect();
        assert_eq!(parents, [("ht.bien", Some(&"tt.tin".parse().unwrap())), ("ht.rung", None)]);
        assert_eq!(table.errors.iter().map(|error| error.field).collect::<Vec<_>>(), ["levels", "parent"]);
    }

    #[test]
    fn every_broken_rule_of_a_row_is_reported() {
        let text = "code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes\n\
            ns,Ngân sách,Budget,T Z,,,Q,30,\n\
            ns.quy,Quỹ,Funds,X,,5 wd,L,180,\n";
        let table = read(text.as_bytes()).unwrap();
        assert_eq!(table.rows.len(), 1);
        let places: Vec<_> = table.errors.iter().map(|error| (error.line, error.field)).collect();
        assert_eq!(places, [(2, "code"), (2, "levels"), (2, "after_event"), (2, "basis_kind")]);
    }
}
