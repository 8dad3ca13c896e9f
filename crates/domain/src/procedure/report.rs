//! What the parser could not make sense of. Nothing is dropped in silence.

use serde::{Deserialize, Serialize};

use super::record::Field;

/// A piece of text that was kept but not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotUnderstood {
    /// Where it stands.
    pub field: Field,
    /// The text itself, as found.
    pub text: String,
    /// Why.
    pub reason: Reason,
}

/// Why a piece of text was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The value is not in the list of known values.
    #[error("not a known value")]
    UnknownValue,
    /// The part holds a list or an object instead of text.
    #[error("a list or an object where text was expected")]
    NotText,
    /// A table without the header or the rows that the portal prints.
    #[error("the text does not have the shape of this table")]
    NotATable,
    /// Text before the first row or after the last one.
    #[error("text outside the rows of the table")]
    OutsideRows,
    /// An opening parenthesis without its end, so where the cell ends is a guess.
    #[error("a parenthesis is never closed")]
    UnclosedParenthesis,
    /// Digits of two columns run together and can be parted in more than one way.
    #[error("digits of two columns run together")]
    GluedDigits,
    /// A file name runs together with the text before it.
    #[error("where the file name begins is not clear")]
    GluedFileName,
    /// A document without a number in the number column.
    #[error("no document number found")]
    NumberMissing,
    /// A result without a code.
    #[error("no result code found")]
    ResultCodeMissing,
    /// Not a web address.
    #[error("not a web address")]
    NotAnAddress,
    /// Not a UUID.
    #[error("not a UUID")]
    NotAnId,
}

/// Collects what one field's parser does not understand.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<NotUnderstood>);

impl Findings {
    pub(super) fn add(&mut self, field: Field, reason: Reason, text: impl Into<String>) {
        self.0.push(NotUnderstood { field, text: text.into(), reason });
    }

    pub(super) fn into_vec(self) -> Vec<NotUnderstood> {
        self.0
    }
}
