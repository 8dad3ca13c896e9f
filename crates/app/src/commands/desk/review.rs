//! Handing in, screening, sending back, approving, and what is said about it.

use lienthong_domain::access::{Operation, OwnOr, Permit, act};
use lienthong_domain::entry::{Entry, Remark, RemarkKind, RemarkText};
use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, entries, remarks};

use crate::app::App;
use crate::commands::articles::{lock_own_or, trace};
use crate::commands::desk::{Seen, remark, reviewer, step};
use crate::error::Error;

/// Hands the draft in. Where `direct` does not reach, as for the agencies that contribute, an intermediary has to screen
/// it first.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a text of others, [`Error::Entry`] on a conflict or without a draft.
pub async fn submit(
    app: &App,
    permit: &OwnOr<act::Edit>,
    ((id, seen), direct): (Seen, Option<&Permit<act::Submit>>),
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock_own_or(&tx, permit, id).await?;
    let needs_screening = !direct.is_some_and(|permit| permit.scope().contains(entry.site));
    entry.submit(seen, needs_screening)?;
    entries::save(&tx, &entry, None).await?;
    let audits = vec![trace((permit.by(), Operation::Submit), &entry, entry.draft.as_ref(), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(entry)
}

/// Passes an agency's contribution on to the board.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict, unless it is handed in, or for one's own text.
pub async fn screen(app: &App, permit: &Permit<act::Screen>, (id, seen): Seen, now: Timestamp) -> Result<Entry, Error> {
    let screen = async |tx: &_, entry: &mut Entry| Ok(entry.screen(seen, reviewer(tx, permit, entry).await?)?);
    step(app, (permit, id), screen, now).await
}

/// Sends what was handed in, approved or scheduled back to its writers.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Invalid`] without a reason, [`Error::Entry`] on a conflict or unless it
/// is handed in.
pub async fn send_back(
    app: &App,
    permit: &Permit<act::Return>,
    ((id, seen), reason): (Seen, &str),
    now: Timestamp,
) -> Result<Entry, Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let send_back = async |tx: &_, entry: &mut Entry| {
        entry.send_back(seen)?;
        let remark = remark(entry, (RemarkKind::Return, reason), permit.actor(), now);
        Ok(remarks::add(tx, &remark).await?)
    };
    step(app, (permit, id), send_back, now).await
}

/// Approves what was handed in.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict, unless it is handed in and screened, or for
/// one's own text.
pub async fn approve(
    app: &App,
    permit: &Permit<act::Approve>,
    (id, seen): Seen,
    now: Timestamp,
) -> Result<Entry, Error> {
    let approve = async |tx: &_, entry: &mut Entry| Ok(entry.approve(seen, reviewer(tx, permit, entry).await?)?);
    step(app, (permit, id), approve, now).await
}

/// Says something about an entry. Its version stays as it is: a comment is nobody's conflict.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a text of others, [`Error::Invalid`] for a blank or overlong text.
pub async fn comment(
    app: &App,
    permit: &OwnOr<act::Comment>,
    (id, text): (EntryId, &str),
    now: Timestamp,
) -> Result<Remark, Error> {
    let text = RemarkText::check("text", text).map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    let entry = lock_own_or(&tx, permit, id).await?;
    let remark = remark(&entry, (RemarkKind::Comment, text), permit.actor(), now);
    remarks::add(&tx, &remark).await?;
    let audits = vec![trace((permit.by(), Operation::Comment), &entry, entry.draft.as_ref(), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(remark)
}
