//! The rates of royalties that hold on sites.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set,
};

use chrono::NaiveDate;
use lienthong_domain::ids::{ActorId, RateTableId, SiteId};
use lienthong_domain::royalty::{Class, Coefficient, RateTable};
use lienthong_domain::time::{Timestamp, parse_day};

use crate::batch::insert_all;
use crate::entity::{royalty_class, royalty_table};
use crate::error::Error;
use crate::store::{Store, Tx};

/// The tables of a site, latest first.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of(store: &Store, site: SiteId) -> Result<Vec<RateTable>, Error> {
    read(&store.pool, site).await
}

/// The same, as the transaction sees them.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of_in(tx: &Tx, site: SiteId) -> Result<Vec<RateTable>, Error> {
    read(tx.conn(), site).await
}

/// Adds a table.
///
/// # Errors
/// [`Error::Duplicate`] when one of the site begins on the same day.
pub async fn add(tx: &Tx, table: &RateTable, (by, now): (ActorId, Timestamp)) -> Result<(), Error> {
    let RateTable { id, site, legal_basis, unit_value, valid_from, valid_to, classes } = table;
    let row = royalty_table::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        legal_basis: Set(legal_basis.clone()),
        unit_value: Set(*unit_value),
        valid_from: Set(valid_from.to_string()),
        valid_to: Set(valid_to.map(|day| day.to_string())),
        recorded_at: Set(now.as_micros()),
        recorded_by: Set(by.as_uuid()),
    };
    row.insert(tx.conn()).await?;
    let class = |(place, class): (i32, &Class)| {
        let Class { key, name, highest } = class;
        royalty_class::ActiveModel {
            table_id: Set(id.as_uuid()),
            place: Set(place),
            key: Set(key.clone()),
            name: Set(name.clone()),
            highest: Set(highest.hundredths()),
        }
    };
    insert_all(tx, (0..).zip(classes).map(class), None).await
}

/// Ends a table that had no end.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, table: RateTableId, last: NaiveDate) -> Result<(), Error> {
    royalty_table::Entity::update_many()
        .col_expr(royalty_table::Column::ValidTo, Expr::value(last.to_string()))
        .filter(royalty_table::Column::Id.eq(table.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn read(connection: &impl ConnectionTrait, site: SiteId) -> Result<Vec<RateTable>, Error> {
    let found = royalty_table::Entity::find()
        .filter(royalty_table::Column::SiteId.eq(site.as_uuid()))
        .order_by_desc(royalty_table::Column::ValidFrom)
        .all(connection)
        .await?;
    let classes = royalty_class::Entity::find()
        .filter(royalty_class::Column::TableId.is_in(found.iter().map(|row| row.id)))
        .order_by_asc(royalty_class::Column::Place)
        .all(connection)
        .await?;
    let own =
        |row: &royalty_table::Model| classes.iter().filter(|class| class.table_id == row.id).map(class_of).collect();
    found.iter().map(|row| table_of(row, own(row))).collect()
}

fn table_of(row: &royalty_table::Model, classes: Result<Vec<Class>, Error>) -> Result<RateTable, Error> {
    let day = |text: &str| parse_day(text).map_err(|error| Error::corrupt("royalty_table", error));
    Ok(RateTable {
        id: RateTableId::from_uuid(row.id),
        site: SiteId::from_uuid(row.site_id),
        legal_basis: row.legal_basis.clone(),
        unit_value: row.unit_value,
        valid_from: day(&row.valid_from)?,
        valid_to: row.valid_to.as_deref().map(day).transpose()?,
        classes: classes?,
    })
}

fn class_of(row: &royalty_class::Model) -> Result<Class, Error> {
    let highest = Coefficient::of_hundredths(row.highest);
    let highest = highest.ok_or_else(|| Error::corrupt("royalty_class", "highest"))?;
    Ok(Class { key: row.key.clone(), name: row.name.clone(), highest })
}
