//! Lists that have to be written anew because reference data has changed.
//!
//! The lists of an entry are written when it is published, from where its site and its category stand at that moment.
//! When one of them moves, [`mark`] notes the sites concerned in the transaction of the move, and [`next`] walks through
//! their articles afterwards, in batches that leave their place behind: a walk that broke off is gone on with.
//!
//! Nothing is missed on `PostgreSQL` either. Whoever writes `live_*` rows of a site holds its row shared from before the
//! placement is read ([`share`]); [`mark`] and [`next`] hold it alone. So a publication that read the old placement is
//! committed before the mark is, and the walk finds it. Bulk imports lock the whole table of entries instead.

use std::collections::BTreeSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::article::Article;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{EditionId, EntryId, SiteId, TopicId, UnitId};
use lienthong_domain::scope::ScopeSet;

use crate::batch::insert_all;
use crate::entity::{live_entry, live_listing, live_listing_updated, relisting};
use crate::error::Error;
use crate::live_projection::key_column;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// A part of the articles of a site whose lists are to be written anew.
#[derive(Debug)]
pub struct Walk {
    /// The site.
    pub site: SiteId,
    /// The next of its articles. Their bodies are not read.
    pub articles: Vec<Listed>,
    is_last: bool,
}

/// A live article with the lists it stands in.
#[derive(Debug)]
pub struct Listed {
    /// The entry.
    pub entry: EntryId,
    /// Its live edition.
    pub edition: EditionId,
    /// What that says, without the body.
    pub article: Article,
    /// The topic it is listed under.
    pub topic: Option<TopicId>,
    /// The lists it stands in.
    pub scopes: ScopeSet,
    first_published_at: i64,
    published_at: i64,
    updated_at: i64,
}

/// Where an article stands from now on.
#[derive(Debug)]
pub struct Relisted<'a> {
    /// The article as it was.
    pub of: &'a Listed,
    /// Its topic.
    pub topic: Option<TopicId>,
    /// Its lists.
    pub scopes: ScopeSet,
}

/// Whether any list is to be written anew.
///
/// # Errors
/// When the database does not answer.
pub async fn are_due(store: &Store) -> Result<bool, Error> {
    let due: Option<Uuid> = store.reader.first(Sql::new("SELECT site_id FROM relisting LIMIT 1")).await?;
    Ok(due.is_some())
}

/// At most `limit` articles of the next site, which nobody publishes on until the transaction ends; `None` when no list
/// is to be written anew.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn next(tx: &Tx, limit: u32) -> Result<Option<Walk>, Error> {
    if tx.backend() == DbBackend::Postgres {
        // Waits for the bulk import that is under way; one that begins later sees the move in the log.
        tx.conn().execute_unprepared("LOCK TABLE entry IN ROW EXCLUSIVE MODE").await?;
    }
    loop {
        let due: Vec<Uuid> = tx.all(Sql::new("SELECT site_id FROM relisting ORDER BY site_id LIMIT 1")).await?;
        let Some(site) = due.into_iter().next() else { return Ok(None) };
        claim(tx, [site]).await?;
        let Some(row) = relisting::Entity::find_by_id(site).one(tx.conn()).await? else { continue };
        let articles = articles(tx, &row, limit).await?;
        let is_last = articles.len() < limit as usize;
        return Ok(Some(Walk { site: SiteId::from_uuid(site), articles, is_last }));
    }
}

/// Moves articles to other lists.
///
/// # Errors
/// When the database refuses.
pub async fn rewrite(tx: &Tx, articles: &[Relisted<'_>]) -> Result<(), Error> {
    let mut published = Vec::new();
    let mut updated = Vec::new();
    for Relisted { of, topic, scopes } in articles {
        let left = of.scopes.iter().filter(|scope| !scopes.contains(*scope)).map(key_column).collect();
        unlist(tx, of, left).await?;
        for scope in scopes.iter().filter(|scope| !of.scopes.contains(*scope)).map(key_column) {
            let id = of.entry.as_uuid();
            let (scope, entry_id) = (Set(scope), Set(id));
            published.push(live_listing::ActiveModel {
                scope: scope.clone(),
                published_at: Set(of.published_at),
                entry_id: entry_id.clone(),
            });
            updated.push(live_listing_updated::ActiveModel { scope, updated_at: Set(of.updated_at), entry_id });
        }
        live_entry::Entity::update_many()
            .set(live_entry::ActiveModel {
                topic_id: Set(topic.map(TopicId::as_uuid)),
                scopes: Set(scopes.to_bytes()),
                ..Default::default()
            })
            .filter(live_entry::Column::EntryId.eq(of.entry.as_uuid()))
            .exec(tx.conn())
            .await?;
    }
    insert_all(tx, published, None).await?;
    insert_all(tx, updated, None).await
}

/// Leaves behind that the walk has got so far.
///
/// # Errors
/// When the database refuses.
pub async fn advance(tx: &Tx, walk: &Walk) -> Result<(), Error> {
    let site = walk.site.as_uuid();
    let Some(last) = walk.articles.last().filter(|_| !walk.is_last) else {
        relisting::Entity::delete_by_id(site).exec(tx.conn()).await?;
        return Ok(());
    };
    let row = relisting::ActiveModel {
        site_id: Set(site),
        after_at: Set(Some(last.first_published_at)),
        after_id: Set(Some(last.entry.as_uuid())),
    };
    relisting::Entity::update(row).exec(tx.conn()).await?;
    Ok(())
}

/// Keeps the placement of the entries of `site` as it is until the transaction ends. `SQLite` has one writer anyway.
pub(crate) async fn share(tx: &Tx, site: Uuid) -> Result<(), Error> {
    if tx.backend() == DbBackend::Postgres {
        let _: Vec<Uuid> = tx.all(Sql::new("SELECT id FROM site WHERE id = $1 FOR SHARE").value(site)).await?;
    }
    Ok(())
}

/// Notes that the articles of these sites have to be listed anew. A walk that is under way begins again.
pub(crate) async fn mark(tx: &Tx, sites: impl IntoIterator<Item = Uuid>) -> Result<(), Error> {
    let sites: BTreeSet<Uuid> = sites.into_iter().collect();
    if sites.is_empty() {
        return Ok(());
    }
    claim(tx, sites.iter().copied()).await?;
    let sql = Sql::new("SELECT s.id FROM site s WHERE s.id IN ").bind_list(sites);
    let sql = sql.push(" AND EXISTS (SELECT 1 FROM live_entry e WHERE e.site_id = s.id AND e.kind = ");
    let concerned: Vec<Uuid> = tx.all(sql.bind(EntryKind::Article.as_str()).push(")")).await?;
    let rows = concerned.into_iter().map(|site| relisting::ActiveModel {
        site_id: Set(site),
        after_at: Set(None),
        after_id: Set(None),
    });
    let place = [relisting::Column::AfterAt, relisting::Column::AfterId];
    let rule = OnConflict::column(relisting::Column::SiteId).update_columns(place).to_owned();
    insert_all(tx, rows, Some(rule)).await
}

/// Notes that the articles of all sites of these units and of the units below have to be listed anew.
pub(crate) async fn mark_below(tx: &Tx, units: &[UnitId]) -> Result<(), Error> {
    if units.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("WITH RECURSIVE below (id) AS (SELECT id FROM unit WHERE id IN ")
        .bind_list(units.iter().map(|unit| unit.as_uuid()))
        .push(
            " UNION SELECT u.id FROM unit u JOIN below ON u.parent_id = below.id) \
             SELECT s.id FROM site s JOIN below ON s.unit_id = below.id",
        );
    let sites: Vec<Uuid> = tx.all(sql).await?;
    mark(tx, sites).await
}

/// Holds sites alone, in one order for all. Weak enough for new entries to refer to them meanwhile.
async fn claim(tx: &Tx, sites: impl IntoIterator<Item = Uuid>) -> Result<(), Error> {
    if tx.backend() == DbBackend::Postgres {
        let sql = Sql::new("SELECT id FROM site WHERE id IN ").bind_list(sites);
        let _: Vec<Uuid> = tx.all(sql.push(" ORDER BY id FOR NO KEY UPDATE")).await?;
    }
    Ok(())
}

async fn articles(tx: &Tx, row: &relisting::Model, limit: u32) -> Result<Vec<Listed>, Error> {
    let sql = Sql::new(
        "SELECT e.entry_id, e.edition_id, d.content, e.topic_id, e.scopes, e.first_published_at, e.published_at, \
         e.updated_at FROM live_entry e JOIN edition d ON d.id = e.edition_id WHERE e.site_id = ",
    );
    let mut sql = sql.bind(row.site_id).push(" AND e.kind = ").bind(EntryKind::Article.as_str());
    if let (Some(at), Some(id)) = (row.after_at, row.after_id) {
        sql = sql.push(" AND (e.first_published_at, e.entry_id) > (").bind(at).push(", ").bind(id).push(")");
    }
    tx.all(sql.push(" ORDER BY e.first_published_at, e.entry_id LIMIT ").bind(i64::from(limit))).await
}

async fn unlist(tx: &Tx, of: &Listed, left: Vec<Uuid>) -> Result<(), Error> {
    if left.is_empty() {
        return Ok(());
    }
    let id = of.entry.as_uuid();
    live_listing::Entity::delete_many()
        .filter(live_listing::Column::Scope.is_in(left.iter().copied()))
        .filter(live_listing::Column::PublishedAt.eq(of.published_at))
        .filter(live_listing::Column::EntryId.eq(id))
        .exec(tx.conn())
        .await?;
    live_listing_updated::Entity::delete_many()
        .filter(live_listing_updated::Column::Scope.is_in(left))
        .filter(live_listing_updated::Column::UpdatedAt.eq(of.updated_at))
        .filter(live_listing_updated::Column::EntryId.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

impl FromRow for Listed {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            entry: EntryId::from_uuid(columns.take()?),
            edition: EditionId::from_uuid(columns.take()?),
            article: serde_json::from_str(&columns.take::<String>()?)
                .map_err(|error| Error::corrupt("edition", error))?,
            topic: columns.take::<Option<Uuid>>()?.map(TopicId::from_uuid),
            scopes: ScopeSet::from_bytes(&columns.take::<Vec<u8>>()?)
                .map_err(|error| Error::corrupt("live_entry", error))?,
            first_published_at: columns.take()?,
            published_at: columns.take()?,
            updated_at: columns.take()?,
        })
    }
}
