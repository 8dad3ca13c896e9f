//! Whoever does unusually much in an hour waits for a second person.

use lienthong_domain::access::{Action, Permit};
use lienthong_domain::entry::{Content, Edition, Entry, EntryError};
use lienthong_domain::hold::{Deed, Finding, Hold, WINDOW, findings_in_library};
use lienthong_domain::ids::ActorId;
use lienthong_domain::outbound;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, audits, entries, holds, site_hosts};

use crate::app::App;
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
    found.extend(excess(app, tx, (actor, Deed::Writing), now).await?);
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
    let Some(finding) = excess(app, &tx, (permit.actor(), deed), now).await? else { return Ok(tx) };
    let Some(edition) = concerned(entry).map(|edition| edition.id) else { return Ok(tx) };
    let earlier = holds::within(&tx, entry.id).await?;
    if earlier.iter().any(|hold| hold.covers(std::slice::from_ref(&finding))) {
        return Ok(tx);
    }
    let stands = |hold: &Hold| hold.release.is_none() && hold.findings.contains(&finding);
    if !earlier.iter().any(stands) {
        entry.set_held(edition, true);
        entries::save(&tx, entry, None).await?;
        holds::raise(&tx, &Hold::of_pace(entry, (edition, finding), permit.actor(), now)).await?;
        tx.commit(Record::default()).await?;
    }
    Err(EntryError::Held.into())
}

async fn excess(app: &App, tx: &Tx, (actor, deed): (ActorId, Deed), now: Timestamp) -> Result<Option<Finding>, Error> {
    let Some(limit) = app.pace().limit(deed, now) else { return Ok(None) };
    let done = audits::count(tx, (actor, deed.operations()), now.plus_seconds(-WINDOW)).await?;
    Ok((done >= u64::from(limit)).then(|| deed.finding(limit)))
}
