//! Making public, at once or at a time.

use lienthong_domain::access::{By, Permit, act};
use lienthong_domain::entry::{Content, Entry, EntryError, Outcome, Publication, Reviewer, Version};
use lienthong_domain::hold::Deed;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, entries, quarantines, sites};

use crate::app::App;
use crate::commands::articles::{audit, ended, is_new_there, lock, placement};
use crate::commands::desk::{Seen, reviewer, step};
use crate::commands::holds;
use crate::commands::media;
use crate::commands::projection;
use crate::error::Error;
use crate::proof::keys;

/// Publishes the open edition to its audience, or sets the time for it. When this returns, this node no longer serves what was public
/// before.
///
/// # Errors
/// [`Error::NotFound`] outside the permit; [`Error::Invalid`] when something is not said of its images that
/// the site asks for; [`Error::Entry`] on a conflict, without an edition that may pass, for one's own
/// text that nobody else has approved, for what is held or under quarantine, or for something new on a site that is closed.
pub async fn publish(
    app: &App,
    permit: &Permit<act::Publish>,
    ((id, seen), publication): (Seen, impl Into<Publication>),
    now: Timestamp,
) -> Result<Entry, Error> {
    let publication = publication.into();
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    check_site(&tx, &entry, publication.at.map_or(now, |at| at.max(now))).await?;
    entry.check(seen)?;
    let tx = holds::admit(app, tx, (&mut entry, |entry| entry.draft.as_ref()), (permit, Deed::Publishing), now).await?;
    let reviewer = reviewer(&tx, permit, &entry).await?;
    let outcome = entry.publish(seen, (publication, reviewer), now)?;
    let mut record = show(app, &tx, (&mut entry, permit.by(), &outcome), now).await?;
    record.audits.push(audit(permit, &entry, entry.draft.as_ref().or(entry.live.as_ref()), now));
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    Ok(entry)
}

/// Lets the open edition pass to its audience, unless something of it or of its site is in the way. Nothing is written yet.
pub(super) async fn pass(
    tx: &Tx,
    (entry, seen): (&mut Entry, Version),
    (publication, reviewer): (Publication, Reviewer),
    now: Timestamp,
) -> Result<Outcome, Error> {
    check_site(tx, entry, now).await?;
    Ok(entry.publish(seen, (publication, reviewer), now)?)
}

/// Whether the site lets the open edition pass at that moment: it is neither closed then nor under quarantine, and its rule for
/// images is kept.
async fn check_site(tx: &Tx, entry: &Entry, at: Timestamp) -> Result<(), Error> {
    if is_closed_to(tx, entry, at).await? {
        return Err(EntryError::SiteClosed.into());
    }
    if quarantines::holds_site(tx, entry.site).await? {
        return Err(EntryError::Quarantined.into());
    }
    Box::pin(media::check_rule(tx, entry)).await
}

/// Whether the open edition would be new on a site that is closed at that moment. What stands on an archive can still be
/// corrected, or made internal.
pub(super) async fn is_closed_to(tx: &Tx, entry: &Entry, at: Timestamp) -> Result<bool, Error> {
    if !is_new_there(entry) {
        return Ok(false);
    }
    let site = sites::find(tx, entry.site).await?.ok_or(Error::NotFound("site"))?;
    Ok(site.is_closed_on(at.local_day()))
}

/// Takes back the time that was set; the edition stays approved.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Entry`] on a conflict or unless a time is set.
pub async fn unschedule(
    app: &App,
    permit: &Permit<act::Publish>,
    (id, seen): Seen,
    now: Timestamp,
) -> Result<Entry, Error> {
    step(app, (permit, id), async |_: &_, entry: &mut Entry| Ok(entry.unschedule(seen)?), now).await
}

/// Signs and saves an entry after a transition, and shows it to its audience. Returns the changes for the log, and the act
/// of making the site's key when it is the first that is signed.
pub(super) async fn show(
    app: &App,
    tx: &Tx,
    (entry, by, outcome): (&mut Entry, By, &Outcome),
    now: Timestamp,
) -> Result<Record, Error> {
    let is_new = matches!(outcome, Outcome::Published | Outcome::Updated { .. });
    let made = if is_new { Box::pin(keys::sign_live(tx, app.seal(), (entry, by), now)).await? } else { None };
    entries::save(tx, entry, ended(outcome)).await?;
    let changes = match (outcome, entry.live.as_ref().map(|live| &live.content)) {
        (Outcome::Scheduled, _) => vec![projection::rescheduled(now)],
        (Outcome::Ended { edition, why }, _) => projection::hide(tx, entry, (edition.id, *why, None), now).await?,
        (Outcome::Published | Outcome::Updated { .. }, Some(Content::Article(article))) => {
            let placement = placement(tx, entry.site, article).await?;
            projection::show(tx, entry, &placement, now).await?
        }
        _ => return Err(Error::NotFound("article")),
    };
    Ok(Record { changes, audits: made.into_iter().collect() })
}
