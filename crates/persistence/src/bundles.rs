//! Release bundles: articles that become public together.

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set};
use uuid::Uuid;

use lienthong_domain::access::SiteScope;
use lienthong_domain::bundle::{Bundle, Failure, Item};
use lienthong_domain::entry::{EditionState, Version};
use lienthong_domain::ids::{ActorId, BundleId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{bundle, bundle_entry};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// An article of a bundle, as those at the desk see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledEntry {
    /// The bundle.
    pub bundle: BundleId,
    /// The article.
    pub entry: EntryId,
    /// Address on the site.
    pub slug: String,
    /// Title of its open edition, or else of the one that is live.
    pub title: String,
    /// Its version when it was put in.
    pub put_in: Version,
    /// Its version now. What has changed since cannot be published with the bundle.
    pub current: Version,
    /// Where its open edition stands.
    pub state: Option<EditionState>,
}

/// Reads a bundle within `scope` for a change.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock(tx: &Tx, scope: &SiteScope, id: BundleId) -> Result<Option<Bundle>, Error> {
    let found = in_scope(scope).filter(bundle::Column::Id.eq(id.as_uuid())).lock_exclusive().one(tx.conn()).await?;
    let Some(row) = found else { return Ok(None) };
    let of_bundle = bundle_entry::Entity::find().filter(bundle_entry::Column::BundleId.eq(row.id));
    let items = of_bundle.order_by_asc(bundle_entry::Column::EntryId).all(tx.conn()).await?;
    assemble(row, items).map(Some)
}

/// Reads a bundle within `scope`.
///
/// # Errors
/// As [`lock`].
pub async fn find(store: &Store, scope: &SiteScope, id: BundleId) -> Result<Option<Bundle>, Error> {
    let found = in_scope(scope).filter(bundle::Column::Id.eq(id.as_uuid())).all(&store.pool).await?;
    Ok(with_items(store, found).await?.pop())
}

/// The bundles of `site`, latest first: at most `limit` of those made before `before`.
///
/// # Errors
/// As [`lock`].
pub async fn of_site(
    store: &Store,
    site: SiteId,
    (before, limit): (Option<BundleId>, u32),
) -> Result<Vec<Bundle>, Error> {
    let mut found = in_scope(&SiteScope::of([site])).order_by_desc(bundle::Column::Id).limit(u64::from(limit));
    if let Some(before) = before {
        found = found.filter(bundle::Column::Id.lt(before.as_uuid()));
    }
    with_items(store, found.all(&store.pool).await?).await
}

/// The articles of these bundles, in the order of their addresses. One statement.
///
/// # Errors
/// As [`lock`].
pub async fn entries(store: &Store, bundles: &[BundleId]) -> Result<Vec<BundledEntry>, Error> {
    if bundles.is_empty() {
        return Ok(Vec::new());
    }
    let open = EditionState::ALL.into_iter().filter(|state| state.is_open()).map(EditionState::as_str);
    let sql = Sql::new(
        "SELECT b.bundle_id, b.entry_id, e.slug, COALESCE(d.title, l.title, ''), b.version, e.version, d.state \
         FROM bundle_entry b JOIN entry e ON e.id = b.entry_id \
         LEFT JOIN edition l ON l.entry_id = e.id AND l.state = 'live' \
         LEFT JOIN edition d ON d.entry_id = e.id AND d.state IN ",
    );
    let sql = sql.bind_list(open).push(" WHERE b.bundle_id IN ").bind_list(bundles.iter().map(|id| id.as_uuid()));
    store.reader.all(sql.push(" ORDER BY b.bundle_id, e.slug")).await
}

/// The bundle that an article waits in, if any.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting_with(tx: &Tx, entry: EntryId) -> Result<Option<BundleId>, Error> {
    let sql = Sql::new(
        "SELECT b.id FROM bundle b JOIN bundle_entry e ON e.bundle_id = b.id \
         WHERE e.entry_id = $1 AND b.published_at IS NULL",
    );
    let found: Vec<Uuid> = tx.all(sql.value(entry.as_uuid())).await?;
    Ok(found.into_iter().next().map(BundleId::from_uuid))
}

/// Takes an article along to its next version, where it waits in a bundle with the one before: what it says is the same.
/// Returns the bundles.
///
/// # Errors
/// When the database refuses.
pub async fn take_along(tx: &Tx, entry: EntryId, (from, to): (Version, Version)) -> Result<Vec<BundleId>, Error> {
    let [from, to] = [from, to].map(|version| version.get().cast_signed());
    let sql = Sql::new("UPDATE bundle_entry SET version = $1 WHERE entry_id = $2 AND version = $3 RETURNING bundle_id");
    let bundles: Vec<Uuid> = tx.all(sql.value(to).value(entry.as_uuid()).value(from)).await?;
    Ok(bundles.into_iter().map(BundleId::from_uuid).collect())
}

/// Saves a new bundle.
///
/// # Errors
/// [`Error::Dangling`] when the site is missing.
pub async fn insert(tx: &Tx, bundle: &Bundle) -> Result<(), Error> {
    bundle::Entity::insert(row(bundle)?).exec_without_returning(tx.conn()).await?;
    insert_all(tx, items(bundle), None).await
}

/// Saves a changed bundle.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, bundle: &Bundle) -> Result<(), Error> {
    bundle::Entity::update(row(bundle)?).exec(tx.conn()).await?;
    empty(tx, bundle.id).await?;
    insert_all(tx, items(bundle), None).await
}

/// Forgets a bundle. Its articles stay as they are.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, id: BundleId) -> Result<(), Error> {
    empty(tx, id).await?;
    bundle::Entity::delete_by_id(id.as_uuid()).exec(tx.conn()).await?;
    Ok(())
}

async fn empty(tx: &Tx, id: BundleId) -> Result<(), Error> {
    let of_bundle = bundle_entry::Column::BundleId.eq(id.as_uuid());
    bundle_entry::Entity::delete_many().filter(of_bundle).exec(tx.conn()).await?;
    Ok(())
}

/// The one place where tenants are kept apart.
fn in_scope(scope: &SiteScope) -> Select<bundle::Entity> {
    match scope {
        SiteScope::Everywhere => bundle::Entity::find(),
        SiteScope::Sites(sites) => {
            bundle::Entity::find().filter(bundle::Column::SiteId.is_in(sites.iter().map(|site| site.as_uuid())))
        }
    }
}

async fn with_items(store: &Store, rows: Vec<bundle::Model>) -> Result<Vec<Bundle>, Error> {
    let of_bundles =
        bundle_entry::Entity::find().filter(bundle_entry::Column::BundleId.is_in(rows.iter().map(|it| it.id)));
    let found = of_bundles.order_by_asc(bundle_entry::Column::EntryId).all(&store.pool).await?;
    let mut items: HashMap<Uuid, Vec<bundle_entry::Model>> = HashMap::new();
    for item in found {
        items.entry(item.bundle_id).or_default().push(item);
    }
    rows.into_iter()
        .map(|row| {
            let mine = items.remove(&row.id).unwrap_or_default();
            assemble(row, mine)
        })
        .collect()
}

fn assemble(row: bundle::Model, items: Vec<bundle_entry::Model>) -> Result<Bundle, Error> {
    let bundle::Model { id, site_id, name, version, publish_at, published_at, failure, actor_id, created_at } = row;
    let failure: Option<Failure> = failure.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?;
    let item = |row: bundle_entry::Model| Item {
        entry: EntryId::from_uuid(row.entry_id),
        version: Version::new(row.version.cast_unsigned()),
    };
    Ok(Bundle {
        id: BundleId::from_uuid(id),
        site: SiteId::from_uuid(site_id),
        name,
        version: Version::new(version.cast_unsigned()),
        items: items.into_iter().map(item).collect(),
        publish_at: publish_at.map(Timestamp::from_micros),
        published_at: published_at.map(Timestamp::from_micros),
        failure,
        created_by: ActorId::from_uuid(actor_id),
        created_at: Timestamp::from_micros(created_at),
    })
}

fn row(of: &Bundle) -> Result<bundle::ActiveModel, Error> {
    let Bundle { id, site, name, version, items: _, publish_at, published_at, failure, created_by, created_at } = of;
    let failure = failure.as_ref().map(serde_json::to_string).transpose().map_err(unreadable)?;
    Ok(bundle::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        name: Set(name.clone()),
        version: Set(version.get().cast_signed()),
        publish_at: Set(publish_at.map(Timestamp::as_micros)),
        published_at: Set(published_at.map(Timestamp::as_micros)),
        failure: Set(failure),
        actor_id: Set(created_by.as_uuid()),
        created_at: Set(created_at.as_micros()),
    })
}

fn items(of: &Bundle) -> Vec<bundle_entry::ActiveModel> {
    let item = |Item { entry, version }: &Item| bundle_entry::ActiveModel {
        bundle_id: Set(of.id.as_uuid()),
        entry_id: Set(entry.as_uuid()),
        version: Set(version.get().cast_signed()),
    };
    of.items.iter().map(item).collect()
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::corrupt("bundle", error)
}

impl FromRow for BundledEntry {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let version = |number: i32| Version::new(number.cast_unsigned());
        Ok(Self {
            bundle: BundleId::from_uuid(columns.take()?),
            entry: EntryId::from_uuid(columns.take()?),
            slug: columns.take()?,
            title: columns.take()?,
            put_in: version(columns.take()?),
            current: version(columns.take()?),
            state: columns.take::<Option<String>>()?.as_deref().and_then(EditionState::parse),
        })
    }
}
