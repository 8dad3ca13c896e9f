//! Categories, and where an entry stands in the reference data.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use uuid::Uuid;

use lienthong_domain::ids::{CategoryId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::Category;
use lienthong_domain::scope::Placement;

use crate::batch::insert_all;
use crate::entity::category;
use crate::error::Error;
use crate::relistings;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// All categories.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Category>, Error> {
    let sql = "SELECT id, site_id, parent_id, slug, name, topic_id, position FROM category ORDER BY id";
    store.reader.all(Sql::new(sql)).await
}

/// All categories of these sites, as the transaction sees them.
///
/// # Errors
/// As [`all`].
pub async fn of_sites_within(tx: &Tx, sites: &[SiteId]) -> Result<Vec<Category>, Error> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new("SELECT id, site_id, parent_id, slug, name, topic_id, position FROM category WHERE site_id IN ");
    tx.all(sql.bind_list(sites.iter().map(|site| site.as_uuid())).push(" ORDER BY id")).await
}

/// Adds categories; those already there under their slug keep their identity and take the given parent, name, topic and
/// position. Parents must come before their children. Where parent or topic is another one than before, the articles of
/// the site are noted to be listed anew.
///
/// # Errors
/// [`Error::Dangling`] when site, parent or topic is missing.
pub async fn put(tx: &Tx, categories: &[Category]) -> Result<(), Error> {
    use category::Column as C;
    let columns = [C::ParentId, C::Name, C::TopicId, C::Position];
    let rule = OnConflict::columns([C::SiteId, C::Slug]).update_columns(columns).to_owned();
    let moved = moved(tx, categories).await?;
    insert_all(tx, categories.iter().map(row), Some(rule)).await?;
    relistings::mark(tx, moved).await
}

/// The sites of those categories that have another parent or topic now, which nobody else changes meanwhile.
async fn moved(tx: &Tx, categories: &[Category]) -> Result<BTreeSet<Uuid>, Error> {
    let sites: BTreeSet<Uuid> = categories.iter().map(|category| category.site.as_uuid()).collect();
    if sites.is_empty() {
        return Ok(sites);
    }
    let found = category::Entity::find()
        .filter(category::Column::SiteId.is_in(sites))
        .order_by_asc(category::Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    let found: HashMap<(Uuid, String), _> =
        found.into_iter().map(|row| ((row.site_id, row.slug), (row.parent_id, row.topic_id))).collect();
    let is_moved = |category: &&Category| {
        let now = (category.parent.map(CategoryId::as_uuid), category.topic.map(TopicId::as_uuid));
        let key = (category.site.as_uuid(), category.slug.to_string());
        found.get(&key).is_some_and(|before| *before != now)
    };
    Ok(categories.iter().filter(is_moved).map(|category| category.site.as_uuid()).collect())
}

/// Where an entry of `site` in `category` stands, as the transaction sees it: `None` when the site has no such
/// category. `topic` is the entry's own, which goes before the category's. The placement stays true until the transaction
/// ends.
///
/// # Errors
/// When the database does not answer.
pub async fn placement(
    tx: &Tx,
    site: SiteId,
    category: CategoryId,
    topic: Option<TopicId>,
) -> Result<Option<Placement>, Error> {
    relistings::share(tx, site.as_uuid()).await?;
    let chain = ancestors(tx, CATEGORY_CHAIN, &[category.as_uuid(), site.as_uuid()]).await?;
    let Some(first) = chain.first() else { return Ok(None) };
    let topics = match topic.map(TopicId::as_uuid).or(first.topic) {
        Some(topic) => topic_and_above(tx, topic).await?,
        None => Vec::new(),
    };
    let units = units_of(tx, site).await?;
    let categories = chain.into_iter().map(|link| CategoryId::from_uuid(link.id)).collect();
    Ok(Some(Placement { site, units, categories, topics }))
}

/// A topic and the national one above it.
async fn topic_and_above(tx: &Tx, topic: Uuid) -> Result<Vec<TopicId>, Error> {
    let above: Vec<Option<Uuid>> = tx.all(Sql::new("SELECT parent_id FROM topic WHERE id = $1").value(topic)).await?;
    let above = above.into_iter().flatten();
    Ok(std::iter::once(topic).chain(above).map(TopicId::from_uuid).collect())
}

/// The unit of a site and all units above it, nearest first.
///
/// # Errors
/// When the database does not answer.
pub async fn units_of(tx: &Tx, site: SiteId) -> Result<Vec<UnitId>, Error> {
    let chain = ancestors(tx, UNIT_CHAIN, &[site.as_uuid()]).await?;
    Ok(chain.into_iter().map(|link| UnitId::from_uuid(link.id)).collect())
}

const CATEGORY_CHAIN: &str = "WITH RECURSIVE chain (id, parent_id, topic_id, depth) AS ( \
     SELECT id, parent_id, topic_id, 0 FROM category WHERE id = $1 AND site_id = $2 \
     UNION ALL SELECT c.id, c.parent_id, c.topic_id, chain.depth + 1 \
     FROM category c JOIN chain ON c.id = chain.parent_id WHERE chain.depth < 20) \
     SELECT id, topic_id FROM chain ORDER BY depth";

const UNIT_CHAIN: &str = "WITH RECURSIVE chain (id, parent_id, depth) AS ( \
     SELECT u.id, u.parent_id, 0 FROM unit u JOIN site s ON s.unit_id = u.id WHERE s.id = $1 \
     UNION ALL SELECT u.id, u.parent_id, chain.depth + 1 \
     FROM unit u JOIN chain ON u.id = chain.parent_id WHERE chain.depth < 20) \
     SELECT id, NULL FROM chain ORDER BY depth";

struct Link {
    id: Uuid,
    topic: Option<Uuid>,
}

async fn ancestors(tx: &Tx, sql: &'static str, values: &[Uuid]) -> Result<Vec<Link>, Error> {
    let sql = values.iter().fold(Sql::new(sql), |sql, value| sql.value(*value));
    let rows = tx.conn().query_all_raw(sql.statement(tx.backend())).await?;
    rows.iter().map(|row| Link::from_row(&mut Columns::of_orm(row))).collect()
}

fn row(of: &Category) -> category::ActiveModel {
    let Category { id, site, parent, slug, name, topic, position } = of;
    category::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        parent_id: Set(parent.map(CategoryId::as_uuid)),
        slug: Set(slug.to_string()),
        name: Set(name.clone()),
        topic_id: Set(topic.map(TopicId::as_uuid)),
        position: Set(*position),
    }
}

impl FromRow for Link {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { id: columns.take()?, topic: columns.take()? })
    }
}

impl FromRow for Category {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: CategoryId::from_uuid(columns.take()?),
            site: SiteId::from_uuid(columns.take()?),
            parent: columns.take::<Option<Uuid>>()?.map(CategoryId::from_uuid),
            slug: columns.take::<String>()?.parse().map_err(|error| Error::corrupt("category", error))?,
            name: columns.take()?,
            topic: columns.take::<Option<Uuid>>()?.map(TopicId::from_uuid),
            position: columns.take()?,
        })
    }
}
