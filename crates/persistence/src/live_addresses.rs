//! Where live entries are, for sitemaps: addresses and dates, without what the entries say.

use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::live_entries::visible;
use crate::live_projection::key_column;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// The address of a live entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveAddress {
    /// Address on the site.
    pub slug: String,
    /// Title, which news sitemaps repeat.
    pub title: String,
    /// First publication ever.
    pub first_published_at: Timestamp,
    /// Last change.
    pub modified_at: Timestamp,
}

/// A half-open interval of publication times.
pub type Span = (Timestamp, Timestamp);

/// Which addresses to read: always a slice of one scope and span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Whose rows are read.
    pub scope: ScopeKey,
    /// Published within this.
    pub span: Span,
    /// Whether the latest come first.
    pub latest_first: bool,
    /// So many at most.
    pub limit: u32,
    /// After passing over so many.
    pub offset: u32,
}

/// Reads a slice: one statement, one range scan.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn read(store: &Store, slice: Slice, now: Timestamp) -> Result<Vec<LiveAddress>, Error> {
    let Slice { scope, span: (from, to), latest_first, limit, offset } = slice;
    let direction = if latest_first { "DESC" } else { "ASC" };
    let sql = Sql::new(
        "SELECT e.slug, e.title, e.first_published_at, e.modified_at FROM live_listing l CROSS JOIN live_entry e \
         WHERE e.entry_id = l.entry_id AND l.scope = ",
    );
    let sql = sql.bind(key_column(scope)).push(" AND l.published_at >= ").bind(from.as_micros());
    let sql = visible(sql.push(" AND l.published_at < ").bind(to.as_micros()), now);
    let sql = sql.push(&format!(" ORDER BY l.published_at {direction}, l.entry_id {direction} LIMIT "));
    store.reader.all(sql.bind(i64::from(limit)).push(" OFFSET ").bind(i64::from(offset))).await
}

/// The earliest publication of the scope: one seek.
///
/// # Errors
/// When the database does not answer.
pub async fn first(store: &Store, scope: ScopeKey) -> Result<Option<Timestamp>, Error> {
    let sql = Sql::new("SELECT published_at FROM live_listing WHERE scope = ").bind(key_column(scope));
    let first: Option<i64> = store.reader.first(sql.push(" ORDER BY published_at LIMIT 1")).await?;
    Ok(first.map(Timestamp::from_micros))
}

/// How many entries each span holds, counted up to `most`, in the order of the spans; those that have expired but are not
/// yet swept out are counted too. One statement that reads nothing but the rows of the scope.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(store: &Store, scope: ScopeKey, spans: &[Span], most: u32) -> Result<Vec<u32>, Error> {
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("WITH span (number, since, until) AS (VALUES ");
    for (number, (from, to)) in (0_i64..).zip(spans) {
        sql = sql.push(if number == 0 { "" } else { ", " });
        sql = sql.bind_list([number, from.as_micros(), to.as_micros()]);
    }
    let sql = sql.push(
        ") SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one FROM live_listing l WHERE l.published_at >= span.since \
         AND l.published_at < span.until AND l.scope = ",
    );
    let sql = sql.bind(key_column(scope)).push(" LIMIT ").bind(i64::from(most));
    let counted: Vec<i64> = store.reader.all(sql.push(") counted) FROM span ORDER BY span.number")).await?;
    Ok(counted.into_iter().map(|count| u32::try_from(count).unwrap_or(u32::MAX)).collect())
}

impl FromRow for LiveAddress {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            slug: columns.take()?,
            title: columns.take()?,
            first_published_at: Timestamp::from_micros(columns.take()?),
            modified_at: Timestamp::from_micros(columns.take()?),
        })
    }
}
