//! What the public reads. Drafts are not in these tables, so that no filter can be forgotten.

use uuid::Uuid;

use lienthong_domain::article::ArticleKind;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{CategoryId, EditionId, EntryId, KeyId, SeriesId, SiteId, TopicId};
use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::live_projection::key_column;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// A live entry without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveHeader {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// The live edition.
    pub edition: EditionId,
    /// That edition's number.
    pub edition_number: u32,
    /// Address on the site.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Form of journalism, for articles.
    pub article_kind: Option<ArticleKind>,
    /// Category, for kinds that have one.
    pub category: Option<CategoryId>,
    /// Topic.
    pub topic: Option<TopicId>,
    /// The series it belongs to.
    pub series: Option<SeriesId>,
    /// Language tag.
    pub language: String,
    /// Tags, as a JSON list.
    pub tags: Option<String>,
    /// Byline.
    pub author: Option<String>,
    /// Origin of a repost, as JSON.
    pub source: Option<String>,
    /// Lead image, as JSON.
    pub cover: Option<String>,
    /// Attached documents, as a JSON list.
    pub attachments: Option<String>,
    /// Identity in feeds.
    pub tag_uri: String,
    /// The article that it corrects.
    pub corrects: Option<EntryId>,
    /// What is shown of that one, as JSON; `None` when it is not public.
    pub corrected: Option<String>,
    /// Its own corrections, newest first, as a JSON list.
    pub corrections: Option<String>,
    /// When they changed last.
    pub corrected_at: Option<Timestamp>,
    /// First publication ever.
    pub first_published_at: Timestamp,
    /// Start of the current run in public.
    pub published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// Last change.
    pub modified_at: Timestamp,
    /// Moment after which it is no longer shown.
    pub visible_until: Option<Timestamp>,
    /// Body and detail, when they were asked for.
    pub body: Option<LiveBody>,
}

/// The large part of a live entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveBody {
    /// Sanitised HTML.
    pub html: String,
    /// Typed detail as JSON, for kinds other than articles.
    pub detail: Option<String>,
    /// The signature of its site, and by which key.
    pub signature: Option<(KeyId, [u8; 64])>,
}

/// By which time a list is ordered, latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Start of the current run in public.
    Published,
    /// Last major change.
    Updated,
}

/// A place in a list: the order key of one entry. The greater stands nearer to the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The time the list is ordered by.
    pub at: Timestamp,
    /// The entry, which decides among equal times.
    pub entry: EntryId,
}

/// Which part of a list to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From the latest, or after a place.
    First(Option<Key>),
    /// From the earliest, or before a place; given in the list's order all the same.
    Last(Option<Key>),
}

/// One list: a scope, and what is left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whose rows are read.
    pub scope: ScopeKey,
    /// The order.
    pub order: Order,
    /// Not earlier than this, by the time of the order.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// Only entries in this language. This and what follows holds nothing that the scope says already.
    pub language: Option<String>,
    /// Only articles of this kind.
    pub article_kind: Option<ArticleKind>,
    /// Only entries of these categories.
    pub categories: Vec<CategoryId>,
    /// Only entries of these topics; empty for all.
    pub topics: Vec<TopicId>,
}

const HEADER: &str = "e.entry_id, e.site_id, e.edition_id, e.edition_number, e.slug, e.title, e.summary, \
     e.article_kind, e.category_id, e.topic_id, e.series_id, e.language, e.tags, e.author, e.source, e.cover, \
     e.attachments, e.tag_uri, e.corrects, e.corrected, e.corrections, e.corrected_at, \
     e.first_published_at, e.published_at, e.updated_at, e.modified_at, e.visible_until";

/// Whether bodies are read too. Lists that show none do not touch their pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    /// Headers only.
    Without,
    /// Headers and bodies.
    With,
}

/// Reads up to `limit` entries of a part of a list, no further than `end`: one statement, one range scan.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list(
    store: &Store,
    listing: &Listing,
    (part, end): (Part, Option<Key>),
    (limit, bodies): (u32, Bodies),
    now: Timestamp,
) -> Result<Vec<LiveHeader>, Error> {
    let sql = matching(Sql::new(select(bodies)), listing, (part, end), now);
    let sql = in_order(sql, listing.order, part).push(" LIMIT ").bind(i64::from(limit));
    let rows: Vec<Row> = store.reader.all(sql).await?;
    let mut headers: Vec<LiveHeader> = rows.into_iter().map(|row| row.0).collect();
    if part.is_backwards() {
        headers.reverse();
    }
    Ok(headers)
}

/// Where a reader stands that has passed over `most` rows of a part of a list; `None` when it has not so many. Looks at no
/// more than these rows, and at none of their headers.
///
/// # Errors
/// When the database does not answer.
pub async fn reach(store: &Store, listing: &Listing, part: Part, most: u32) -> Result<Option<Key>, Error> {
    let (table, time) = (listing.order.table(), listing.order.column());
    let sql = Sql::new(format!("SELECT l.{time}, l.entry_id FROM {table} l WHERE l.scope = "));
    let sql = within(sql.bind(key_column(listing.scope)), listing, (part, None));
    let sql = in_order(sql, listing.order, part).push(" LIMIT 1 OFFSET ").bind(i64::from(most.saturating_sub(1)));
    store.reader.first(sql).await
}

/// Counts a list up to `most`, no further than `end`; the second value tells whether more than `most` were found.
///
/// # Errors
/// When the database does not answer.
pub async fn count(
    store: &Store,
    (listing, end): (&Listing, Option<Key>),
    most: u32,
    now: Timestamp,
) -> Result<(u32, bool), Error> {
    let sql = matching(Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one"), listing, (Part::First(None), end), now);
    let sql = sql.push(" LIMIT ").bind(i64::from(most) + 1).push(") counted");
    let counted: Option<i64> = store.reader.first(sql).await?;
    let counted = u32::try_from(counted.unwrap_or(0)).unwrap_or(u32::MAX);
    Ok((counted.min(most), counted > most))
}

/// The live entry at an address, with its body.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn by_slug(store: &Store, site: SiteId, slug: &str, now: Timestamp) -> Result<Option<LiveHeader>, Error> {
    let sql =
        Sql::new(select(Bodies::With)).push(" FROM live_entry e LEFT JOIN live_body b ON b.entry_id = e.entry_id");
    let sql = sql.push(" WHERE e.site_id = ").bind(site.as_uuid()).push(" AND e.slug = ").bind(slug.to_owned());
    Ok(store.reader.first::<Row>(visible(sql, now)).await?.map(|row| row.0))
}

/// The live entries with these ids, with their bodies, in no order.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn by_ids(store: &Store, kind: EntryKind, ids: &[EntryId], now: Timestamp) -> Result<Vec<LiveHeader>, Error> {
    chosen(store, (kind, ids), Bodies::With, now).await
}

/// The live entries of one kind with these ids, in no order: one statement.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn chosen(
    store: &Store,
    (kind, ids): (EntryKind, &[EntryId]),
    bodies: Bodies,
    now: Timestamp,
) -> Result<Vec<LiveHeader>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(select(bodies)).push(" FROM live_entry e");
    if bodies == Bodies::With {
        sql = sql.push(" LEFT JOIN live_body b ON b.entry_id = e.entry_id");
    }
    let sql = sql.push(" WHERE e.kind = ").bind(kind.as_str()).push(" AND e.entry_id IN ");
    let sql = sql.bind_list(ids.iter().map(|id| id.as_uuid()));
    Ok(store.reader.all::<Row>(visible(sql, now)).await?.into_iter().map(|row| row.0).collect())
}

/// How many articles of each site were first published in the half-open interval and are live, sites without any
/// left out.
///
/// # Errors
/// When the database does not answer.
pub async fn count_first_published(
    store: &Store,
    sites: &[SiteId],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<(SiteId, u64)>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new("SELECT e.site_id, COUNT(*) FROM live_entry e WHERE e.site_id IN ");
    let sql = sql.bind_list(sites.iter().map(|site| site.as_uuid()));
    let sql = sql.push(" AND e.kind = ").bind(EntryKind::Article.as_str());
    let sql = sql.push(" AND e.first_published_at >= ").bind(from.as_micros());
    let sql = sql.push(" AND e.first_published_at < ").bind(to.as_micros());
    let rows: Vec<SiteCount> = store.reader.all(visible(sql, now).push(" GROUP BY e.site_id")).await?;
    Ok(rows.into_iter().map(|row| (row.site, row.count)).collect())
}

fn select(bodies: Bodies) -> String {
    match bodies {
        Bodies::Without => format!("SELECT {HEADER}, NULL, NULL, NULL, NULL"),
        Bodies::With => format!("SELECT {HEADER}, b.html, b.detail, e.signed_by, e.signature"),
    }
}

/// From the rows of the scope to the headers, in this order: `CROSS JOIN` keeps `SQLite` from turning it round, which
/// on a sparse scope costs eighty times as much.
fn matching(sql: Sql, listing: &Listing, read: (Part, Option<Key>), now: Timestamp) -> Sql {
    let bodies = sql.text.contains("b.html");
    let mut sql = sql.push(&format!(" FROM {} l CROSS JOIN live_entry e", listing.order.table()));
    if bodies {
        sql = sql.push(" LEFT JOIN live_body b ON b.entry_id = e.entry_id");
    }
    sql = sql.push(" WHERE e.entry_id = l.entry_id AND l.scope = ").bind(key_column(listing.scope));
    sql = within(sql, listing, read);
    if let Some(language) = &listing.language {
        sql = sql.push(" AND e.language = ").bind(language.clone());
    }
    if let Some(kind) = listing.article_kind {
        sql = sql.push(" AND e.article_kind = ").bind(kind.as_str());
    }
    if !listing.topics.is_empty() {
        sql = sql.push(" AND e.topic_id IN ").bind_list(listing.topics.iter().map(|id| id.as_uuid()));
    }
    if !listing.categories.is_empty() {
        sql = sql.push(" AND e.category_id IN ").bind_list(listing.categories.iter().map(|id| id.as_uuid()));
    }
    visible(sql, now)
}

/// Within the time range of the list, behind the place where the part begins, and no further than `end`. One bound on each
/// side: of two on the same columns a planner begins at the first, and passes over what lies between them.
fn within(sql: Sql, listing: &Listing, (part, end): (Part, Option<Key>)) -> Sql {
    let start_of = |at| Key { at, entry: EntryId::from_uuid(Uuid::nil()) };
    let (latest, earliest) = match part {
        Part::First(after) => (after.map(|key| (key, "<")), end.map(|key| (key, ">="))),
        Part::Last(before) => (end.map(|key| (key, "<=")), before.map(|key| (key, ">"))),
    };
    let to = listing.to.map(|to| (start_of(to), "<"));
    let from = listing.from.map(|from| (start_of(from), ">="));
    let latest = latest.into_iter().chain(to).min_by_key(|(key, _)| *key);
    let earliest = earliest.into_iter().chain(from).max_by_key(|(key, _)| *key);
    latest.into_iter().chain(earliest).fold(sql, |sql, (key, operator)| compared(sql, listing.order, (operator, key)))
}

fn compared(sql: Sql, order: Order, (operator, key): (&str, Key)) -> Sql {
    let sql = sql.push(&format!(" AND (l.{}, l.entry_id) {operator} (", order.column()));
    sql.bind(key.at.as_micros()).push(", ").bind(key.entry.as_uuid()).push(")")
}

fn in_order(sql: Sql, order: Order, part: Part) -> Sql {
    let direction = if part.is_backwards() { "ASC" } else { "DESC" };
    sql.push(&format!(" ORDER BY l.{} {direction}, l.entry_id {direction}", order.column()))
}

/// Expiry never waits for a scheduler: every public read passes here.
pub(crate) fn visible(sql: Sql, now: Timestamp) -> Sql {
    sql.push(" AND (e.visible_until IS NULL OR e.visible_until > ").bind(now.as_micros()).push(")")
}

impl Order {
    const fn table(self) -> &'static str {
        match self {
            Self::Published => "live_listing",
            Self::Updated => "live_listing_updated",
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Published => "published_at",
            Self::Updated => "updated_at",
        }
    }
}

impl Listing {
    /// Whether entries of the scope are passed over for more than their time: then a page may lie any number of rows apart.
    pub const fn has_conditions(&self) -> bool {
        let Self { scope: _, order: _, from: _, to: _, language, article_kind, categories, topics } = self;
        language.is_some() || article_kind.is_some() || !categories.is_empty() || !topics.is_empty()
    }
}

impl Part {
    const fn is_backwards(self) -> bool {
        matches!(self, Self::Last(_))
    }

    /// What is left of this part behind `key`; nothing changes without one.
    #[must_use]
    pub fn beyond(self, key: Option<Key>) -> Self {
        match (self, key) {
            (Self::First(_), Some(key)) => Self::First(Some(key)),
            (Self::Last(_), Some(key)) => Self::Last(Some(key)),
            (part, None) => part,
        }
    }
}

impl LiveHeader {
    /// Where this entry stands in a list of the given order.
    pub const fn key(&self, order: Order) -> Key {
        let at = match order {
            Order::Published => self.published_at,
            Order::Updated => self.updated_at,
        };
        Key { at, entry: self.entry }
    }
}

impl FromRow for Key {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { at: Timestamp::from_micros(columns.take()?), entry: EntryId::from_uuid(columns.take()?) })
    }
}

struct Row(LiveHeader);

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self(LiveHeader {
            entry: EntryId::from_uuid(columns.take()?),
            site: SiteId::from_uuid(columns.take()?),
            edition: EditionId::from_uuid(columns.take()?),
            edition_number: columns.take::<i32>()?.cast_unsigned(),
            slug: columns.take()?,
            title: columns.take()?,
            summary: columns.take()?,
            article_kind: columns.take::<Option<String>>()?.as_deref().and_then(ArticleKind::parse),
            category: columns.take::<Option<Uuid>>()?.map(CategoryId::from_uuid),
            topic: columns.take::<Option<Uuid>>()?.map(TopicId::from_uuid),
            series: columns.take::<Option<Uuid>>()?.map(SeriesId::from_uuid),
            language: columns.take()?,
            tags: columns.take()?,
            author: columns.take()?,
            source: columns.take()?,
            cover: columns.take()?,
            attachments: columns.take()?,
            tag_uri: columns.take()?,
            corrects: columns.take::<Option<Uuid>>()?.map(EntryId::from_uuid),
            corrected: columns.take()?,
            corrections: columns.take()?,
            corrected_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            first_published_at: Timestamp::from_micros(columns.take()?),
            published_at: Timestamp::from_micros(columns.take()?),
            updated_at: Timestamp::from_micros(columns.take()?),
            modified_at: Timestamp::from_micros(columns.take()?),
            visible_until: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            body: body(columns)?,
        }))
    }
}

fn body(columns: &mut Columns<'_>) -> Result<Option<LiveBody>, Error> {
    let html: Option<String> = columns.take()?;
    let detail: Option<String> = columns.take()?;
    let key: Option<Uuid> = columns.take()?;
    let bytes: Option<Vec<u8>> = columns.take()?;
    let bytes = bytes.map(<[u8; 64]>::try_from).transpose();
    let bytes = bytes.map_err(|_| Error::corrupt("live_entry", "a signature has 64 bytes"))?;
    let signature = key.map(KeyId::from_uuid).zip(bytes);
    Ok(html.map(|html| LiveBody { html, detail, signature }))
}

struct SiteCount {
    site: SiteId,
    count: u64,
}

impl FromRow for SiteCount {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { site: SiteId::from_uuid(columns.take()?), count: columns.take::<i64>()?.cast_unsigned() })
    }
}

#[cfg(test)]
mod tests {
    use lienthong_domain::scope::{Place, Subject};
    use sea_orm::Value;

    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn key(micros: i64) -> Key {
        Key { at: at(micros), entry: EntryId::from_uuid(Uuid::max()) }
    }

    /// The bounds of a part of a list from 100 to 900, each with its time.
    fn bounds(read: (Part, Option<Key>)) -> Vec<(&'static str, i64)> {
        let listing = Listing {
            scope: ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Any),
            order: Order::Published,
            from: Some(at(100)),
            to: Some(at(900)),
            language: None,
            article_kind: None,
            categories: vec![],
            topics: vec![],
        };
        let Sql { text, values } = within(Sql::new(""), &listing, read);
        let operators =
            text.split(" AND (l.published_at, l.entry_id) ").skip(1).map(|bound| match bound.split(' ').next() {
                Some("<") => "<",
                Some("<=") => "<=",
                Some(">") => ">",
                _ => ">=",
            });
        let times = values.iter().step_by(2).map(|value| match value {
            Value::BigInt(Some(time)) => *time,
            other => panic!("{other:?}"),
        });
        operators.zip(times).collect()
    }

    #[test]
    fn a_part_of_a_list_has_one_bound_on_each_side_the_narrower() {
        for (read, expected) in [
            ((Part::First(None), None), [("<", 900), (">=", 100)]),
            ((Part::First(Some(key(500))), None), [("<", 500), (">=", 100)]),
            ((Part::First(Some(key(500))), Some(key(300))), [("<", 500), (">=", 300)]),
            ((Part::First(Some(key(950))), Some(key(50))), [("<", 900), (">=", 100)]),
            ((Part::Last(Some(key(500))), None), [("<", 900), (">", 500)]),
            ((Part::Last(Some(key(500))), Some(key(700))), [("<=", 700), (">", 500)]),
        ] {
            assert_eq!(bounds(read), expected, "{read:?}");
        }
    }
}
