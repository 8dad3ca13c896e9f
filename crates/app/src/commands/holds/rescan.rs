//! Looking at everything that is public, again and again: rules grow, and what was changed behind the application's back
//! never passed a write.

use std::time::Duration;

use lienthong_domain::access::{Permit, SiteScope, act};
use lienthong_domain::hold::{Finding, findings, findings_in_slug};
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::poison::rules_version;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::site_scans::{self, Due, PublicArticle, SiteScan};
use lienthong_persistence::{Record, entries, holds};

use crate::app::App;
use crate::commands::holds::hold;
use crate::commands::holds::pace::by_itself;
use crate::error::Error;

/// Articles read and looked at in one step.
const BATCH: u32 = 100;

/// What was scanned longer ago is scanned again, in seconds.
const MAX_AGE: i64 = 24 * 60 * 60;

/// Whoever has not come on with a site for this long has stopped, in seconds.
const CLAIM: i64 = 10 * 60;

/// How often a node looks for a site to be scanned.
const TICK: Duration = Duration::from_mins(1);

/// What a scan of one site found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rescanned {
    /// The site.
    pub site: SiteId,
    /// Articles that were looked at.
    pub entries: u32,
    /// Articles in which something was found that nobody has let pass.
    pub held: u32,
}

/// Scans what is due, whenever it is, until the future is dropped.
pub(crate) async fn follow(app: &App) {
    loop {
        match rescan_due(app, Timestamp::from(chrono::Utc::now())).await {
            Ok(Some(Rescanned { held: 0, .. })) => {}
            Ok(Some(Rescanned { site, entries, held })) => {
                tracing::warn!(%site, entries, held, "something was found in what is public");
            }
            Ok(None) => tokio::time::sleep(TICK).await,
            Err(error) => {
                tracing::warn!(%error, "what is public cannot be scanned, trying again");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

/// Scans the site whose last scan is older than a day, or was made by older rules, and lies back longest. `None` when there
/// is no such site that another node has not claimed. A scan that another node has left is gone on with.
///
/// # Errors
/// When the database does not answer; what was found stands, and the rest stays due.
pub async fn rescan_due(app: &App, now: Timestamp) -> Result<Option<Rescanned>, Error> {
    let due = Due {
        rules: rules_version(),
        finished_before: now.plus_seconds(-MAX_AGE),
        claimed_before: now.plus_seconds(-CLAIM),
    };
    let tx = app.store().begin().await?;
    let claimed = site_scans::claim(&tx, due, now).await?;
    tx.commit(Record::default()).await?;
    match claimed {
        Some(scan) => Ok(Some(walk(app, scan, now).await?)),
        None => Ok(None),
    }
}

/// Scans a site now, whenever that was done last.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; when the database does not answer.
pub async fn rescan(
    app: &App,
    permit: &Permit<act::Quarantine>,
    site: SiteId,
    now: Timestamp,
) -> Result<Rescanned, Error> {
    if !permit.scope().contains(site) {
        return Err(Error::NotFound("site"));
    }
    let tx = app.store().begin().await?;
    let scan = site_scans::claim_site(&tx, site, now).await?.ok_or(Error::NotFound("site"))?;
    tx.commit(Record::default()).await?;
    walk(app, scan, now).await
}

async fn walk(app: &App, mut scan: SiteScan, now: Timestamp) -> Result<Rescanned, Error> {
    let site = scan.site;
    if scan.after_slug.is_none() {
        (scan.entries, scan.held) = (0, 0);
    }
    loop {
        let articles = site_scans::public_articles(app.store(), (site, scan.after_slug.as_deref()), BATCH).await?;
        let is_last = articles.len() < BATCH as usize;
        scan.entries = scan.entries.saturating_add(u32::try_from(articles.len()).unwrap_or(u32::MAX));
        scan.after_slug = articles.last().map(|article| article.slug.to_string()).filter(|_| !is_last);
        for (article, found) in looked_at(articles).await? {
            scan.held += u32::from(note(app, (site, &article), found, now).await?);
        }
        if is_last {
            (scan.rules, scan.finished_at) = (rules_version(), Some(now));
        }
        let tx = app.store().begin().await?;
        site_scans::save(&tx, &scan, Timestamp::from(chrono::Utc::now())).await?;
        tx.commit(Record::default()).await?;
        if is_last {
            return Ok(Rescanned { site, entries: scan.entries, held: scan.held });
        }
    }
}

/// Those in which something was found, looked at on a thread that may be kept busy.
async fn looked_at(articles: Vec<PublicArticle>) -> Result<Vec<(PublicArticle, Vec<Finding>)>, Error> {
    let look = move || {
        let look = |one: PublicArticle| {
            let found = [findings_in_slug(&one.slug, &one.article.title), findings(&one.article)].concat();
            (one, found)
        };
        articles.into_iter().map(look).filter(|(_, found)| !found.is_empty()).collect()
    };
    tokio::task::spawn_blocking(look).await.map_err(|error| Error::Internal(error.to_string()))
}

/// Raises a hold on a public article, unless there is one that says the same or somebody has let it pass. Tells whether
/// somebody has to look.
async fn note(
    app: &App,
    (site, article): (SiteId, &PublicArticle),
    found: Vec<Finding>,
    now: Timestamp,
) -> Result<bool, Error> {
    let tx = app.store().begin().await?;
    let scope = SiteScope::of([site]);
    let Some(mut entry) = entries::lock(&tx, &scope, article.entry).await? else { return Ok(false) };
    if entry.live.as_ref().is_none_or(|live| live.id != article.edition) {
        return Ok(false);
    }
    let earlier = holds::within(&tx, entry.id).await?;
    let is_known = |one: &&lienthong_domain::hold::Hold| {
        one.release.is_none() && one.edition == Some(article.edition) && one.findings == found
    };
    if earlier.iter().any(|one| is_known(&one)) {
        return Ok(true);
    }
    let raised = hold(&mut entry, (article.edition, found), (&earlier, ActorId::SCHEDULE), now);
    let mut record = Record::default();
    if let Some(raised) = &raised {
        entries::save(&tx, &entry, None).await?;
        holds::raise(&tx, raised).await?;
        record.audits.push(by_itself(&entry, article.edition, now));
    }
    tx.commit(record).await?;
    Ok(raised.is_some())
}
