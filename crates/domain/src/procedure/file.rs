//! Files of national records: one JSON object a line. A broken line is reported with its number and stops nothing.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read as _};

use serde::Serialize;

use super::record::{Field, RawRecord};
use super::report::Reason;
use super::{Parsed, Refused, parse};

/// A line longer than this is refused unread; the longest record seen has 0.3 MB.
pub const LONGEST_LINE: u64 = 8 * 1024 * 1024;

/// One line that is not blank.
#[derive(Debug)]
pub struct Line {
    /// Counted from 1, blank lines included.
    pub number: u64,
    /// The record or what is wrong with the line.
    pub record: Result<RawRecord, LineError>,
}

/// Why a line holds no record.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The source cannot be read; nothing follows this error.
    #[error("the file cannot be read")]
    Read(#[from] io::Error),
    /// Longer than [`LONGEST_LINE`]; the line is skipped.
    #[error("the line is longer than {LONGEST_LINE} bytes")]
    TooLong,
    /// Not a JSON object in UTF-8.
    #[error("the line is not a JSON object")]
    NotAnObject(#[from] serde_json::Error),
}

/// The lines of a file. Made by [`lines`].
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    number: u64,
    ended: bool,
}

/// What an import found, for people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParseReport {
    /// Procedures read.
    pub records: usize,
    /// Records that are no procedures: line and reason.
    pub refused: Vec<(u64, String)>,
    /// Lines that hold no record: line and reason.
    pub broken_lines: Vec<(u64, String)>,
    /// Rows of channel tables.
    pub channels: usize,
    /// Procedures without a single channel.
    pub without_channels: usize,
    /// Rows that state no time.
    pub without_time: usize,
    /// Rows with a number and no unit.
    pub without_unit: usize,
    /// Contradictions inside rows.
    pub discrepancies: usize,
    /// Papers in dossiers.
    pub dossier_items: usize,
    /// Legal bases.
    pub legal_bases: usize,
    /// Results.
    pub results: usize,
    /// Pieces not understood, by part and reason.
    pub not_understood: BTreeMap<Field, BTreeMap<Reason, usize>>,
}

/// Reads records line by line, holding one line at a time.
pub fn lines<R: BufRead>(source: R) -> Lines<R> {
    Lines { source, number: 0, ended: false }
}

/// Reads and parses a whole file, handing each procedure to `take` with its line number.
pub fn read(source: impl BufRead, mut take: impl FnMut(u64, Parsed)) -> ParseReport {
    let mut report = ParseReport::default();
    for Line { number, record } in lines(source) {
        match record.map(parse) {
            Ok(Ok(parsed)) => {
                report.count(&parsed);
                take(number, parsed);
            }
            Ok(Err(Refused { reason, .. })) => report.refused.push((number, reason.to_string())),
            Err(error) => report.broken_lines.push((number, error.to_string())),
        }
    }
    report
}

impl ParseReport {
    /// Adds one procedure.
    pub fn count(&mut self, parsed: &Parsed) {
        let procedure = &parsed.procedure;
        let rows = &procedure.channels.rows;
        self.records += 1;
        self.channels += rows.len();
        self.without_channels += usize::from(rows.is_empty());
        self.without_time += rows.iter().filter(|row| row.time.is_none()).count();
        self.without_unit += rows
            .iter()
            .filter_map(|row| row.time.as_ref())
            .filter(|time| time.value.is_some() && time.unit.is_none())
            .count();
        self.discrepancies += rows.iter().map(|row| row.discrepancies.len()).sum::<usize>();
        self.dossier_items += procedure.dossier.iter().map(|case| case.items.len()).sum::<usize>();
        self.legal_bases += procedure.legal_bases.len();
        self.results += procedure.results.len();
        for piece in &parsed.not_understood {
            *self.not_understood.entry(piece.field).or_default().entry(piece.reason).or_default() += 1;
        }
    }

    /// How many pieces of all parts were not understood.
    pub fn not_understood_total(&self) -> usize {
        self.not_understood.values().flat_map(BTreeMap::values).sum()
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        while !self.ended {
            self.number += 1;
            let record = match self.line() {
                Ok(None) => return None,
                Ok(Some(bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(Some(bytes)) => serde_json::from_slice(&bytes).map_err(LineError::from),
                Err(error) => Err(error),
            };
            self.ended = matches!(record, Err(LineError::Read(_)));
            return Some(Line { number: self.number, record });
        }
        None
    }
}

impl<R: BufRead> Lines<R> {
    /// The next line without its end and without a byte order mark; `None` at the end of the file.
    fn line(&mut self) -> Result<Option<Vec<u8>>, LineError> {
        let mut bytes = Vec::new();
        let limit = LONGEST_LINE + 1;
        if self.source.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            self.ended = true;
            return Ok(None);
        }
        if bytes.len() as u64 == limit && !bytes.ends_with(b"\n") {
            self.source.skip_until(b'\n')?;
            return Err(LineError::TooLong);
        }
        let mark = self.number == 1 && bytes.starts_with(b"\xef\xbb\xbf");
        Ok(Some(if mark { bytes.split_off(3) } else { bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_broken_line_is_reported_and_the_rest_is_read() {
        let file = "\u{feff}{\"ma_thu_tuc\": \"1.000001\"}\n\nnot json\r\n[1]\n{\"ma_thu_tuc\": \"1.000002\"}";
        let seen: Vec<_> = lines(Cursor::new(file)).map(|line| (line.number, line.record.is_ok())).collect();
        assert_eq!(seen, [(1, true), (3, false), (4, false), (5, true)]);
    }

    #[test]
    fn bytes_that_are_no_utf8_break_only_their_line() {
        let seen: Vec<_> = lines(Cursor::new(b"{\"a\": \"\xff\"}\n{}\n")).map(|line| line.record.is_ok()).collect();
        assert_eq!(seen, [false, true]);
    }

    #[test]
    fn a_line_too_long_is_skipped_whole() {
        let long = io::repeat(b' ').take(LONGEST_LINE + 10).chain(Cursor::new(b"{}\n{}"));
        let seen: Vec<_> = lines(io::BufReader::new(long)).map(|line| (line.number, line.record.is_ok())).collect();
        assert_eq!(seen, [(1, false), (2, true)]);
    }

    #[test]
    fn a_source_that_fails_ends_the_file() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk gone"))
            }
        }
        let source = io::BufReader::new(Cursor::new(b"{}\n").chain(Broken));
        let seen: Vec<_> = lines(source).map(|line| line.record.is_ok()).collect();
        assert_eq!(seen, [true, false]);
    }

    #[test]
    fn the_report_counts_what_was_read_and_what_was_not() {
        let file = concat!(
            r#"{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký", "cap_thuc_hien": "Cấp thôn"}"#,
            "\n{}\n",
            r#"{"ma_thu_tuc": "1.000002", "ten_thu_tuc": "Công bố Danh mục thủ tục hành chính"}"#,
            "\nx"
        );
        let mut codes = Vec::new();
        let report = read(Cursor::new(file), |line, parsed| codes.push((line, parsed.procedure.code.to_string())));
        assert_eq!(codes, [(1, "1.000001".to_owned())]);
        assert_eq!((report.records, report.without_channels, report.not_understood_total()), (1, 1, 1));
        assert_eq!(report.refused.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(report.broken_lines.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4]);
    }
}
