//! Release bundles: approved articles of a site that become public in one transaction, at once or at a time, or not at all.

use lienthong_domain::access::{By, Operation, Permit, SiteScope, act};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::bundle::{Bundle, BundleError, Problem};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{Entry, Outcome, Publication, Reviewer, Version};
use lienthong_domain::ids::{ActorId, BundleId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, bundles, entries};

use crate::app::App;
use crate::commands::articles::{lock, site_within, trace};
use crate::commands::desk::Seen;
use crate::commands::desk::publication::{pass, show};
use crate::commands::holds;
use crate::commands::projection;
use crate::error::Error;

/// The bundle an act is about, and the version it was made against.
pub type SeenBundle = (BundleId, Version);

/// Makes an empty bundle.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] without a name.
pub async fn create(
    app: &App,
    permit: &Permit<act::Publish>,
    (site, name): (SiteId, &str),
    now: Timestamp,
) -> Result<Bundle, Error> {
    let tx = app.store().begin().await?;
    let site = site_within(&tx, permit, site).await?.id;
    let bundle = Bundle::new(site, name, permit.actor(), now).map_err(Error::Invalid)?;
    bundles::insert(&tx, &bundle).await?;
    finish(tx, (permit, &bundle), now).await?;
    Ok(bundle)
}

/// Puts an approved article of the same site in, as it is now: whatever is done with it afterwards keeps the bundle from being
/// published, until it is put in again.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or of another site, [`Error::Bundle`], [`Error::Entry`] unless it is approved.
pub async fn put(
    app: &App,
    permit: &Permit<act::Publish>,
    ((id, seen), (entry, entry_seen)): (SeenBundle, Seen),
    now: Timestamp,
) -> Result<Bundle, Error> {
    let tx = app.store().begin().await?;
    let mut bundle = lock_bundle(&tx, permit, id).await?;
    bundle.check_open(seen)?;
    let entry = lock(&tx, permit, entry).await?;
    if entry.site != bundle.site {
        return Err(Error::NotFound("article"));
    }
    entry.check_bundled(entry_seen)?;
    if bundles::waiting_with(&tx, entry.id).await?.is_some_and(|other| other != bundle.id) {
        return Err(BundleError::Elsewhere.into());
    }
    bundle.put(seen, &entry)?;
    bundles::save(&tx, &bundle).await?;
    finish(tx, (permit, &bundle), now).await?;
    Ok(bundle)
}

/// Takes an article out.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or when it is not in, [`Error::Bundle`].
pub async fn take_out(
    app: &App,
    permit: &Permit<act::Publish>,
    ((id, seen), entry): (SeenBundle, EntryId),
    now: Timestamp,
) -> Result<Bundle, Error> {
    let tx = app.store().begin().await?;
    let mut bundle = lock_bundle(&tx, permit, id).await?;
    if !bundle.take_out(seen, entry)? {
        return Err(Error::NotFound("article"));
    }
    bundles::save(&tx, &bundle).await?;
    finish(tx, (permit, &bundle), now).await?;
    Ok(bundle)
}

/// Deletes a bundle that is not published and for which no time is set. Its articles stay as they are.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Bundle`].
pub async fn delete(
    app: &App,
    permit: &Permit<act::Publish>,
    (id, seen): SeenBundle,
    now: Timestamp,
) -> Result<(), Error> {
    let tx = app.store().begin().await?;
    let bundle = lock_bundle(&tx, permit, id).await?;
    bundle.check_open(seen)?;
    bundles::delete(&tx, id).await?;
    finish(tx, (permit, &bundle), now).await
}

/// Sets the time at which the bundle is published by itself. What is in it stays approved until then; answers given
/// meanwhile are not kept beyond that time.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Invalid`] for a time that is past, [`Error::Bundle`]; [`Error::Entry`]
/// when that is more than one person publishes in an hour, and then each article is held.
pub async fn schedule(
    app: &App,
    permit: &Permit<act::Publish>,
    ((id, seen), at): (SeenBundle, Timestamp),
    now: Timestamp,
) -> Result<Bundle, Error> {
    if at <= now {
        return Err(Error::Invalid(vec![FieldError { field: "at", rule: FieldRule::BeforeItsStart }]));
    }
    let tx = app.store().begin().await?;
    let mut bundle = lock_bundle(&tx, permit, id).await?;
    bundle.schedule(seen, at)?;
    let tx = admitted(app, tx, (permit, &bundle), now).await?;
    set(app, tx, (permit, &bundle), now).await?;
    Ok(bundle)
}

/// Takes the time back.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Bundle`].
pub async fn unschedule(
    app: &App,
    permit: &Permit<act::Publish>,
    (id, seen): SeenBundle,
    now: Timestamp,
) -> Result<Bundle, Error> {
    let tx = app.store().begin().await?;
    let mut bundle = lock_bundle(&tx, permit, id).await?;
    bundle.unschedule(seen)?;
    set(app, tx, (permit, &bundle), now).await?;
    Ok(bundle)
}

/// Publishes all articles of a bundle in one transaction. When this returns, this node no longer serves what was public
/// before.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Bundle`]; [`Error::BundleRefused`] with the article and the rule of each
/// that cannot be published, and then none is; [`Error::Entry`] when that is more than one person publishes in an hour, and
/// then each article is held.
pub async fn publish(
    app: &App,
    permit: &Permit<act::Publish>,
    (id, seen): SeenBundle,
    now: Timestamp,
) -> Result<Bundle, Error> {
    let tx = app.store().begin().await?;
    let mut bundle = lock_bundle(&tx, permit, id).await?;
    bundle.publish(seen, now)?;
    let tx = admitted(app, tx, (permit, &bundle), now).await?;
    let record = Box::pin(release(app, &tx, (&bundle, permit.by()), now)).await?;
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    Ok(bundle)
}

/// Lets somebody publish a bundle, unless that is more than a person does in an hour.
async fn admitted(
    app: &App,
    tx: Tx,
    (permit, bundle): (&Permit<act::Publish>, &Bundle),
    now: Timestamp,
) -> Result<Tx, Error> {
    if permit.is_operator() {
        return Ok(tx);
    }
    let found = entries::lock_all(&tx, &SiteScope::of([bundle.site]), &items(bundle)).await?;
    holds::admit_all(app, tx, found, permit, now).await
}

fn items(bundle: &Bundle) -> Vec<EntryId> {
    bundle.items.iter().map(|item| item.entry).collect()
}

/// Publishes a bundle whose time has come, or notes why it cannot be. Returns how many articles became public; `None` when
/// another node was faster.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn come_due(app: &App, id: BundleId, now: Timestamp) -> Result<Option<usize>, Error> {
    let tx = app.store().begin().await?;
    let Some(mut bundle) = lock_due(&tx, id, now).await? else { return Ok(None) };
    bundle.publish(bundle.version, now)?;
    let by = By::from(ActorId::SCHEDULE);
    let problems = match Box::pin(release(app, &tx, (&bundle, by), now)).await {
        Ok(record) => {
            let position = tx.commit(record).await?;
            app.settle(position).await?;
            return Ok(Some(bundle.items.len()));
        }
        Err(Error::BundleRefused(problems)) => problems,
        Err(error) => return Err(error),
    };
    // Nothing of the attempt is kept, except that it was made.
    drop(tx);
    let tx = app.store().begin().await?;
    let Some(mut bundle) = lock_due(&tx, id, now).await? else { return Ok(None) };
    bundle.fail(problems, now);
    bundles::save(&tx, &bundle).await?;
    let record = Record { changes: vec![projection::rescheduled(now)], audits: vec![audit(by, &bundle, now)] };
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    Ok(Some(0))
}

async fn lock_due(tx: &Tx, id: BundleId, now: Timestamp) -> Result<Option<Bundle>, Error> {
    Ok(bundles::lock(tx, &SiteScope::Everywhere, id).await?.filter(|bundle| bundle.is_due(now)))
}

/// Makes every article public, and saves the bundle. Each is judged before the first is written.
async fn release(app: &App, tx: &Tx, (bundle, by): (&Bundle, By), now: Timestamp) -> Result<Record, Error> {
    let judged = judge(tx, (bundle, by.actor), now).await?;
    let mut record = Record { changes: Vec::new(), audits: vec![audit(by, bundle, now)] };
    for (mut entry, outcome) in judged {
        let Record { changes, audits } = Box::pin(show(app, tx, (&mut entry, by, &outcome), now)).await?;
        record.changes.extend(changes);
        record.audits.extend(audits);
        record.audits.push(trace((by, Operation::Publish), &entry, entry.live.as_ref(), now));
    }
    bundles::save(tx, bundle).await?;
    Ok(record)
}

/// What becomes of each article; or else everything that is in the way.
async fn judge(tx: &Tx, (bundle, actor): (&Bundle, ActorId), now: Timestamp) -> Result<Vec<(Entry, Outcome)>, Error> {
    let found = entries::lock_all(tx, &SiteScope::of([bundle.site]), &items(bundle)).await?;
    // Approved by somebody else already: nobody's own work passes here.
    let reviewer = Reviewer { actor, may_pass_own: false };
    let (mut judged, mut problems) = (Vec::new(), Vec::new());
    for mut entry in found {
        let put_in = bundle.items.iter().find(|item| item.entry == entry.id);
        let seen = put_in.map_or(entry.version, |item| item.version);
        match one(tx, (&mut entry, seen), reviewer, now).await {
            Ok(outcome) => judged.push((entry, outcome)),
            Err(error @ (Error::Entry(_) | Error::Invalid(_) | Error::NotFound(_))) => {
                problems.push(problem(&entry, &error));
            }
            Err(fault) => return Err(fault),
        }
    }
    if problems.is_empty() { Ok(judged) } else { Err(Error::BundleRefused(problems)) }
}

async fn one(
    tx: &Tx,
    (entry, seen): (&mut Entry, Version),
    reviewer: Reviewer,
    now: Timestamp,
) -> Result<Outcome, Error> {
    entry.check_bundled(seen)?;
    let publication = entry.draft.as_ref().map(|draft| Publication { at: None, ..draft.publication.clone() });
    let publication = publication.ok_or(Error::NotFound("article"))?;
    pass(tx, (entry, seen), (publication, reviewer), now).await
}

fn problem(entry: &Entry, error: &Error) -> Problem {
    let reason = match error {
        Error::Invalid(fields) => fields.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    };
    Problem { entry: entry.id, slug: entry.slug.to_string(), code: error.code().as_str().to_owned(), reason }
}

async fn lock_bundle(tx: &Tx, permit: &Permit<act::Publish>, id: BundleId) -> Result<Bundle, Error> {
    bundles::lock(tx, permit.scope(), id).await?.ok_or(Error::NotFound("bundle"))
}

/// Saves a bundle whose time is another one, which every node has to hear of.
async fn set(
    app: &App,
    tx: Tx,
    (permit, bundle): (&Permit<act::Publish>, &Bundle),
    now: Timestamp,
) -> Result<(), Error> {
    bundles::save(&tx, bundle).await?;
    let record = Record { changes: vec![projection::rescheduled(now)], audits: vec![audit(permit.by(), bundle, now)] };
    let position = tx.commit(record).await?;
    app.settle(position).await
}

async fn finish(tx: Tx, (permit, bundle): (&Permit<act::Publish>, &Bundle), now: Timestamp) -> Result<(), Error> {
    tx.commit(Record { changes: Vec::new(), audits: vec![audit(permit.by(), bundle, now)] }).await?;
    Ok(())
}

fn audit(by: By, bundle: &Bundle, now: Timestamp) -> Audit {
    let Bundle { id, site, name, version, .. } = bundle;
    Audit {
        by,
        operation: Operation::Publish,
        site: Some(*site),
        entry: None,
        edition: None,
        note: format!("bundle {id} at version {version}: {name}"),
        matter: Some(Matter::Bundle(*id)),
        after: None,
        at: now,
    }
}
