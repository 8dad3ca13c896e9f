//! Out of the public, out of the lists, into the trash, and back.

use lienthong_domain::access::{Action, Permit, act};
use lienthong_domain::change::Change;
use lienthong_domain::entry::{Destination, Edition, Entry, Gone, Outcome, Remark, RemarkKind, TakeDown};
use lienthong_domain::hold::Deed;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, autosaves, entries, remarks};

use crate::app::App;
use crate::commands::articles::{audit, ended, lock, placement};
use crate::commands::desk::{Seen, remark};
use crate::commands::holds;
use crate::commands::projection;
use crate::error::Error;

/// Takes a public article back. Its address answers 410 from then on.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict or when it is not public.
pub async fn withdraw(
    app: &App,
    permit: &Permit<act::Withdraw>,
    (id, seen): Seen,
    now: Timestamp,
) -> Result<Entry, Error> {
    leave(app, (permit, (id, seen)), Leave { why: Gone::Withdrawn, location: None, remark: None }, now).await
}

/// Takes a public article back and lets its address lead elsewhere.
///
/// # Errors
/// As [`withdraw`].
pub async fn redirect(
    app: &App,
    permit: &Permit<act::Withdraw>,
    ((id, seen), to): (Seen, Destination),
    now: Timestamp,
) -> Result<Entry, Error> {
    leave(app, (permit, (id, seen)), Leave { why: Gone::Redirected, location: Some(to.into()), remark: None }, now)
        .await
}

/// Takes a public article down by a decision. Its address answers 410 from then on; the reason and who decided stay with
/// the entry.
///
/// # Errors
/// As [`withdraw`].
pub async fn take_down(
    app: &App,
    permit: &Permit<act::TakeDown>,
    ((id, seen), decision): (Seen, TakeDown),
    now: Timestamp,
) -> Result<Entry, Error> {
    leave(app, (permit, (id, seen)), Leave { why: Gone::TakenDown, location: None, remark: Some(decision) }, now).await
}

struct Leave {
    why: Gone,
    location: Option<String>,
    remark: Option<TakeDown>,
}

async fn leave<A: Action>(
    app: &App,
    (permit, (id, seen)): (&Permit<A>, Seen),
    Leave { why, location, remark: decision }: Leave,
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    entry.check(seen)?;
    let tx = holds::admit(app, tx, (&mut entry, seen_by_public), (permit, Deed::Removing), now).await?;
    let outcome = entry.leave(seen, why)?;
    let Outcome::Ended { edition, .. } = &outcome else { return Err(Error::NotFound("article")) };
    entries::save(&tx, &entry, ended(&outcome)).await?;
    if let Some(TakeDown { reason, decided_by }) = decision {
        let said = remark(&entry, (RemarkKind::TakeDown, reason), permit.actor(), now);
        remarks::add(&tx, &Remark { edition: Some(edition.id), decided_by: Some(decided_by), ..said }).await?;
    }
    let changes = projection::hide(&tx, &entry, (edition.id, why, location.as_deref()), now).await?;
    let audits = vec![audit(permit, &entry, Some(edition), now)];
    let position = tx.commit(Record { changes, audits }).await?;
    app.settle(position).await?;
    Ok(entry)
}

/// Takes a public article out of all lists, or brings it back into them. It stays readable at its address.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict or when it is not public.
pub async fn archive(
    app: &App,
    permit: &Permit<act::Withdraw>,
    ((id, seen), archived): (Seen, bool),
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    entry.check(seen)?;
    let tx = if archived {
        holds::admit(app, tx, (&mut entry, seen_by_public), (permit, Deed::Removing), now).await?
    } else {
        tx
    };
    entry.archive(seen, archived, now)?;
    entries::save(&tx, &entry, None).await?;
    let changes = relist(&tx, &entry, now).await?;
    let audits = vec![audit(permit, &entry, entry.live.as_ref(), now)];
    let position = tx.commit(Record { changes, audits }).await?;
    app.settle(position).await?;
    Ok(entry)
}

async fn relist(tx: &Tx, entry: &Entry, now: Timestamp) -> Result<Vec<Change>, Error> {
    let article = entry.live.as_ref().and_then(|live| live.content.article()).ok_or(Error::NotFound("article"))?;
    let placement = placement(tx, entry.site, article).await?;
    projection::show(tx, entry, &placement, now).await
}

/// Puts an article that is not public into the trash, or takes it out.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict or while it is public.
pub async fn discard(
    app: &App,
    permit: &Permit<act::Discard>,
    ((id, seen), discarded): (Seen, bool),
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    entry.check(seen)?;
    let tx = if discarded {
        holds::admit(app, tx, (&mut entry, |entry| entry.draft.as_ref()), (permit, Deed::Removing), now).await?
    } else {
        tx
    };
    entry.trash(seen, discarded, now)?;
    entries::save(&tx, &entry, None).await?;
    autosaves::forget_all(&tx, entry.id).await?;
    let audits = vec![audit(permit, &entry, entry.draft.as_ref(), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(entry)
}

fn seen_by_public(entry: &Entry) -> Option<&Edition> {
    entry.live.as_ref()
}
