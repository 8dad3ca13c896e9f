//! When what is public of a site was looked at last, and what there is to look at.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};

use lienthong_domain::article::Article;
use lienthong_domain::html::SafeHtml;
use lienthong_domain::ids::{EditionId, EntryId, SiteId};
use lienthong_domain::slug::Slug;
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::site_scan;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// The last scan of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteScan {
    /// The site.
    pub site: SiteId,
    /// Version of the rules it was scanned by.
    pub rules: u32,
    /// Articles that were looked at.
    pub entries: u32,
    /// Articles in which something was found that nobody has let pass.
    pub held: u32,
    /// Up to which address a scan has come that is not finished; none before it has begun.
    pub after_slug: Option<String>,
    /// When the last one was finished.
    pub finished_at: Option<Timestamp>,
}

/// An article as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicArticle {
    /// The entry.
    pub entry: EntryId,
    /// The edition that is live.
    pub edition: EditionId,
    /// Its address.
    pub slug: Slug,
    /// What it says.
    pub article: Article,
}

/// When a site is worth another scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Version of the rules now: a scan by an older one is out of date.
    pub rules: u32,
    /// A scan that was finished before is out of date.
    pub finished_before: Timestamp,
    /// Whoever claimed a site before and has not come on since has stopped.
    pub claimed_before: Timestamp,
}

/// Claims the site whose scan is out of date longest, so that no other node scans it too; `None` when all are up to date or
/// claimed.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(tx: &Tx, due: Due, now: Timestamp) -> Result<Option<SiteScan>, Error> {
    let Due { rules, finished_before, claimed_before } = due;
    let sql = Sql::new(
        "SELECT s.id FROM site s LEFT JOIN site_scan c ON c.site_id = s.id \
         WHERE (c.finished_at IS NULL OR c.rules < $1 OR c.finished_at < $2) \
         AND (c.claimed_at IS NULL OR c.claimed_at < $3) \
         ORDER BY CASE WHEN c.finished_at IS NULL THEN 0 ELSE c.finished_at END, s.id LIMIT 1",
    );
    let sql = sql.value(rules.cast_signed()).value(finished_before.as_micros()).value(claimed_before.as_micros());
    let Some(site) = tx.all::<Uuid>(sql).await?.pop() else { return Ok(None) };
    let claim = Sql::new(
        "INSERT INTO site_scan (site_id, rules, entries, held, claimed_at) VALUES ($1, 0, 0, 0, $2) \
         ON CONFLICT (site_id) DO UPDATE SET claimed_at = $2 \
         WHERE site_scan.claimed_at IS NULL OR site_scan.claimed_at < $3",
    );
    let claim = claim.value(site).value(now.as_micros()).value(claimed_before.as_micros());
    if tx.execute(claim).await? == 0 {
        return Ok(None);
    }
    find(tx, SiteId::from_uuid(site)).await
}

/// Claims this site, whoever scans it.
///
/// # Errors
/// When the database does not answer.
pub async fn claim_site(tx: &Tx, site: SiteId, now: Timestamp) -> Result<Option<SiteScan>, Error> {
    let claim = Sql::new(
        "INSERT INTO site_scan (site_id, rules, entries, held, claimed_at) VALUES ($1, 0, 0, 0, $2) \
         ON CONFLICT (site_id) DO UPDATE SET claimed_at = $2, after_slug = NULL",
    );
    tx.execute(claim.value(site.as_uuid()).value(now.as_micros())).await?;
    find(tx, site).await
}

async fn find(tx: &Tx, site: SiteId) -> Result<Option<SiteScan>, Error> {
    Ok(site_scan::Entity::find_by_id(site.as_uuid()).one(tx.conn()).await?.map(scan_of))
}

/// Saves how far a scan has come, or that it is finished.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, scan: &SiteScan, now: Timestamp) -> Result<(), Error> {
    let SiteScan { site, rules, entries, held, after_slug, finished_at } = scan;
    let row = site_scan::ActiveModel {
        site_id: Set(site.as_uuid()),
        rules: Set(rules.cast_signed()),
        entries: Set(entries.cast_signed()),
        held: Set(held.cast_signed()),
        after_slug: Set(after_slug.clone()),
        claimed_at: Set(after_slug.is_some().then(|| now.as_micros())),
        finished_at: Set(finished_at.map(Timestamp::as_micros)),
    };
    site_scan::Entity::update(row).exec(tx.conn()).await?;
    Ok(())
}

/// The scans of these sites that have ever begun, in no order.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, sites: &[SiteId]) -> Result<Vec<SiteScan>, Error> {
    let rows = site_scan::Entity::find()
        .filter(site_scan::Column::SiteId.is_in(sites.iter().map(|site| site.as_uuid())))
        .order_by_asc(site_scan::Column::SiteId)
        .all(&store.pool)
        .await?;
    Ok(rows.into_iter().map(scan_of).collect())
}

/// The next articles of a site, as the public sees them, in the order of their addresses.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn public_articles(
    store: &Store,
    (site, after): (SiteId, Option<&str>),
    limit: u32,
) -> Result<Vec<PublicArticle>, Error> {
    let mut sql = Sql::new(
        "SELECT l.entry_id, l.edition_id, l.slug, l.title, l.summary, d.content, b.html \
         FROM live_entry l JOIN edition d ON d.id = l.edition_id LEFT JOIN live_body b ON b.entry_id = l.entry_id \
         WHERE l.kind = 'article' AND l.site_id = $1",
    )
    .value(site.as_uuid());
    if let Some(after) = after {
        sql = sql.push(" AND l.slug > ").bind(after);
    }
    store.reader.all(sql.push(" ORDER BY l.slug LIMIT ").bind(i64::from(limit))).await
}

impl FromRow for PublicArticle {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (entry, edition) = (EntryId::from_uuid(columns.take()?), EditionId::from_uuid(columns.take()?));
        let slug: String = columns.take()?;
        let slug = slug.parse().map_err(|error| Error::corrupt("live_entry", error))?;
        let (title, summary) = (columns.take()?, columns.take()?);
        let content: String = columns.take()?;
        let article: Article = serde_json::from_str(&content).map_err(|error| Error::corrupt("edition", error))?;
        let body = SafeHtml::from_stored(columns.take::<Option<String>>()?.unwrap_or_default());
        Ok(Self { entry, edition, slug, article: Article { title, summary, body, ..article } })
    }
}

fn scan_of(row: site_scan::Model) -> SiteScan {
    let site_scan::Model { site_id, rules, entries, held, after_slug, claimed_at: _, finished_at } = row;
    SiteScan {
        site: SiteId::from_uuid(site_id),
        rules: rules.cast_unsigned(),
        entries: entries.cast_unsigned(),
        held: held.cast_unsigned(),
        after_slug,
        finished_at: finished_at.map(Timestamp::from_micros),
    }
}
