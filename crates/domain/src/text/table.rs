//! Reading CSV tables whose header is known: a wrong header stops, a wrong row is reported and the rest goes on.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::io::Read;
use std::str::FromStr;

use csv::{ErrorKind, StringRecord};

use super::nfc;

/// What a table gave: every good row in file order, and every problem with its line and column.
#[derive(Debug)]
pub struct Table<T> {
    /// The rows that parsed.
    pub rows: Vec<T>,
    /// At least one entry for every row that did not.
    pub errors: Vec<RowError>,
}

/// Why a table could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The first line does not name exactly the expected columns (in any order).
    #[error("expected the columns {expected}, found {}", found.join(","))]
    Header {
        /// The columns of this kind of table.
        expected: Columns,
        /// The columns of the file.
        found: Vec<String>,
    },
    /// The source failed while being read.
    #[error("the table could not be read")]
    Read(#[from] std::io::Error),
    /// The source is no CSV.
    #[error("the table is not CSV")]
    Csv(#[from] csv::Error),
}

/// One problem in one row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {field}: {problem}")]
pub struct RowError {
    /// Line of the file on which the row begins, the header being line 1.
    pub line: u64,
    /// Column name, or `*` when the row as a whole is at fault.
    pub field: &'static str,
    /// What is wrong.
    pub problem: RowProblem,
}

/// The ways a row can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// A required value is missing.
    #[error("is empty")]
    Empty,
    /// A value is not of its type.
    #[error("{value:?} is not valid: {reason}")]
    Invalid {
        /// The value as found.
        value: String,
        /// The rule it breaks.
        reason: String,
    },
    /// The row has too many or too few values.
    #[error("has {found} values instead of {expected}")]
    Width {
        /// Number of columns.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// The bytes are not UTF-8.
    #[error("is not UTF-8")]
    Encoding,
}

/// The columns of a kind of table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Those that every table has.
    pub required: &'static [&'static str],
    /// Those that a table may leave out, see [`Row::if_stated`].
    pub optional: &'static [&'static str],
}

impl From<&'static [&'static str]> for Columns {
    fn from(required: &'static [&'static str]) -> Self {
        Self { required, optional: &[] }
    }
}

impl Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.required.join(","))?;
        if self.optional.is_empty() { Ok(()) } else { write!(f, " and any of {}", self.optional.join(",")) }
    }
}

/// Reads a table. All required columns have to be there, and none beside the optional ones, in any order; a byte-order
/// mark is skipped.
///
/// # Errors
/// [`TableError`] when the header is another one or the source fails. Wrong rows are in [`Table::errors`].
pub fn read<R, T, F>(source: R, columns: impl Into<Columns>, parse: F) -> Result<Table<T>, TableError>
where
    R: Read,
    F: Fn(&Row<'_>) -> Result<T, Vec<RowError>>,
{
    let bytes = read_all(source)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let places = header(columns.into(), reader.headers()?)?;
    let mut table = Table { rows: Vec::new(), errors: Vec::new() };
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(table),
            Ok(true) => {
                let row = Row { record: &record, places: &places, bytes: &bytes };
                match row.of_width(places.len()).and_then(&parse) {
                    Ok(value) => table.rows.push(value),
                    Err(errors) => table.errors.extend(errors),
                }
            }
            Err(error) => table.errors.push(encoding_error(&bytes, error)?),
        }
    }
}

fn read_all(mut source: impl Read) -> Result<Vec<u8>, TableError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    Ok(bytes.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec).unwrap_or(bytes))
}

fn header(columns: Columns, found: &StringRecord) -> Result<HashMap<&'static str, usize>, TableError> {
    let all = columns.required.iter().chain(columns.optional);
    let places: HashMap<_, _> = all
        .filter_map(|column| found.iter().position(|name| name.trim() == *column).map(|place| (*column, place)))
        .collect();
    if places.len() == found.len() && columns.required.iter().all(|column| places.contains_key(column)) {
        return Ok(places);
    }
    Err(TableError::Header { expected: columns, found: found.iter().map(str::to_owned).collect() })
}

/// The reader goes on after a row of wrong bytes; any other failure is final.
fn encoding_error(bytes: &[u8], error: csv::Error) -> Result<RowError, TableError> {
    match error.kind() {
        ErrorKind::Utf8 { pos, .. } => {
            Ok(RowError { line: line_at(bytes, pos.as_ref()), field: "*", problem: RowProblem::Encoding })
        }
        _ => Err(error.into()),
    }
}

/// The reader's own line number is one short in files with CRLF, because it stops between the two; so lines are counted
/// here, up to the first byte of the row's text.
fn line_at(bytes: &[u8], position: Option<&csv::Position>) -> u64 {
    let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let (before, rest) = bytes.split_at_checked(start).unwrap_or((bytes, &[]));
    let terminators = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let breaks = before.iter().chain(terminators).filter(|byte| **byte == b'\n').count();
    u64::try_from(breaks).map_or(u64::MAX, |breaks| breaks.saturating_add(1))
}

/// One row while it is being parsed.
#[derive(Debug)]
pub struct Row<'a> {
    record: &'a StringRecord,
    places: &'a HashMap<&'static str, usize>,
    bytes: &'a [u8],
}

impl Row<'_> {
    /// The value of a column, trimmed, in normal form C; empty when the cell is.
    pub fn text(&self, field: &'static str) -> String {
        nfc(self.raw(field)).into_owned()
    }

    /// As [`Row::text`], but the cell must not be empty.
    ///
    /// # Errors
    /// [`RowProblem::Empty`].
    pub fn required(&self, field: &'static str) -> Result<String, RowError> {
        let text = self.text(field);
        if text.is_empty() { Err(self.error(field, RowProblem::Empty)) } else { Ok(text) }
    }

    /// The value of a column as a domain value.
    ///
    /// # Errors
    /// [`RowProblem::Empty`], or [`RowProblem::Invalid`] with the reason the type gives.
    pub fn parse<V>(&self, field: &'static str) -> Result<V, RowError>
    where
        V: FromStr,
        V::Err: Display,
    {
        let text = self.required(field)?;
        text.parse().map_err(|reason: V::Err| self.invalid(field, &reason))
    }

    /// As [`Row::parse`], with `None` for an empty cell.
    ///
    /// # Errors
    /// [`RowProblem::Invalid`] with the reason the type gives.
    pub fn parse_optional<V>(&self, field: &'static str) -> Result<Option<V>, RowError>
    where
        V: FromStr,
        V::Err: Display,
    {
        if self.raw(field).is_empty() { Ok(None) } else { self.parse(field).map(Some) }
    }

    /// What `read` makes of a column that the table may leave out; `None` when it does.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn if_stated<V>(
        &self,
        field: &'static str,
        read: impl FnOnce(&Self, &'static str) -> Result<V, RowError>,
    ) -> Result<Option<V>, RowError> {
        self.places.contains_key(field).then(|| read(self, field)).transpose()
    }

    /// Line of the file on which the row begins, the header being line 1.
    pub fn line(&self) -> u64 {
        line_at(self.bytes, self.record.position())
    }

    /// A finding of the caller about a column.
    pub fn invalid(&self, field: &'static str, reason: &impl Display) -> RowError {
        self.error(field, RowProblem::Invalid { value: self.raw(field).to_owned(), reason: reason.to_string() })
    }

    fn raw(&self, field: &'static str) -> &str {
        self.places.get(field).and_then(|place| self.record.get(*place)).unwrap_or_default().trim()
    }

    fn error(&self, field: &'static str, problem: RowProblem) -> RowError {
        RowError { line: self.line(), field, problem }
    }

    fn of_width(&self, expected: usize) -> Result<&Self, Vec<RowError>> {
        let found = self.record.len();
        if found == expected { Ok(self) } else { Err(vec![self.error("*", RowProblem::Width { expected, found })]) }
    }
}

/// Takes a value out, or notes its error and goes on, so that one row reports all its problems.
pub(crate) fn noted<V>(errors: &mut Vec<RowError>, value: Result<V, RowError>) -> Option<V> {
    value.map_err(|error| errors.push(error)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["code", "name"];

    fn read_bytes(bytes: &[u8]) -> Result<Table<(u32, String)>, TableError> {
        read(bytes, COLUMNS, |row| {
            let mut errors = Vec::new();
            let code = noted(&mut errors, row.parse::<u32>("code"));
            let name = noted(&mut errors, row.required("name"));
            code.zip(name).ok_or(errors)
        })
    }

    #[test]
    fn wrong_rows_are_reported_with_their_line_and_do_not_stop_the_rest() {
        let table = read_bytes(b"code,name\r\n1,\"a\nb\"\r\nx,\r\n3\r\n4,\xff\r\n5,c\r\n").unwrap();
        assert_eq!(table.rows, [(1, "a\nb".to_owned()), (5, "c".to_owned())]);
        let errors: Vec<String> = table.errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "line 4, code: \"x\" is not valid: invalid digit found in string",
                "line 4, name: is empty",
                "line 5, *: has 1 values instead of 2",
                "line 6, *: is not UTF-8",
            ]
        );
    }

    #[test]
    fn columns_may_come_in_any_order_after_a_byte_order_mark() {
        let table = read_bytes("\u{feff}name,code\n Xa\u{303} ,7\n".as_bytes()).unwrap();
        assert_eq!(table.rows, [(7, "Xã".to_owned())]);
    }

    #[test]
    fn a_column_that_may_be_left_out_is_told_from_an_empty_cell() {
        let columns = Columns { required: &["code"], optional: &["name", "note"] };
        let name = |bytes: &'static [u8]| {
            read(bytes, columns, |row| {
                row.if_stated("name", |row, field| Ok(row.text(field))).map_err(|error| vec![error])
            })
        };
        assert_eq!(name(b"code\n1\n").unwrap().rows, [None]);
        assert_eq!(name(b"name,code\n,1\nx,2\n").unwrap().rows, [Some(String::new()), Some("x".to_owned())]);
        for header in [&b"name\n"[..], b"code,code\n", b"code,nom\n"] {
            let error = name(header).unwrap_err().to_string();
            assert!(error.starts_with("expected the columns code and any of name,note, found "), "{error}");
        }
    }

    #[test]
    fn another_header_is_refused() {
        for header in ["code\n", "code,name,extra\n", "code,nom\n", ""] {
            assert!(matches!(read_bytes(header.as_bytes()), Err(TableError::Header { .. })), "{header}");
        }
    }
}
