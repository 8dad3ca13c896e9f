//! What has left the public: what stood at an address, and what has left lately, for those who keep copies.

use lienthong_domain::entry::{EntryKind, Gone};
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// An article that was public and no longer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The site that showed it.
    pub site: SiteId,
    /// Its identity in feeds.
    pub tag_uri: String,
    /// How it left.
    pub why: Gone,
    /// Since when.
    pub gone_at: Timestamp,
}

/// The mark a withdrawn entry leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneEntry {
    /// The entry.
    pub entry: EntryId,
    /// Why.
    pub why: Gone,
    /// Identity in feeds.
    pub tag_uri: String,
    /// Where its address leads now.
    pub location: Option<String>,
    /// Since when.
    pub gone_at: Timestamp,
}

/// What is known of an entry of `site` that is no longer shown at `slug`.
///
/// # Errors
/// When the database does not answer.
pub async fn gone_by_slug(store: &Store, site: SiteId, slug: &str) -> Result<Option<GoneEntry>, Error> {
    let sql =
        Sql::new("SELECT entry_id, reason, tag_uri, location, gone_at FROM live_gone WHERE site_id = $1 AND slug = $2");
    store.reader.first(sql.value(site.as_uuid()).value(slug.to_owned())).await
}

/// What is known of an entry that is no longer shown.
///
/// # Errors
/// When the database does not answer.
pub async fn gone_by_id(store: &Store, entry: EntryId) -> Result<Option<GoneEntry>, Error> {
    let sql = Sql::new("SELECT entry_id, reason, tag_uri, location, gone_at FROM live_gone WHERE entry_id = $1");
    store.reader.first(sql.value(entry.as_uuid())).await
}

/// The articles that have left these sites last, or all sites, the latest first: a step into an index for each site, or one.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(store: &Store, sites: Option<&[SiteId]>, most: u32) -> Result<Vec<Tombstone>, Error> {
    let sql = Sql::new("SELECT site_id, tag_uri, reason, gone_at FROM live_gone WHERE kind = ");
    let sql = sql.bind(EntryKind::Article.as_str());
    let sql = match sites {
        None => sql,
        Some([]) => return Ok(Vec::new()),
        Some(sites) => sql.push(" AND site_id IN ").bind_list(sites.iter().map(|site| site.as_uuid())),
    };
    store.reader.all(sql.push(&format!(" ORDER BY gone_at DESC, entry_id LIMIT {most}"))).await
}

impl FromRow for Tombstone {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            site: SiteId::from_uuid(columns.take()?),
            tag_uri: columns.take()?,
            why: gone(&columns.take::<String>()?)?,
            gone_at: Timestamp::from_micros(columns.take()?),
        })
    }
}

fn gone(name: &str) -> Result<Gone, Error> {
    Gone::parse(name).ok_or_else(|| Error::corrupt("live_gone", format!("reason {name:?}")))
}

impl FromRow for GoneEntry {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            entry: EntryId::from_uuid(columns.take()?),
            why: gone(&columns.take::<String>()?)?,
            tag_uri: columns.take()?,
            location: columns.take()?,
            gone_at: Timestamp::from_micros(columns.take()?),
        })
    }
}
