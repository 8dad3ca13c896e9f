//! Lines of a source, with a bound on the memory that one of them can take.

use std::io::{self, BufRead, Read as _};

use crate::commands::import_articles::report::Position;

/// Longest line, in bytes: the largest body there may be, escaped throughout, and room for the rest.
pub(super) const MAX_LINE: u64 = 8 << 20;

/// Reads a source line by line.
pub(super) struct Lines<R> {
    source: R,
    pub(super) position: Position,
    line: Vec<u8>,
}

/// A line that is not blank.
pub(super) enum Line<'a> {
    Text(&'a [u8]),
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, position: Position::default(), line: Vec::new() }
    }

    /// The next line that is not blank; its number is then that of [`Lines::position`].
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.line.clear();
            let read = self.source.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Ok(None);
            }
            self.position.lines += 1;
            self.position.bytes += read as u64;
            if read as u64 == MAX_LINE && !self.line.ends_with(b"\n") {
                self.position.bytes += skip_line(&mut self.source)?;
                return Ok(Some(Line::TooLong));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        // Editors on Windows put a byte-order mark in front of the first line.
        Ok(Some(Line::Text(self.line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.line))))
    }
}

/// Passes over the rest of a line. Tells its length.
fn skip_line(source: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = source.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffer.len(), |at| at + 1);
        let is_last = end.is_some() || buffer.is_empty();
        source.consume(length);
        skipped += length as u64;
        if is_last {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &[u8]) -> Vec<(u64, u64, Option<String>)> {
        let mut lines = Lines::new(source);
        let mut found = Vec::new();
        loop {
            let text = match lines.next().unwrap() {
                None => return found,
                Some(Line::Text(text)) => Some(String::from_utf8(text.to_vec()).unwrap()),
                Some(Line::TooLong) => None,
            };
            found.push((lines.position.lines, lines.position.bytes, text));
        }
    }

    #[test]
    fn blank_lines_count_and_are_passed_over() {
        let lines = read("\u{feff}a\n\n  \r\nb".as_bytes());
        assert_eq!(lines, [(1, 5, Some("a\n".to_owned())), (4, 11, Some("b".to_owned()))]);
    }

    #[test]
    fn a_line_without_end_is_passed_over_and_the_next_one_is_read() {
        let long = usize::try_from(MAX_LINE).unwrap() + 100_000;
        let mut source = vec![b'x'; long];
        source.extend_from_slice(b"\nb\n");
        let at = long as u64;
        assert_eq!(read(&source), [(1, at + 1, None), (2, at + 3, Some("b\n".to_owned()))]);
    }
}
