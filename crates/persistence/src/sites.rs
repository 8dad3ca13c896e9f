//! Sites.

use std::collections::HashMap;

use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::registry::{Site, SiteKind};
use lienthong_domain::time::parse_day;

use crate::batch::insert_all;
use crate::entity::site;
use crate::error::Error;
use crate::relistings;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

const SELECT: &str = "SELECT id, unit_id, kind, parent_id, name, host, home_url, article_url_template, language, \
                      active_from, active_to FROM site";

/// All sites.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Site>, Error> {
    store.reader.all(Sql::new(format!("{SELECT} ORDER BY id"))).await
}

/// All sites, as the transaction sees them.
///
/// # Errors
/// As [`all`].
pub async fn all_within(tx: &Tx) -> Result<Vec<Site>, Error> {
    tx.all(Sql::new(format!("{SELECT} ORDER BY id"))).await
}

/// The site of the national catalogue, as the transaction sees it.
///
/// # Errors
/// As [`all`].
pub async fn catalogue(tx: &Tx) -> Result<Option<Site>, Error> {
    let sql = Sql::new(format!("{SELECT} WHERE kind = ")).bind(SiteKind::Catalogue.as_str());
    Ok(tx.all(sql).await?.into_iter().next())
}

/// One site, as the transaction sees it.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(tx: &Tx, id: SiteId) -> Result<Option<Site>, Error> {
    let sql = Sql::new(format!("{SELECT} WHERE id = ")).bind(id.as_uuid());
    Ok(tx.all(sql).await?.into_iter().next())
}

/// Adds sites, or brings those already there to the given state. Parents must come before their children. Where a site has
/// another unit than before, its articles are noted to be listed anew.
///
/// # Errors
/// [`Error::Duplicate`] when a host is taken; [`Error::Dangling`] when unit or parent is missing.
pub async fn put(tx: &Tx, sites: &[Site]) -> Result<(), Error> {
    use site::Column as C;
    let columns = [
        C::UnitId,
        C::Kind,
        C::ParentId,
        C::Name,
        C::Host,
        C::HomeUrl,
        C::ArticleUrlTemplate,
        C::Language,
        C::ActiveFrom,
        C::ActiveTo,
    ];
    let moved = moved(tx, sites).await?;
    insert_all(tx, sites.iter().map(row), Some(OnConflict::column(C::Id).update_columns(columns).to_owned())).await?;
    relistings::mark(tx, moved).await
}

/// Those that have another unit now, which nobody else changes meanwhile.
async fn moved(tx: &Tx, sites: &[Site]) -> Result<Vec<Uuid>, Error> {
    let found = site::Entity::find()
        .filter(site::Column::Id.is_in(sites.iter().map(|site| site.id.as_uuid())))
        .order_by_asc(site::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.conn())
        .await?;
    let before: HashMap<Uuid, Option<Uuid>> = found.into_iter().map(|row| (row.id, row.unit_id)).collect();
    let is_moved =
        |site: &&Site| before.get(&site.id.as_uuid()).is_some_and(|unit| *unit != site.unit.map(UnitId::as_uuid));
    Ok(sites.iter().filter(is_moved).map(|site| site.id.as_uuid()).collect())
}

fn row(of: &Site) -> site::ActiveModel {
    let Site { id, unit, kind, parent, name, host, home_url, article_url_template, language, active_from, active_to } =
        of;
    site::ActiveModel {
        id: Set(id.as_uuid()),
        unit_id: Set(unit.map(UnitId::as_uuid)),
        kind: Set(kind.as_str().to_owned()),
        parent_id: Set(parent.map(SiteId::as_uuid)),
        name: Set(name.clone()),
        host: Set(host.to_string()),
        home_url: Set(home_url.clone()),
        article_url_template: Set(article_url_template.clone()),
        language: Set(language.clone()),
        active_from: Set(active_from.to_string()),
        active_to: Set(active_to.map(|day| day.to_string())),
    }
}

impl FromRow for Site {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let corrupt = |error: &dyn std::fmt::Display| Error::corrupt("site", error);
        Ok(Self {
            id: SiteId::from_uuid(columns.take()?),
            unit: columns.take::<Option<Uuid>>()?.map(UnitId::from_uuid),
            kind: {
                let kind: String = columns.take()?;
                SiteKind::parse(&kind).ok_or_else(|| corrupt(&format!("kind {kind}")))?
            },
            parent: columns.take::<Option<Uuid>>()?.map(SiteId::from_uuid),
            name: columns.take()?,
            host: columns.take::<String>()?.parse().map_err(|error| corrupt(&error))?,
            home_url: columns.take()?,
            article_url_template: columns.take()?,
            language: columns.take()?,
            active_from: parse_day(&columns.take::<String>()?).map_err(|error| corrupt(&error))?,
            active_to: columns
                .take::<Option<String>>()?
                .as_deref()
                .map(parse_day)
                .transpose()
                .map_err(|error| corrupt(&error))?,
        })
    }
}
