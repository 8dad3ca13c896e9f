//! Holds: a text that looks like injected advertising, and what has been put under quarantine, does not become public until
//! a second person has looked at it.

mod pace;
mod quarantine;
mod scan;

use serde::{Deserialize, Serialize};

pub use pace::{Deed, Pace, WINDOW};
pub use quarantine::{Quarantine, Target};
pub use scan::{PublicText, findings, findings_in_library, findings_in_slug};

use crate::entry::{Entry, EntryError, RemarkText};
use crate::ids::{ActorId, EditionId, EntryId, HoldId, QuarantineId, SiteId};
use crate::time::Timestamp;

/// What made a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldCause {
    /// The scanner has found something in an edition, or it leads to a host that its site has never led to, or whoever
    /// wrote it writes unusually much.
    Scan,
    /// Somebody was about to publish or remove unusually much.
    Pace,
    /// Somebody has put the entry under quarantine.
    Quarantine,
}

impl HoldCause {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Pace => "pace",
            Self::Quarantine => "quarantine",
        }
    }

    /// Reads [`HoldCause::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Scan, Self::Pace, Self::Quarantine].into_iter().find(|cause| cause.as_str() == name)
    }
}

/// Something that the scanner has found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The field, as clients write it, such as `cover.alt`.
    pub field: String,
    /// The rule, such as `hidden.link`; stable, for machines.
    pub rule: String,
    /// What the rule looks for, in Vietnamese.
    pub message: String,
    /// What was found, at most 120 characters.
    pub found: String,
}

/// How a hold ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Who released it, or wrote the text that has nothing of it any more.
    pub actor: ActorId,
    /// Why; none when the text was mended.
    pub reason: Option<RemarkText>,
    /// When.
    pub at: Timestamp,
}

/// Why something does not become public. Never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Identity.
    pub id: HoldId,
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// The edition that was looked at; for a quarantine the one that was live.
    pub edition: Option<EditionId>,
    /// What made it.
    pub cause: HoldCause,
    /// The quarantine it belongs to.
    pub quarantine: Option<QuarantineId>,
    /// What was found; nothing for a quarantine.
    pub findings: Vec<Finding>,
    /// Version of the rules; 0 for a quarantine.
    pub rules: u32,
    /// Whose write it was, or who put it under quarantine.
    pub raised_by: ActorId,
    /// When.
    pub raised_at: Timestamp,
    /// How it ended; none while it is open.
    pub release: Option<Release>,
}

impl Hold {
    /// A hold on what the scanner has found in an edition that `actor` has written.
    pub fn of_scan(
        entry: &Entry,
        (edition, findings): (EditionId, Vec<Finding>),
        actor: ActorId,
        now: Timestamp,
    ) -> Self {
        Self {
            id: HoldId::new(now),
            entry: entry.id,
            site: entry.site,
            edition: Some(edition),
            cause: HoldCause::Scan,
            quarantine: None,
            findings,
            rules: crate::poison::rules_version(),
            raised_by: actor,
            raised_at: now,
            release: None,
        }
    }

    /// A hold on an edition that `actor` was about to publish or to remove.
    pub fn of_pace(entry: &Entry, (edition, finding): (EditionId, Finding), actor: ActorId, now: Timestamp) -> Self {
        Self { cause: HoldCause::Pace, ..Self::of_scan(entry, (edition, vec![finding]), actor, now) }
    }

    /// A hold on an entry that `actor` puts under quarantine.
    pub fn of_quarantine(entry: &Entry, quarantine: QuarantineId, actor: ActorId, now: Timestamp) -> Self {
        Self {
            id: HoldId::new(now),
            entry: entry.id,
            site: entry.site,
            edition: entry.live.as_ref().map(|live| live.id),
            cause: HoldCause::Quarantine,
            quarantine: Some(quarantine),
            findings: Vec::new(),
            rules: 0,
            raised_by: actor,
            raised_at: now,
            release: None,
        }
    }

    /// Whether `actor` is a second person for it: has neither raised it nor written on what it holds.
    ///
    /// # Errors
    /// [`EntryError::SecondPerson`].
    pub fn check_releaser(&self, entry: &Entry, actor: ActorId) -> Result<(), EntryError> {
        let is_first = self.raised_by == actor || entry.is_by(actor);
        if is_first { Err(EntryError::SecondPerson) } else { Ok(()) }
    }

    /// Whether somebody has looked at all of `findings` before and let them pass.
    pub fn covers(&self, findings: &[Finding]) -> bool {
        let is_passed = self.release.as_ref().is_some_and(|release| release.reason.is_some());
        is_passed && findings.iter().all(|finding| self.findings.contains(finding))
    }
}
