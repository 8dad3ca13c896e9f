//! The history of entries: every edition, whatever became of it.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use lienthong_domain::entry::{Edition, Entry};

use crate::entity::edition;
use crate::entries::edition_of;
use crate::error::Error;
use crate::store::{Store, Tx};

/// The edition of an entry with this number.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, entry: &Entry, number: u32) -> Result<Option<Edition>, Error> {
    numbered(&store.pool, entry, number).await
}

/// The same, as the transaction sees it.
///
/// # Errors
/// As [`find`].
pub async fn find_within(tx: &Tx, entry: &Entry, number: u32) -> Result<Option<Edition>, Error> {
    numbered(tx.conn(), entry, number).await
}

async fn numbered(connection: &impl ConnectionTrait, entry: &Entry, number: u32) -> Result<Option<Edition>, Error> {
    let found = edition::Entity::find()
        .filter(edition::Column::EntryId.eq(entry.id.as_uuid()))
        .filter(edition::Column::Number.eq(i64::from(number)))
        .one(connection)
        .await?;
    found.map(|row| edition_of(entry.kind, row)).transpose()
}

/// The editions of an entry, latest first: at most `limit` of those before number `before`.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn before(store: &Store, entry: &Entry, (before, limit): (u32, u32)) -> Result<Vec<Edition>, Error> {
    let rows = edition::Entity::find()
        .filter(edition::Column::EntryId.eq(entry.id.as_uuid()))
        .filter(edition::Column::Number.lt(i64::from(before)))
        .order_by_desc(edition::Column::Number)
        .limit(u64::from(limit))
        .all(&store.pool)
        .await?;
    rows.into_iter().map(|row| edition_of(entry.kind, row)).collect()
}
