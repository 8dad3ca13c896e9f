//! Taking much out of the public at once: everything on a site, or everything that somebody has touched.

use crate::entry::RemarkText;
use crate::hold::Release;
use crate::ids::{ActorId, EntryId, QuarantineId, SiteId};
use crate::time::Timestamp;

/// What is put under quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One entry.
    Entry(EntryId),
    /// Everything that is public on a site; nothing becomes public there as long as it lasts.
    Site(SiteId),
    /// Everything that an account has touched.
    Account {
        /// The account.
        account: ActorId,
        /// Only what it touched from this moment on; ever when absent.
        since: Option<Timestamp>,
    },
}

/// One act of putting something under quarantine. Never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// Identity.
    pub id: QuarantineId,
    /// What.
    pub target: Target,
    /// Why.
    pub reason: RemarkText,
    /// Who.
    pub raised_by: ActorId,
    /// When.
    pub raised_at: Timestamp,
    /// How it ended; none while it lasts.
    pub release: Option<Release>,
}
