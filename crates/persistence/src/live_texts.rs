//! What the search index knows of the live entries: their text and the lists they belong to. Expired entries are
//! read too, with the moment of their end, because expiry is judged when a reader asks.

use uuid::Uuid;

use lienthong_domain::article::ArticleKind;
use lienthong_domain::ids::{CategoryId, EntryId, TopicId};
use lienthong_domain::scope::ScopeSet;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// The text of one live entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveText {
    /// The entry.
    pub entry: EntryId,
    /// Form of journalism, for articles.
    pub article_kind: Option<ArticleKind>,
    /// Category, for kinds that have one.
    pub category: Option<CategoryId>,
    /// Topic.
    pub topic: Option<TopicId>,
    /// Language tag.
    pub language: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Tags as written.
    pub tags: Vec<String>,
    /// Sanitised HTML.
    pub html: String,
    /// Start of the current run in public.
    pub published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// Moment after which it is no longer shown.
    pub visible_until: Option<Timestamp>,
    /// The lists it belongs to.
    pub scopes: ScopeSet,
}

const SELECT: &str = "SELECT e.entry_id, e.article_kind, e.category_id, e.topic_id, e.language, e.title, e.summary, \
     e.tags, b.html, e.published_at, e.updated_at, e.visible_until, e.scopes \
     FROM live_entry e LEFT JOIN live_body b ON b.entry_id = e.entry_id";

/// The entries after `entry` in the order of their ids, at most `limit`: one step of a walk through all of them.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn after(store: &Store, entry: Option<EntryId>, limit: u32) -> Result<Vec<LiveText>, Error> {
    let mut sql = Sql::new(SELECT);
    if let Some(entry) = entry {
        sql = sql.push(" WHERE e.entry_id > ").bind(entry.as_uuid());
    }
    store.reader.all(sql.push(" ORDER BY e.entry_id LIMIT ").bind(i64::from(limit))).await
}

/// Those of the entries `ids` that are live, in no order.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn by_ids(store: &Store, ids: &[EntryId]) -> Result<Vec<LiveText>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(SELECT).push(" WHERE e.entry_id IN ").bind_list(ids.iter().map(|id| id.as_uuid()));
    store.reader.all(sql).await
}

impl FromRow for LiveText {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            entry: EntryId::from_uuid(columns.take()?),
            article_kind: columns.take::<Option<String>>()?.as_deref().and_then(ArticleKind::parse),
            category: columns.take::<Option<Uuid>>()?.map(CategoryId::from_uuid),
            topic: columns.take::<Option<Uuid>>()?.map(TopicId::from_uuid),
            language: columns.take()?,
            title: columns.take()?,
            summary: columns.take()?,
            tags: tags(columns.take()?)?,
            html: columns.take::<Option<String>>()?.unwrap_or_default(),
            published_at: Timestamp::from_micros(columns.take()?),
            updated_at: Timestamp::from_micros(columns.take()?),
            visible_until: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            scopes: scopes(&columns.take::<Vec<u8>>()?)?,
        })
    }
}

fn tags(json: Option<String>) -> Result<Vec<String>, Error> {
    let tags = json.map(|json| serde_json::from_str(&json)).transpose();
    Ok(tags.map_err(|error| Error::corrupt("live_entry", error))?.unwrap_or_default())
}

fn scopes(bytes: &[u8]) -> Result<ScopeSet, Error> {
    ScopeSet::from_bytes(bytes).map_err(|error| Error::corrupt("live_entry", error))
}
