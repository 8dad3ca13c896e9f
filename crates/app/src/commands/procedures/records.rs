//! The records of an import's source, batch by batch.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use lienthong_domain::procedure::file::{self, Line, LineError};
use lienthong_domain::procedure::{Field, Parsed, Procedure, Refused, parse};

use super::{Duplicate, Piece, ProceduresReport};
use crate::commands::bulk::{BATCH, unreadable};
use crate::error::Error;

/// The records of a file, batch by batch.
pub(super) struct Records<R> {
    lines: file::Lines<R>,
    /// Codes on the lines so far, those of refused records included.
    pub(super) seen: BTreeSet<String>,
    /// The source failed before its end, so that nothing can be said of what is missing in it.
    pub(super) broken_off: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(source: R) -> Self {
        Self { lines: file::lines(source), seen: BTreeSet::new(), broken_off: false }
    }

    /// The next procedures; none at the end. What is wrong with lines and records goes into the report.
    pub(super) fn next_batch(&mut self, report: &mut ProceduresReport) -> Vec<Procedure> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(Line { number, record }) = self.lines.next() else { break };
            match record.map(parse) {
                Ok(Ok(parsed)) => batch.extend(self.accept(number, parsed, report)),
                Ok(Err(Refused { reason, raw })) => {
                    let code = raw.as_map().get(Field::Code.key()).and_then(serde_json::Value::as_str);
                    self.seen.extend(code.map(|code| code.trim().to_owned()));
                    report.parsed.refused.push((number, reason.to_string()));
                }
                Err(error) => {
                    self.broken_off |= matches!(error, LineError::Read(_));
                    report.parsed.broken_lines.push((number, error.to_string()));
                }
            }
        }
        batch
    }

    fn accept(&mut self, line: u64, parsed: Parsed, report: &mut ProceduresReport) -> Option<Procedure> {
        report.parsed.count(&parsed);
        let Parsed { procedure, not_understood } = parsed;
        let code = procedure.code.clone();
        if !self.seen.insert(code.as_str().to_owned()) {
            report.duplicates.push(Duplicate { line, code });
            return None;
        }
        for piece in not_understood {
            let pieces = report.not_understood.entry(piece.field).or_default();
            pieces.push(Piece { code: code.clone(), reason: piece.reason, text: piece.text });
        }
        Some(procedure)
    }
}

/// The source, uncompressed.
pub(super) fn opened<'a>(source: impl Read + Send + 'a) -> Result<Box<dyn BufRead + Send + 'a>, Error> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let mut source = BufReader::new(source);
    let start = source.fill_buf().map_err(|error| unreadable(&error))?;
    Ok(if start.starts_with(GZIP) { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) })
}
