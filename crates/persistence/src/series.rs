//! Series of articles.

use sea_orm::Set;
use sea_orm::sea_query::OnConflict;
use uuid::Uuid;

use lienthong_domain::ids::{SeriesId, SiteId};
use lienthong_domain::series::{Series, SeriesText};

use crate::batch::insert_all;
use crate::entity::series;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// All series.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Series>, Error> {
    store.reader.all(Sql::new("SELECT id, site_id, slug, title, summary FROM series ORDER BY id")).await
}

/// Whether the site has this series, as the transaction sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn is_on(tx: &Tx, site: SiteId, series: SeriesId) -> Result<bool, Error> {
    let sql = Sql::new("SELECT id FROM series WHERE id = $1 AND site_id = $2");
    let found: Vec<Uuid> = tx.all(sql.value(series.as_uuid()).value(site.as_uuid())).await?;
    Ok(!found.is_empty())
}

/// Adds a series, or gives the one that the site has under this slug another text. Returns it as it is then: an earlier one
/// keeps its identity.
///
/// # Errors
/// [`Error::Dangling`] when the site is missing.
pub async fn put(tx: &Tx, new: &Series) -> Result<Option<Series>, Error> {
    use series::Column as C;
    let Series { id, site, slug, text: SeriesText { title, summary } } = new;
    let row = series::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        slug: Set(slug.to_string()),
        title: Set(title.clone()),
        summary: Set(summary.clone()),
    };
    let rule = OnConflict::columns([C::SiteId, C::Slug]).update_columns([C::Title, C::Summary]).to_owned();
    insert_all(tx, [row], Some(rule)).await?;
    let sql = Sql::new("SELECT id, site_id, slug, title, summary FROM series WHERE site_id = $1 AND slug = $2");
    Ok(tx.all(sql.value(site.as_uuid()).value(slug.to_string())).await?.pop())
}

impl FromRow for Series {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: SeriesId::from_uuid(columns.take()?),
            site: SiteId::from_uuid(columns.take()?),
            slug: columns.take::<String>()?.parse().map_err(|error| Error::corrupt("series", error))?,
            text: SeriesText { title: columns.take()?, summary: columns.take()? },
        })
    }
}
