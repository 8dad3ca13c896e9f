//! Synonyms as a CSV table: `name,topic`. Each row says to which topic a category of that name belongs.

use std::io::Read;

use super::TopicCode;
use crate::text::fold;
use crate::text::table::{self, RowError, Table, TableError, noted};

const COLUMNS: &[&str] = &["name", "topic"];

/// A name that categories have, and the topic they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// The name in normal form C. Marks, case and punctuation do not matter when it is compared.
    pub name: String,
    /// The topic.
    pub topic: TopicCode,
}

/// Reads synonyms. Rows that break a rule are reported with line and column; the others are kept, in file order.
///
/// # Errors
/// [`TableError`] when the header is another one or the source fails.
pub fn read(source: impl Read) -> Result<Table<Synonym>, TableError> {
    table::read(source, COLUMNS, |row| {
        let mut errors: Vec<RowError> = Vec::new();
        let name = noted(&mut errors, row.required("name")).filter(|name| {
            let has_letters = !fold(name).is_empty();
            if !has_letters {
                errors.push(row.invalid("name", &"it has no letter"));
            }
            has_letters
        });
        let topic = noted(&mut errors, row.parse("topic"));
        name.zip(topic).map(|(name, topic)| Synonym { name, topic }).ok_or(errors)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_name_and_a_topic() {
        let table = read("name,topic\nTin xã nhà,tt.tin\n–,tt.tin\nVăn bản,vb\n,\n".as_bytes()).unwrap();
        assert_eq!(table.rows, [Synonym { name: "Tin xã nhà".to_owned(), topic: "tt.tin".parse().unwrap() }]);
        let places: Vec<_> = table.errors.iter().map(|error| (error.line, error.field)).collect();
        assert_eq!(places, [(3, "name"), (4, "topic"), (5, "name"), (5, "topic")]);
    }
}
