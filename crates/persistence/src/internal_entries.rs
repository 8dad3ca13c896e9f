//! What the people with a role on a site read besides what is public. Every read names the sites of a permit; nothing public
//! is made of these rows.

use lienthong_domain::access::SiteScope;
use lienthong_domain::article::Article;
use lienthong_domain::html::SafeHtml;
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::live_entries::{Bodies, Key, Part};
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// An internal article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InternalArticle {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// Number of the edition that is shown.
    pub edition_number: u32,
    /// Address on the site, should it become public.
    pub slug: String,
    /// First publication ever.
    pub first_published_at: Timestamp,
    /// Start of the current run.
    pub published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// Last change.
    pub modified_at: Timestamp,
    /// What it says; without its body, unless that was asked for.
    pub article: Article,
}

const COLUMNS: &str = "e.entry_id, e.site_id, d.number, e.slug, e.first_published_at, e.published_at, e.updated_at, \
     e.modified_at, d.content";

/// Up to `limit` internal articles of these sites, latest first: one statement, which reads the index of
/// each site and then the editions of one page.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list(
    store: &Store,
    sites: &[SiteId],
    part: Part,
    (limit, bodies): (u32, Bodies),
) -> Result<Vec<InternalArticle>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let (key, direction, beyond) = match part {
        Part::First(key) => (key, "DESC", '<'),
        Part::Last(key) => (key, "ASC", '>'),
    };
    let mut sql = Sql::new("WITH e AS (SELECT * FROM internal_entry i WHERE i.site_id IN ");
    sql = sql.bind_list(sites.iter().map(|site| site.as_uuid()));
    if let Some(key) = key {
        sql = sql.push(&format!(" AND (i.published_at, i.entry_id) {beyond} (")).bind(key.at.as_micros());
        sql = sql.push(", ").bind(key.entry.as_uuid()).push(")");
    }
    sql = sql.push(&format!(" ORDER BY i.published_at {direction}, i.entry_id {direction} LIMIT "));
    sql = sql.bind(i64::from(limit));
    let body = if bodies == Bodies::With { "d.body" } else { "NULL" };
    sql = sql.push(&format!(") SELECT {COLUMNS}, {body} FROM e JOIN edition d ON d.id = e.edition_id"));
    store.reader.all(sql.push(" ORDER BY e.published_at DESC, e.entry_id DESC")).await
}

/// One internal article of a site within `scope`, with its body.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, scope: &SiteScope, id: EntryId) -> Result<Option<InternalArticle>, Error> {
    let sql = Sql::new(format!(
        "SELECT {COLUMNS}, d.body FROM internal_entry e JOIN edition d ON d.id = e.edition_id WHERE e.entry_id = $1"
    ));
    let found: Option<InternalArticle> = store.reader.first(sql.value(id.as_uuid())).await?;
    Ok(found.filter(|article| scope.contains(article.site)))
}

impl InternalArticle {
    /// Where it stands in a list.
    pub const fn key(&self) -> Key {
        Key { at: self.published_at, entry: self.entry }
    }
}

impl FromRow for InternalArticle {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            entry: EntryId::from_uuid(columns.take()?),
            site: SiteId::from_uuid(columns.take()?),
            edition_number: columns.take::<i32>()?.cast_unsigned(),
            slug: columns.take()?,
            first_published_at: Timestamp::from_micros(columns.take()?),
            published_at: Timestamp::from_micros(columns.take()?),
            updated_at: Timestamp::from_micros(columns.take()?),
            modified_at: Timestamp::from_micros(columns.take()?),
            article: article(columns)?,
        })
    }
}

/// The content of an edition, from the columns `content` and `body`; the latter is null when it is not asked for.
pub(crate) fn article(columns: &mut Columns<'_>) -> Result<Article, Error> {
    let content: String = columns.take()?;
    let article: Article = serde_json::from_str(&content).map_err(|error| Error::corrupt("edition", error))?;
    Ok(Article { body: SafeHtml::from_stored(columns.take::<Option<String>>()?.unwrap_or_default()), ..article })
}
