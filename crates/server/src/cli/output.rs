//! What commands print.

use std::io::Write as _;

use serde::Serialize;

use crate::failure::Failure;

/// Prints a line of the answer. A reader that has gone away, such as `head`, is no failure.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints the answer as JSON.
pub(crate) fn json(answer: &impl Serialize) -> Result<(), Failure> {
    line(serde_json::to_string_pretty(answer)?);
    Ok(())
}
