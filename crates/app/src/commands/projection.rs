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
    let live = LiveEntry::project(entry, placement)
        .ok_or_else(|| Error::Internal(format!("entry {} was published without a live edition", entry.id)))?;
    let scopes = live_projection::show(tx, &live).await?;
    let kind = match outcome {
        Outcome::Published => ChangeKind::Published,
        Outcome::Updated { .. } | Outcome::Withdrawn { .. } => ChangeKind::Updated,
    };
    Ok(change(entry, (kind, live.edition), &scopes, now))
}

/// Takes `entry` out of the public, and returns the change for the log.
pub(super) async fn hide(tx: &Tx, entry: &Entry, edition: EditionId, now: Timestamp) -> Result<Change, Error> {
    let scopes = live_projection::hide(tx, entry.id, Gone::Withdrawn, now).await?;
    Ok(change(entry, (ChangeKind::Withdrawn, edition), &scopes, now))
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
