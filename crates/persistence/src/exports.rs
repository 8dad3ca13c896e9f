//! Reads what is published, for everybody or internally, with all that an import of it elsewhere needs.

use lienthong_domain::article::Article;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::time::Timestamp;

use uuid::Uuid;

use crate::error::Error;
use crate::internal_entries::article;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// A published article; its content tells for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedArticle {
    /// The entry.
    pub entry: EntryId,
    /// Identity in the system it was imported from.
    pub source_id: Option<String>,
    /// The article that it corrects, when that is published too, and the identity that one was imported from.
    pub corrects: Option<(EntryId, Option<String>)>,
    /// Address on the site.
    pub slug: String,
    /// First publication ever.
    pub first_published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// What it says.
    pub article: Article,
}

/// Up to `limit` published articles of a site after the one at `after`, by first publication and address: an order that
/// every instance with the same content shares.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn articles(
    store: &Store,
    site: SiteId,
    after: Option<(Timestamp, &str)>,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<ExportedArticle>, Error> {
    let (at, slug) = after.unwrap_or((Timestamp::from_micros(i64::MIN), ""));
    let sql = Sql::new(SELECT).value(site.as_uuid()).value(EntryKind::Article.as_str()).value(at.as_micros());
    store.reader.all(sql.value(slug).value(now.as_micros()).value(i64::from(limit))).await
}

/// The first condition on the time is what the index can use. A page is cut from each table before they are put together.
const SELECT: &str = "WITH l AS (SELECT * FROM ( \
     SELECT entry_id, edition_id, slug, first_published_at, updated_at FROM live_entry \
     WHERE site_id = $1 AND kind = $2 AND first_published_at >= $3 AND (first_published_at > $3 OR slug > $4) \
     AND (visible_until IS NULL OR visible_until > $5) ORDER BY first_published_at, slug LIMIT $6) public \
     UNION ALL SELECT * FROM ( \
     SELECT entry_id, edition_id, slug, first_published_at, updated_at FROM internal_entry \
     WHERE site_id = $1 AND first_published_at >= $3 AND (first_published_at > $3 OR slug > $4) \
     ORDER BY first_published_at, slug LIMIT $6) internal) \
     SELECT l.entry_id, n.source_id, c.id, c.source_id, l.slug, l.first_published_at, l.updated_at, d.content, d.body \
     FROM l JOIN entry n ON n.id = l.entry_id JOIN edition d ON d.id = l.edition_id \
     LEFT JOIN entry c ON c.id = n.corrects AND c.quarantined_at IS NULL \
     AND EXISTS (SELECT 1 FROM edition o WHERE o.entry_id = c.id AND o.state = 'live') \
     ORDER BY l.first_published_at, l.slug LIMIT $6";

impl FromRow for ExportedArticle {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            entry: EntryId::from_uuid(columns.take()?),
            source_id: columns.take()?,
            corrects: corrected(columns)?,
            slug: columns.take()?,
            first_published_at: Timestamp::from_micros(columns.take()?),
            updated_at: Timestamp::from_micros(columns.take()?),
            article: article(columns)?,
        })
    }
}

fn corrected(columns: &mut Columns<'_>) -> Result<Option<(EntryId, Option<String>)>, Error> {
    let (id, source_id): (Option<Uuid>, Option<String>) = (columns.take()?, columns.take()?);
    Ok(id.map(|id| (EntryId::from_uuid(id), source_id)))
}
