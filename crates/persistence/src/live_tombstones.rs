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

/// The articles that have left these sites last, the latest first: a step into an index for each site.
///
/// # Errors
/// When the database does not answer.
pub async fn latest(store: &Store, sites: &[SiteId], most: u32) -> Result<Vec<Tombstone>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new("SELECT site_id, tag_uri, reason, gone_at FROM live_gone WHERE site_id IN ");
    let sql = sql.bind_list(sites.iter().map(|site| site.as_uuid()));
    let sql = sql.push(" AND kind = ").bind(EntryKind::Article.as_str());
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
