//! From a published entry to the rows its audience reads and the changes the log tells.

use lienthong_domain::change::{Change, ChangeKind, ChangedEntry};
use lienthong_domain::entry::{Entry, Gone};
use lienthong_domain::ids::EditionId;
use lienthong_domain::internal::Projection;
use lienthong_domain::scope::{Placement, ScopeKey, ScopeSet};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Tx;
use lienthong_persistence::live_corrections::{self, Corrected};
use lienthong_persistence::live_projection::{self, Turn, Turns};

use crate::error::Error;

/// Shows the live edition of `entry` to its audience and to nobody else, and returns the changes for the log.
pub(super) async fn show(tx: &Tx, entry: &Entry, placement: &Placement, now: Timestamp) -> Result<Vec<Change>, Error> {
    let shown = Projection::of(entry, placement)
        .ok_or_else(|| Error::Internal(format!("entry {} was published without a live edition", entry.id)))?;
    let turns = live_projection::show(tx, &shown, now).await?;
    told(tx, entry, (shown.edition(), turns), now).await
}

/// Takes `entry` back from its audience, and returns the changes for the log.
pub(super) async fn hide(
    tx: &Tx,
    entry: &Entry,
    (edition, why, location): (EditionId, Gone, Option<&str>),
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let turns = live_projection::hide(tx, (entry.id, entry.site), (why, location), now).await?;
    told(tx, entry, (edition, turns), now).await
}

/// The changes of the entry itself, and of what is shown beside it or shows it: its corrections, and what it corrects.
async fn told(
    tx: &Tx,
    entry: &Entry,
    (edition, turns): (EditionId, Turns),
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let mut changes = changes(entry, edition, turns, now);
    for id in entry.corrects.into_iter().chain([entry.id]) {
        let beside = live_corrections::settle(tx, id, now).await?;
        // What became of the entry itself is told already.
        let others = beside.into_iter().filter(|one| one.subject.entry != entry.id);
        changes.extend(others.map(|one| corrected(one, now)));
    }
    Ok(changes)
}

fn corrected(Corrected { subject, scopes }: Corrected, now: Timestamp) -> Change {
    let details = std::iter::once(ScopeKey::entry(subject.entry)).collect();
    Change { kind: ChangeKind::Corrected, subject: Some(subject), scopes: scopes.union(&details), at: now }
}

/// Tells every node that other moments are due from now on. The public sees nothing of it, and it names nothing.
pub(super) fn rescheduled(now: Timestamp) -> Change {
    Change { kind: ChangeKind::Schedule, subject: None, scopes: ScopeSet::default(), at: now }
}

/// The change of an entry that is shown for the first time.
pub(super) fn first(entry: &Entry, shown: &Projection, now: Timestamp) -> Change {
    let kind = match shown {
        Projection::Public(_) => ChangeKind::Published,
        Projection::Internal(_) => ChangeKind::Internal,
    };
    change(entry, (kind, shown.edition()), &shown.scopes(), now)
}

/// One change for each audience that sees something else now. What the public is told names no internal scope, and what is
/// internal names nothing that the public can ask for.
fn changes(entry: &Entry, edition: EditionId, turns: Turns, now: Timestamp) -> Vec<Change> {
    let Turns { public, internal } = turns;
    let kind = match (&public.before, &public.after) {
        (None, _) => ChangeKind::Published,
        (Some(_), Some(_)) => ChangeKind::Updated,
        (Some(_), None) => ChangeKind::Withdrawn,
    };
    let told = [(kind, touched(public)), (ChangeKind::Internal, touched(internal))];
    let told = told.into_iter().filter_map(|(kind, scopes)| Some((kind, scopes?)));
    told.map(|(kind, scopes)| change(entry, (kind, edition), &scopes, now)).collect()
}

/// The scopes of both states; `None` when the audience sees nothing in either.
fn touched(turn: Turn) -> Option<ScopeSet> {
    match (turn.before, turn.after) {
        (Some(before), Some(after)) => Some(before.union(&after)),
        (before, after) => before.or(after),
    }
}

/// The change for the log, which concerns the entry's lists and, in the public, its details.
fn change(entry: &Entry, (kind, edition): (ChangeKind, EditionId), scopes: &ScopeSet, now: Timestamp) -> Change {
    let subject = ChangedEntry { entry: entry.id, kind: entry.kind, site: entry.site, edition };
    let details = (kind != ChangeKind::Internal).then(|| ScopeKey::entry(entry.id));
    Change { kind, subject: Some(subject), scopes: scopes.union(&details.into_iter().collect()), at: now }
}
