//! A second person has looked: what was held may become public, and what was taken away is shown again.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{Entry, EntryError, RemarkText};
use lienthong_domain::hold::{Hold, Release};
use lienthong_domain::ids::{EntryId, QuarantineId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, bundles, entries, holds, quarantines};

use crate::app::App;
use crate::commands::articles::{audit, lock, placement};
use crate::commands::bulk;
use crate::commands::desk::Seen;
use crate::commands::projection;
use crate::error::Error;

/// Entries released in one transaction at most.
const BATCH: u64 = 250;

/// What a release gave back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// How many articles.
    pub articles: u64,
    /// Whether nothing of the quarantine is left: what the permit does not reach, and what its own releaser has written,
    /// stays.
    pub is_complete: bool,
}

/// Releases everything that holds an article: what the scanner has found may be published, and what was under quarantine is
/// shown again, under the dates it had.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Invalid`] without a reason, [`Error::Entry`] on a conflict, when nothing
/// is held, or for somebody who has raised the hold or written on the text.
pub async fn release(
    app: &App,
    permit: &Permit<act::ReleaseHold>,
    ((id, seen), reason): (Seen, &str),
    now: Timestamp,
) -> Result<Entry, Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    entry.check(seen)?;
    let mut record = Record::default();
    give_back(&tx, permit, (&mut entry, &reason), (&mut record, now)).await?;
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    Ok(entry)
}

/// Ends a quarantine and shows its articles again, as far as the permit reaches. One that breaks off is simply called again.
///
/// # Errors
/// [`Error::NotFound`] without such a quarantine that is open, [`Error::Invalid`] without a reason; [`Error::Entry`] for
/// whoever has put it under quarantine.
pub async fn release_quarantine(
    app: &App,
    permit: &Permit<act::ReleaseHold>,
    (id, reason): (QuarantineId, &str),
    now: Timestamp,
) -> Result<Released, Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let mut released = Released { articles: 0, is_complete: false };
    let mut after = None;
    loop {
        let tx = app.store().begin().await?;
        check_open(&tx, permit, id).await?;
        let held = holds::entries_of(&tx, permit.scope(), ((id, after), BATCH)).await?;
        let mut record = Record::default();
        for (_, entry) in &held {
            released.articles += u64::from(show_again(&tx, permit, (*entry, &reason), (&mut record, now)).await?);
        }
        after = held.last().map(|(hold, _)| *hold);
        let is_last = (held.len() as u64) < BATCH;
        released.is_complete = is_last && !holds::is_left_of(&tx, id).await?;
        if released.is_complete {
            let release = Release { actor: permit.actor(), reason: Some(reason.clone()), at: now };
            quarantines::end(&tx, id, &release).await?;
            record.audits.push(bulk::audit(permit, Matter::Quarantine(id), reason.as_str().to_owned(), now));
        }
        let position = tx.commit(record).await?;
        app.settle(position).await?;
        if is_last {
            return Ok(released);
        }
    }
}

/// Only a second person ends a quarantine.
async fn check_open(tx: &Tx, permit: &Permit<act::ReleaseHold>, id: QuarantineId) -> Result<(), Error> {
    let found = quarantines::lock(tx, permit.scope(), id).await?.filter(|one| one.release.is_none());
    let quarantine = found.ok_or(Error::NotFound("quarantine"))?;
    if quarantine.raised_by == permit.actor() && !permit.is_operator() {
        return Err(EntryError::SecondPerson.into());
    }
    Ok(())
}

/// Gives an entry of a quarantine back, unless the releaser is not the second person for it.
async fn show_again(
    tx: &Tx,
    permit: &Permit<act::ReleaseHold>,
    (id, reason): (EntryId, &RemarkText),
    (record, now): (&mut Record, Timestamp),
) -> Result<bool, Error> {
    let Some(mut entry) = entries::lock(tx, permit.scope(), id).await? else { return Ok(false) };
    match give_back(tx, permit, (&mut entry, reason), (record, now)).await {
        Err(Error::Entry(EntryError::SecondPerson)) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

/// Ends every hold on an entry, and shows it again when it was under quarantine. Nothing is written unless all of them can
/// be ended.
async fn give_back(
    tx: &Tx,
    permit: &Permit<act::ReleaseHold>,
    (entry, reason): (&mut Entry, &RemarkText),
    (record, now): (&mut Record, Timestamp),
) -> Result<(), Error> {
    let open = holds::open_within(tx, entry.id).await?;
    if open.is_empty() {
        return Err(EntryError::NotHeld.into());
    }
    for hold in open.iter().filter(|_| !permit.is_operator()) {
        hold.check_releaser(entry, permit.actor())?;
    }
    let release = Release { actor: permit.actor(), reason: Some(reason.clone()), at: now };
    for Hold { id, .. } in &open {
        holds::end(tx, *id, &release).await?;
    }
    let held = entry.version;
    let shown = entry.release().and_then(|live| live.content.article()).cloned();
    entries::save(tx, entry, None).await?;
    for bundle in bundles::take_along(tx, entry.id, (held, entry.version)).await? {
        let along = Audit { matter: Some(Matter::Bundle(bundle)), ..audit(permit, entry, None, now) };
        record.audits.push(along);
    }
    if let Some(article) = shown {
        let placement = placement(tx, entry.site, &article).await?;
        record.changes.extend(projection::show(tx, entry, &placement, now).await?);
    }
    record.audits.push(audit(permit, entry, entry.draft.as_ref().or(entry.live.as_ref()), now));
    Ok(())
}
