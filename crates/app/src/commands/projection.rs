//! From the outcome of a transition to the rows the public reads and the change the log tells.

use lienthong_domain::change::{Change, ChangeKind, ChangedEntry};
use lienthong_domain::entry::{Entry, Gone, Outcome};
use lienthong_domain::ids::EditionId;
use lienthong_domain::live::LiveEntry;
use lienthong_domain::scope::{Placement, ScopeKey, ScopeSet};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Tx, live_projection};

use crate::error::Error;

/// Shows the live edition of `entry`, and returns the change for the log.
pub(super) async fn show(
    tx: &Tx,
    entry: &Entry,
    (placement, outcome): (&Placement, &Outcome),
    now: Timestamp,
) -> Result<Change, Error> {
    let kind = match outcome {
        Outcome::Published => ChangeKind::Published,
        Outcome::Updated { .. } | Outcome::Ended { .. } | Outcome::Scheduled => ChangeKind::Updated,
    };
    project(tx, entry, (placement, kind), now).await
}

/// Writes what the public reads of `entry` anew, and returns the change for the log.
pub(super) async fn project(
    tx: &Tx,
    entry: &Entry,
    (placement, kind): (&Placement, ChangeKind),
    now: Timestamp,
) -> Result<Change, Error> {
    let live = LiveEntry::project(entry, placement)
        .ok_or_else(|| Error::Internal(format!("entry {} is shown without a live edition", entry.id)))?;
    let scopes = live_projection::show(tx, &live).await?;
    Ok(change(entry, (kind, live.edition), &scopes, now))
}

/// Takes `entry` out of the public, and returns the change for the log.
pub(super) async fn hide(
    tx: &Tx,
    entry: &Entry,
    (edition, why, location): (EditionId, Gone, Option<&str>),
    now: Timestamp,
) -> Result<Change, Error> {
    let scopes = live_projection::hide(tx, entry.id, (why, location), now).await?;
    Ok(change(entry, (ChangeKind::Withdrawn, edition), &scopes, now))
}

/// Tells every node that other moments are due from now on. The public sees nothing of it, and it names nothing.
pub(super) fn rescheduled(now: Timestamp) -> Change {
    Change { kind: ChangeKind::Schedule, subject: None, scopes: ScopeSet::default(), at: now }
}

/// The change for the log, which concerns the entry's lists and its details.
pub(super) fn change(
    entry: &Entry,
    (kind, edition): (ChangeKind, EditionId),
    scopes: &ScopeSet,
    now: Timestamp,
) -> Change {
    let subject = ChangedEntry { entry: entry.id, kind: entry.kind, site: entry.site, edition };
    let scopes = scopes.union(&std::iter::once(ScopeKey::entry(entry.id)).collect());
    Change { kind, subject: Some(subject), scopes, at: now }
}
