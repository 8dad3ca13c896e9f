//! What the change log and the audit trail record of a committed act.

use crate::access::{By, Operation};
use crate::entry::EntryKind;
use crate::ids::{EditionId, EntryId, SiteId};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// What kind of change it is. All but one are changes of what the public can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// An entry became public.
    Published,
    /// A public entry shows a new edition.
    Updated,
    /// A public entry stands in other lists, because its unit or its category has moved; the edition is the same.
    Relisted,
    /// What is shown beside a public entry is another: its corrections, or what it corrects. The edition is the same.
    Corrected,
    /// An entry is no longer public.
    Withdrawn,
    /// Something changed for the people with a role on the site, and nothing for the public: whatever answers the public
    /// passes over it.
    Internal,
    /// Units, sites, categories or topics changed.
    Reference,
    /// Other moments are due than before. The public sees nothing of it.
    Schedule,
}

impl ChangeKind {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Updated => "updated",
            Self::Relisted => "relisted",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
            Self::Internal => "internal",
            Self::Reference => "reference",
            Self::Schedule => "schedule",
        }
    }

    /// Reads [`ChangeKind::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::Published,
            Self::Updated,
            Self::Relisted,
            Self::Corrected,
            Self::Withdrawn,
            Self::Internal,
            Self::Reference,
            Self::Schedule,
        ];
        all.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One row of the change log, before it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The entry it happened to; none for reference data.
    pub subject: Option<ChangedEntry>,
    /// The scopes of the old and of the new state.
    pub scopes: ScopeSet,
    /// When.
    pub at: Timestamp,
}

impl Change {
    /// The entry whose public state changed; none for reference data and for what is internal.
    pub fn public_subject(&self) -> Option<ChangedEntry> {
        self.subject.filter(|_| self.kind != ChangeKind::Internal)
    }
}

/// The entry of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its kind.
    pub kind: EntryKind,
    /// Its site.
    pub site: SiteId,
    /// The edition that became public or was withdrawn.
    pub edition: EditionId,
}

/// A position in the change log. The epoch is random per database and changes on restore, so that an old
/// position is told to restart instead of silently skipping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogPosition {
    /// Identity of this history.
    pub epoch: i64,
    /// Number of the last change; 0 before the first.
    pub seq: i64,
}

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// One act, for the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Who, and from where.
    pub by: By,
    /// What.
    pub operation: Operation,
    /// On which site, where that applies.
    pub site: Option<SiteId>,
    /// On which entry, where that applies.
    pub entry: Option<EntryId>,
    /// Which edition, where that applies.
    pub edition: Option<EditionId>,
    /// What it was about, in words: a slug, a file name, a role.
    pub note: String,
    /// The digest of the edition as it stands after the act.
    pub after: Option<Digest>,
    /// When.
    pub at: Timestamp,
}
