//! Lists follow the reference data: when a category has another topic or parent, a site another unit, or a unit another
//! parent, the lists of the articles concerned are written anew, in batches.
//!
//! What has to be done is noted in the transaction of the move, by `persistence`. The command that made the move does it at
//! once; what a crash left undone, and what another process noted, is done by [`follow`] on any node. Doing it twice
//! changes nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use lienthong_domain::change::{Change, ChangeKind, ChangedEntry};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{CategoryId, TopicId};
use lienthong_domain::live::article_scopes;
use lienthong_domain::scope::{Placement, ScopeKey, ScopeSet};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::relistings::{self, Relisted, Walk};
use lienthong_persistence::{Record, Tx, categories};

use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run};
use crate::error::Error;

/// How long to wait after a failure.
const RETRY: Duration = Duration::from_secs(1);

/// Writes all lists that are due, as further batches of a command. Returns how many articles stand in other lists now.
pub(super) async fn within(batches: &mut Batches<'_>, now: Timestamp) -> Result<usize, Error> {
    let mut relisted = 0;
    loop {
        let tx = batches.begin().await?;
        let Some(changes) = step(&tx, now).await? else {
            batches.end(tx, Record::default(), (0, None)).await?;
            return Ok(relisted);
        };
        relisted += changes.len();
        batches.keep(tx, Record { changes, audits: Vec::new() }).await?;
    }
}

/// Writes all lists that are due. Returns how many articles stand in other lists now.
///
/// # Errors
/// When the database does not answer; what was done stands, and the rest stays due.
pub(crate) async fn work_off(app: &App, now: Timestamp) -> Result<usize, Error> {
    if !relistings::are_due(app.store()).await? {
        return Ok(0);
    }
    let mut batches = Batches::new(app, Run::default());
    let relisted = within(&mut batches, now).await?;
    batches.finish(app).await?;
    Ok(relisted)
}

/// Writes the lists that are due, now and whenever the reference data changes, until the future is dropped.
pub(crate) async fn follow(app: &App) {
    loop {
        match work_off(app, Timestamp::from(chrono::Utc::now())).await {
            Ok(0) => app.reference_changed().await,
            Ok(articles) => tracing::info!(articles, "lists were written anew after a change of the reference data"),
            Err(error) => {
                tracing::warn!(%error, "lists cannot be written anew, trying again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

/// The next batch; `None` when no list is due.
async fn step(tx: &Tx, now: Timestamp) -> Result<Option<Vec<Change>>, Error> {
    let limit = u32::try_from(BATCH).unwrap_or(u32::MAX);
    let Some(walk) = relistings::next(tx, limit).await? else { return Ok(None) };
    let relisted = relisted(tx, &walk).await?;
    relistings::rewrite(tx, &relisted).await?;
    relistings::advance(tx, &walk).await?;
    Ok(Some(relisted.iter().map(|one| change(&walk, one, now)).collect()))
}

/// Those that belong into other lists now.
async fn relisted<'a>(tx: &Tx, walk: &'a Walk) -> Result<Vec<Relisted<'a>>, Error> {
    let mut placements: HashMap<(CategoryId, Option<TopicId>), Option<Placement>> = HashMap::new();
    let mut relisted = Vec::new();
    for of in &walk.articles {
        let key = (of.article.category, of.article.topic);
        let placement = match placements.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(categories::placement(tx, walk.site, key.0, key.1).await?),
        };
        let Some(placement) = placement else { continue };
        // What stands in no list is an archived piece, and stays one.
        let scopes = if of.scopes.is_empty() { ScopeSet::default() } else { article_scopes(&of.article, placement) };
        let topic = placement.topic();
        if topic != of.topic || scopes != of.scopes {
            relisted.push(Relisted { of, topic, scopes });
        }
    }
    Ok(relisted)
}

fn change(walk: &Walk, relisted: &Relisted<'_>, now: Timestamp) -> Change {
    let Relisted { of, topic: _, scopes } = relisted;
    let subject = ChangedEntry { entry: of.entry, kind: EntryKind::Article, site: walk.site, edition: of.edition };
    let scopes = of.scopes.union(scopes).union(&std::iter::once(ScopeKey::entry(of.entry)).collect());
    Change { kind: ChangeKind::Relisted, subject: Some(subject), scopes, at: now }
}
