//! Since when and until when sites have published, from what is public now.

use lienthong_domain::activity::SiteActivity;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::live_entries::visible;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// The first and the last article of a site: one statement, two steps into an index.
///
/// # Errors
/// When the database does not answer.
pub async fn of_site(store: &Store, site: SiteId, now: Timestamp) -> Result<SiteActivity, Error> {
    let sql = end(Sql::new("SELECT ("), site, ("", now)).push("), (");
    let found = store.reader.first(end(sql, site, (" DESC", now)).push(")")).await?;
    Ok(found.unwrap_or_default())
}

fn end(sql: Sql, site: SiteId, (direction, now): (&str, Timestamp)) -> Sql {
    let sql = sql.push("SELECT e.first_published_at FROM live_entry e WHERE e.site_id = ").bind(site.as_uuid());
    let sql = sql.push(" AND e.kind = ").bind(EntryKind::Article.as_str());
    visible(sql, now).push(&format!(" ORDER BY e.first_published_at{direction} LIMIT 1"))
}

impl FromRow for SiteActivity {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            first: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            last: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
        })
    }
}
