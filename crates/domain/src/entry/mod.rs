//! Entry and edition: the lasting identity of a piece of content and its versions, with one lifecycle for all kinds.

mod edition;
mod holding;
mod lifecycle;
mod remark;
mod removal;
mod review;
#[cfg(test)]
mod tests;

use std::fmt;

pub use edition::{Content, Edition, EditionState, MAX_CHANGE_NOTE, Major, Publication, PublicationInput, Signature};
pub use lifecycle::{Entry, EntryError, Gone, NewEntry, Outcome, OwnDates};
pub use remark::{MAX_REMARK, Remark, RemarkKind, RemarkText};
pub use removal::{Destination, TakeDown};
pub use review::Reviewer;
use serde::{Deserialize, Serialize};

/// What kind of content an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Tin, bài.
    Article,
    /// Thủ tục hành chính: the national record.
    Procedure,
}

impl EntryKind {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Procedure => "procedure",
        }
    }

    /// Reads [`EntryKind::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Article, Self::Procedure].into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Counts the writes to an entry; a writer names the one it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u32);

impl Version {
    /// The version of an entry just made.
    pub const FIRST: Self = Self(1);

    /// Wraps a stored or a client's number.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
