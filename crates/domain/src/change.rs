//! What the change log and the audit trail record of a committed act.

use std::fmt;

use uuid::Uuid;

use crate::access::{By, Operation};
use crate::entry::EntryKind;
use crate::ids::{ActorId, BundleId, EditionId, EntryId, MediaId, QuarantineId, SiteId};
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

/// What an act is about: rows that nothing but acts changes, and that the log vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// Somebody who acts: the account, its roles, tokens and ways in.
    Actor(ActorId),
    /// A site, its categories and series, its board and the decisions on it, its rates for royalties.
    Site(SiteId),
    /// A file of a library, as it is described.
    Media(MediaId),
    /// An entry as it stands, beside what its editions say: its address and dates, remarks and holds on it, what has become
    /// of its address, links to its drafts, files that it uses.
    Entry(EntryId),
    /// What is paid for an article.
    Work(EntryId),
    /// Entries that are published together.
    Bundle(BundleId),
    /// What was taken away in one step, and why.
    Quarantine(QuarantineId),
    /// The units and their succession.
    Units,
    /// The disclosure catalogue and the names by which categories are told from it.
    Topics,
    /// The agencies.
    Agencies,
}

impl Matter {
    /// The matters of which there is one each.
    pub const REGISTERS: [Self; 3] = [Self::Units, Self::Topics, Self::Agencies];

    /// The site it is about, if it is about one.
    pub const fn site(self) -> Option<SiteId> {
        match self {
            Self::Site(site) => Some(site),
            _ => None,
        }
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        let id = || Uuid::try_parse(id).ok();
        match kind {
            "actor" => id().map(|id| Self::Actor(ActorId::from_uuid(id))),
            "site" => id().map(|id| Self::Site(SiteId::from_uuid(id))),
            "media" => id().map(|id| Self::Media(MediaId::from_uuid(id))),
            "entry" => id().map(|id| Self::Entry(EntryId::from_uuid(id))),
            "work" => id().map(|id| Self::Work(EntryId::from_uuid(id))),
            "bundle" => id().map(|id| Self::Bundle(BundleId::from_uuid(id))),
            "quarantine" => id().map(|id| Self::Quarantine(QuarantineId::from_uuid(id))),
            _ => Self::REGISTERS.into_iter().find(|register| register.to_string() == text),
        }
    }
}

/// Stable, as stored and as written into leaves: `actor:0198…`, `units`.
impl fmt::Display for Matter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor(id) => write!(f, "actor:{id}"),
            Self::Site(id) => write!(f, "site:{id}"),
            Self::Media(id) => write!(f, "media:{id}"),
            Self::Entry(id) => write!(f, "entry:{id}"),
            Self::Work(id) => write!(f, "work:{id}"),
            Self::Bundle(id) => write!(f, "bundle:{id}"),
            Self::Quarantine(id) => write!(f, "quarantine:{id}"),
            Self::Units => f.write_str("units"),
            Self::Topics => f.write_str("topics"),
            Self::Agencies => f.write_str("agencies"),
        }
    }
}

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
    /// What it is about; the digest of its rows is taken when the act is committed.
    pub matter: Option<Matter>,
    /// The digest of what the edition says as it stands after the act.
    pub after: Option<Digest>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matters_are_read_as_they_are_written() {
        let id = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
        let of_one = [
            Matter::Actor(ActorId::from_uuid(id)),
            Matter::Site(SiteId::from_uuid(id)),
            Matter::Media(MediaId::from_uuid(id)),
            Matter::Entry(EntryId::from_uuid(id)),
            Matter::Work(EntryId::from_uuid(id)),
            Matter::Bundle(BundleId::from_uuid(id)),
            Matter::Quarantine(QuarantineId::from_uuid(id)),
        ];
        for matter in of_one.into_iter().chain(Matter::REGISTERS) {
            assert_eq!(Matter::parse(&matter.to_string()), Some(matter));
        }
        for text in ["", "actor", "actor:", "actor:x", "units:1", "edition:01980000-0000-7000-8000-000000000001"] {
            assert_eq!(Matter::parse(text), None, "{text}");
        }
    }
}
