//! A tokeniser that only counts (GraphQL specification section 2.1).
//!
//! It never reads fewer tokens or brackets than the parser would: where the two could differ (a string that is not
//! closed) it refuses. Text it does not know counts as one token per byte and is left for the parser to refuse.

use super::{GuardError, Limits};
use crate::graphql_http::error::GraphqlErrorCode;

/// What the scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceStats {
    /// Lexical tokens.
    pub tokens: u64,
    /// Most brackets open at once.
    pub nesting: u64,
}

/// Count tokens and bracket nesting, stopping at the first exceeded limit.
///
/// # Errors
/// `DOCUMENT_TOO_LARGE`, `DOCUMENT_TOO_MANY_TOKENS`, `DOCUMENT_TOO_NESTED`, or a string that is not closed.
pub fn scan(source: &str, limits: &Limits) -> Result<SourceStats, GuardError> {
    scan_counting(source, limits).0
}

/// As [`scan`], with the number of bytes looked at.
pub(super) fn scan_counting(source: &str, limits: &Limits) -> (Result<SourceStats, GuardError>, usize) {
    let size = GuardError::check(GraphqlErrorCode::DocumentTooLarge, source.len() as u64, limits.document_bytes);
    if let Err(error) = size {
        return (Err(error), 0);
    }
    let mut lexer = Lexer { rest: source.as_bytes(), open: 0, stats: SourceStats::default() };
    let result = lexer.run(limits);
    (result.map(|()| lexer.stats), source.len() - lexer.rest.len())
}

struct Lexer<'a> {
    rest: &'a [u8],
    open: u64,
    stats: SourceStats,
}

impl Lexer<'_> {
    fn run(&mut self, limits: &Limits) -> Result<(), GuardError> {
        while let Some((&byte, after)) = self.rest.split_first() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => self.rest = after,
                0xEF if self.rest.starts_with("\u{feff}".as_bytes()) => self.advance(3),
                b'#' => self.skip_while(|b| b != b'\n' && b != b'\r'),
                _ => {
                    self.token(byte)?;
                    self.stats.tokens += 1;
                    GuardError::check(GraphqlErrorCode::DocumentTooManyTokens, self.stats.tokens, limits.tokens)?;
                    let nesting = self.stats.nesting;
                    GuardError::check(GraphqlErrorCode::DocumentTooNested, nesting, limits.bracket_nesting)?;
                }
            }
        }
        Ok(())
    }

    fn token(&mut self, first: u8) -> Result<(), GuardError> {
        match first {
            b'"' => return self.string(),
            b'(' | b'[' | b'{' => {
                self.open += 1;
                self.stats.nesting = self.stats.nesting.max(self.open);
                self.advance(1);
            }
            b')' | b']' | b'}' => {
                self.open = self.open.saturating_sub(1);
                self.advance(1);
            }
            b'.' if self.rest.starts_with(b"...") => self.advance(3),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.skip_while(|b| b == b'_' || b.is_ascii_alphanumeric()),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.advance(1),
        }
        Ok(())
    }

    /// Digits, point and exponent. A sign belongs to the number only at its start and after an exponent mark: `1-1` is
    /// two numbers to the parser.
    fn number(&mut self) {
        let mut previous = b'e';
        self.skip_while(|byte| {
            let sign = matches!(byte, b'-' | b'+') && matches!(previous, b'e' | b'E');
            previous = byte;
            sign || matches!(byte, b'.' | b'e' | b'E') || byte.is_ascii_digit()
        });
    }

    fn string(&mut self) -> Result<(), GuardError> {
        if self.rest.starts_with(b"\"\"\"") { self.block_string() } else { self.quoted_string() }
    }

    fn quoted_string(&mut self) -> Result<(), GuardError> {
        self.advance(1);
        while let Some(&byte) = self.rest.first() {
            match byte {
                b'\\' => self.advance(2),
                b'\n' | b'\r' => break,
                b'"' => {
                    self.advance(1);
                    return Ok(());
                }
                _ => self.advance(1),
            }
        }
        Err(GuardError::UnterminatedString)
    }

    fn block_string(&mut self) -> Result<(), GuardError> {
        self.advance(3);
        while !self.rest.is_empty() {
            if self.rest.starts_with(b"\\\"\"\"") {
                self.advance(4);
            } else if self.rest.starts_with(b"\"\"\"") {
                self.advance(3);
                return Ok(());
            } else {
                self.advance(1);
            }
        }
        Err(GuardError::UnterminatedString)
    }

    fn skip_while(&mut self, mut keep: impl FnMut(u8) -> bool) {
        let length = self.rest.iter().position(|&byte| !keep(byte)).unwrap_or(self.rest.len());
        self.advance(length);
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}
