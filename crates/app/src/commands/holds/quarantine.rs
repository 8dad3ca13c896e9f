//! Taking content away from everybody at once, until a second person has looked.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, Change, Matter};
use lienthong_domain::entry::{EditionState, Gone, RemarkText};
use lienthong_domain::hold::{Hold, Quarantine, Target};
use lienthong_domain::ids::{EntryId, QuarantineId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, entries, holds, quarantines};

use crate::app::App;
use crate::commands::articles::{audit, lock, site_within};
use crate::commands::{bulk, projection};
use crate::error::Error;

/// Entries taken away in one transaction at most.
const BATCH: u64 = 250;

/// What a quarantine took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantined {
    /// The quarantine, by which it is released.
    pub id: QuarantineId,
    /// How many articles.
    pub articles: u64,
}

/// Takes the articles of `target` that somebody sees, or is going to see at a time, away from everybody, as far as the
/// permit reaches. Their addresses answer 410 until a second person releases them. Large targets take several transactions;
/// a call that breaks off leaves what it has taken away, and is simply made again.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] for an entry or a site outside the permit, or an entry that is
/// under quarantine already.
pub async fn quarantine(
    app: &App,
    permit: &Permit<act::Quarantine>,
    (target, reason): (Target, &str),
    now: Timestamp,
) -> Result<Quarantined, Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let id = QuarantineId::new(now);
    let raised_by = permit.actor();
    let mut first = Some(Quarantine { id, target, reason, raised_by, raised_at: now, release: None });
    let mut articles = 0;
    loop {
        let tx = app.store().begin().await?;
        let mut record = Record::default();
        if let Some(quarantine) = first.take() {
            record.audits.push(begin(&tx, permit, quarantine).await?);
        }
        let concerned = quarantines::concerned(&tx, permit.scope(), target, BATCH).await?;
        if matches!(target, Target::Entry(_)) && concerned.is_empty() {
            return Err(Error::NotFound("article"));
        }
        for entry in &concerned {
            take_away(&tx, (permit, id), *entry, (&mut record, now)).await?;
        }
        let position = tx.commit(record).await?;
        app.settle(position).await?;
        articles += concerned.len() as u64;
        if (concerned.len() as u64) < BATCH {
            return Ok(Quarantined { id, articles });
        }
    }
}

async fn begin(tx: &Tx, permit: &Permit<act::Quarantine>, quarantine: Quarantine) -> Result<Audit, Error> {
    if let Target::Site(site) = quarantine.target {
        site_within(tx, permit, site).await?;
    }
    if let Target::Entry(entry) = quarantine.target {
        lock(tx, permit, entry).await?;
    }
    quarantines::add(tx, &quarantine).await?;
    let Quarantine { id, target, reason, raised_at, .. } = quarantine;
    let site = if let Target::Site(site) = target { Some(site) } else { None };
    Ok(Audit { site, ..bulk::audit(permit, Matter::Quarantine(id), reason.as_str().to_owned(), raised_at) })
}

async fn take_away(
    tx: &Tx,
    (permit, quarantine): (&Permit<act::Quarantine>, QuarantineId),
    id: EntryId,
    (record, now): (&mut Record, Timestamp),
) -> Result<(), Error> {
    let mut entry = entries::lock(tx, permit.scope(), id).await?.ok_or(Error::NotFound("article"))?;
    let waits = entry.draft.as_ref().is_some_and(|draft| draft.state == EditionState::Scheduled);
    let shown = entry.quarantine(now)?;
    entries::save(tx, &entry, None).await?;
    holds::raise(tx, &Hold::of_quarantine(&entry, quarantine, permit.actor(), now)).await?;
    let told: Vec<Change> = match shown {
        Some(edition) => projection::hide(tx, &entry, (edition, Gone::Withdrawn, None), now).await?,
        None => vec![projection::rescheduled(now)],
    };
    record.changes.extend(told);
    record.audits.push(audit(permit, &entry, entry.live.as_ref(), now));
    if waits {
        record.audits.push(audit(permit, &entry, entry.draft.as_ref(), now));
    }
    Ok(())
}
