//! What happens by itself at a time: a scheduled edition becomes public, and one whose time is over ends.

use lienthong_domain::ids::BundleId;
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::live_entries::Key;
use crate::sql::Sql;
use crate::store::Store;

/// The entry for which something has been due longest at `now`, and since when; with `after`, of those behind that place.
///
/// # Errors
/// When the database does not answer.
pub async fn first(store: &Store, after: Option<Key>, now: Timestamp) -> Result<Option<Key>, Error> {
    let mut sql = Sql::new(
        "SELECT moment, entry_id FROM (\
         SELECT entry_id, publish_at AS moment FROM edition WHERE state = 'scheduled' AND publish_at <= $1 \
         UNION ALL SELECT entry_id, visible_until FROM edition WHERE state = 'live' AND visible_until <= $1) due",
    )
    .value(now.as_micros());
    if let Some(Key { at, entry }) = after {
        sql = sql.push(" WHERE (moment, entry_id) > (").bind(at.as_micros());
        sql = sql.push(", ").bind(entry.as_uuid()).push(")");
    }
    store.reader.first(sql.push(" ORDER BY moment, entry_id LIMIT 1")).await
}

/// The bundle that has been due longest at `now`. Those in `but` are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn first_bundle(store: &Store, but: &[BundleId], now: Timestamp) -> Result<Option<BundleId>, Error> {
    let mut sql = Sql::new("SELECT id FROM bundle WHERE publish_at <= $1").value(now.as_micros());
    if !but.is_empty() {
        sql = sql.push(" AND id NOT IN ").bind_list(but.iter().map(|id| id.as_uuid()));
    }
    let found: Option<Uuid> = store.reader.first(sql.push(" ORDER BY publish_at, id LIMIT 1")).await?;
    Ok(found.map(BundleId::from_uuid))
}

/// The earliest moment after `now` at which something is due, for the life of kept answers and for whoever does it.
///
/// # Errors
/// When the database does not answer.
pub async fn next(store: &Store, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let sql = Sql::new(
        "SELECT MIN(moment) FROM (\
         SELECT MIN(publish_at) AS moment FROM edition WHERE state = 'scheduled' AND publish_at > $1 \
         UNION ALL SELECT MIN(publish_at) FROM bundle WHERE publish_at > $1 \
         UNION ALL SELECT MIN(visible_until) FROM edition WHERE state = 'live' AND visible_until > $1) due",
    );
    let found: Option<Option<i64>> = store.reader.first(sql.value(now.as_micros())).await?;
    Ok(found.flatten().map(Timestamp::from_micros))
}
