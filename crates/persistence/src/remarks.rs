//! What people say about entries.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};

use lienthong_domain::entry::{Remark, RemarkKind, RemarkText};
use lienthong_domain::ids::{ActorId, EditionId, EntryId, RemarkId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::entity::remark;
use crate::error::Error;
use crate::store::{Store, Tx};

/// Remarks shown of one entry at most.
pub const MOST: u64 = 200;

/// Saves a remark.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &Tx, remark: &Remark) -> Result<(), Error> {
    let Remark { id, entry, site, edition, kind, text, decided_by, actor, at } = remark;
    let row = remark::ActiveModel {
        id: Set(id.as_uuid()),
        entry_id: Set(entry.as_uuid()),
        site_id: Set(site.as_uuid()),
        edition_id: Set(edition.map(EditionId::as_uuid)),
        kind: Set(kind.as_str().to_owned()),
        text: Set(text.as_str().to_owned()),
        decided_by: Set(decided_by.clone()),
        actor_id: Set(actor.as_uuid()),
        at: Set(at.as_micros()),
    };
    remark::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// The last [`MOST`] remarks on an entry that the caller may read, latest first.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of_entry(store: &Store, entry: EntryId) -> Result<Vec<Remark>, Error> {
    let rows = remark::Entity::find()
        .filter(remark::Column::EntryId.eq(entry.as_uuid()))
        .order_by_desc(remark::Column::Id)
        .limit(MOST)
        .all(&store.pool)
        .await?;
    rows.into_iter().map(remark_of).collect()
}

fn remark_of(row: remark::Model) -> Result<Remark, Error> {
    let remark::Model { id, entry_id, site_id, edition_id, kind, text, decided_by, actor_id, at } = row;
    Ok(Remark {
        id: RemarkId::from_uuid(id),
        entry: EntryId::from_uuid(entry_id),
        site: SiteId::from_uuid(site_id),
        edition: edition_id.map(EditionId::from_uuid),
        kind: RemarkKind::parse(&kind).ok_or_else(|| Error::corrupt("remark", format!("kind {kind:?}")))?,
        text: RemarkText::from_stored(text),
        decided_by,
        actor: ActorId::from_uuid(actor_id),
        at: Timestamp::from_micros(at),
    })
}
