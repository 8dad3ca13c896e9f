//! Whoever does unusually much in an hour waits for a second person.

use lienthong_domain::access::{Action, Operation, Permit, act};
use lienthong_domain::change::Audit;
use lienthong_domain::entry::{Content, Edition, Entry, EntryError};
use lienthong_domain::hold::{Deed, Finding, Hold, WINDOW, findings_in_library};
use lienthong_domain::ids::{ActorId, EditionId};
use lienthong_domain::outbound;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, audits, entries, holds, site_hosts};

use crate::app::App;
use crate::commands::articles::trace;
use crate::error::Error;

/// What is to be seen of a draft only when it is about to be saved: what it shows of the library of its site, where it leads
/// to, and how much whoever wrote it has written.
pub(in crate::commands) async fn unusual(
    app: &App,
    tx: &Tx,
    (entry, actor): (&Entry, ActorId),
    now: Timestamp,
) -> Result<Vec<Finding>, Error> {
    let Some(Content::Article(article)) = entry.draft.as_ref().map(|draft| &draft.content) else {
        return Ok(Vec::new());
    };
    let outside = outbound::hosts(article).difference(&app.own_hosts()).cloned().collect();
    let unknown = site_hosts::unknown(tx, entry.site, outside, now).await?;
    let mut found = findings_in_library(article);
    found.extend(outbound::findings(article, &unknown));
    found.extend(excess(app, tx, (actor, Deed::Writing, 1), now).await?);
    Ok(found)
}

/// Lets somebody publish or remove an entry, unless that is more than a person does. Then the edition that `concerned` chooses is held,
/// and the transaction is committed with that and nothing else.
///
/// # Errors
/// [`EntryError::Held`] until a second person has let the entry pass.
pub(in crate::commands) async fn admit<A: Action>(
    app: &App,
    tx: Tx,
    (entry, concerned): (&mut Entry, impl Fn(&Entry) -> Option<&Edition>),
    (permit, deed): (&Permit<A>, Deed),
    now: Timestamp,
) -> Result<Tx, Error> {
    if permit.is_operator() {
        return Ok(tx);
    }
    let Some(finding) = excess(app, &tx, (permit.actor(), deed, 1), now).await? else { return Ok(tx) };
    let Some(edition) = concerned(entry).map(|edition| edition.id) else { return Ok(tx) };
    let mut acts = Vec::new();
    if waits(&tx, (entry, edition), (finding, permit.actor()), (&mut acts, now)).await? {
        return Err(held(tx, acts).await);
    }
    Ok(tx)
}

/// The same for the open editions of a bundle, which are published together: all of them wait when they are too many.
///
/// # Errors
/// [`EntryError::Held`] until a second person has let each of them pass.
pub(in crate::commands) async fn admit_all(
    app: &App,
    tx: Tx,
    entries: Vec<Entry>,
    permit: &Permit<act::Publish>,
    now: Timestamp,
) -> Result<Tx, Error> {
    let deed = (permit.actor(), Deed::Publishing, entries.len());
    let Some(finding) = excess(app, &tx, deed, now).await? else { return Ok(tx) };
    let (mut any, mut acts) = (false, Vec::new());
    for mut entry in entries {
        let Some(edition) = entry.draft.as_ref().map(|draft| draft.id) else { continue };
        any |= waits(&tx, (&mut entry, edition), (finding.clone(), permit.actor()), (&mut acts, now)).await?;
    }
    if any { Err(held(tx, acts).await) } else { Ok(tx) }
}

/// Holds an edition for `finding`, unless a second person has let it pass, and tells whether it is held.
async fn waits(
    tx: &Tx,
    (entry, edition): (&mut Entry, EditionId),
    (finding, actor): (Finding, ActorId),
    (acts, now): (&mut Vec<Audit>, Timestamp),
) -> Result<bool, Error> {
    let earlier = holds::within(tx, entry.id).await?;
    if earlier.iter().any(|hold| hold.covers(std::slice::from_ref(&finding))) {
        return Ok(false);
    }
    let stands = |hold: &Hold| hold.release.is_none() && hold.findings.contains(&finding);
    if !earlier.iter().any(stands) {
        entry.set_held(edition, true);
        entries::save(tx, entry, None).await?;
        holds::raise(tx, &Hold::of_pace(entry, (edition, finding), actor, now)).await?;
        acts.push(by_itself(entry, edition, now));
    }
    Ok(true)
}

/// That an edition was held without anybody having asked for it, for the audit trail. The entry is as it is saved.
pub(super) fn by_itself(entry: &Entry, edition: EditionId, now: Timestamp) -> Audit {
    let held = entry.draft.iter().chain(&entry.live).find(|one| one.id == edition);
    let act = trace((ActorId::SCHEDULE.into(), Operation::Quarantine), entry, held, now);
    Audit { note: format!("{}: held", entry.slug), ..act }
}

/// Keeps the holds, and nothing else of the act.
async fn held(tx: Tx, audits: Vec<Audit>) -> Error {
    match tx.commit(Record { changes: Vec::new(), audits }).await {
        Ok(_) => EntryError::Held.into(),
        Err(error) => error.into(),
    }
}

/// What to say when `more` of such acts within the hour are too many.
async fn excess(
    app: &App,
    tx: &Tx,
    (actor, deed, more): (ActorId, Deed, usize),
    now: Timestamp,
) -> Result<Option<Finding>, Error> {
    let Some(limit) = app.pace().limit(deed, now) else { return Ok(None) };
    let done = audits::count(tx, (actor, deed.operations()), now.plus_seconds(-WINDOW)).await?;
    let more = u64::try_from(more).unwrap_or(u64::MAX);
    Ok((done.saturating_add(more) > u64::from(limit)).then(|| deed.finding(limit)))
}
