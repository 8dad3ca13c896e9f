//! What has left the public lately, for those who keep copies.

use lienthong_domain::entry::{EntryKind, Gone};
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::live_entries::gone;
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
