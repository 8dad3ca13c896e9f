//! Files on their way into a library, piece by piece.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait as _, DbBackend, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, Set,
};
use uuid::Uuid;

use lienthong_domain::ids::{ActorId, MediaId, SiteId, UploadId};
use lienthong_domain::time::Timestamp;

use crate::entity::{upload, upload_part};
use crate::error::Error;
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Identity.
    pub id: UploadId,
    /// Into whose library.
    pub site: SiteId,
    /// Who uploads it; nobody else may go on.
    pub actor: ActorId,
    /// The name as given.
    pub file_name: String,
    /// Bytes in all.
    pub length: u64,
    /// Bytes that have arrived.
    pub received: u64,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// From when on it is forgotten.
    pub expires_at: Timestamp,
    /// What became of it.
    pub media: Option<MediaId>,
}

/// A piece that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPart {
    /// Where in the file it begins.
    pub start: u64,
    /// Its bytes.
    pub size: u64,
    /// The name it is stored under.
    pub name: String,
}

/// Begins an upload.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Upload) -> Result<(), Error> {
    let Upload { id, site, actor, file_name, length, received, begun_at, expires_at, media } = of;
    let row = upload::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        file_name: Set(file_name.clone()),
        length: Set(length.cast_signed()),
        received: Set(received.cast_signed()),
        begun_at: Set(begun_at.as_micros()),
        expires_at: Set(expires_at.as_micros()),
        media_id: Set(media.map(MediaId::as_uuid)),
    };
    upload::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// How many uploads of an actor have not become a file yet.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of(tx: &Tx, actor: ActorId) -> Result<u64, Error> {
    let open = upload::Entity::find().filter(upload::Column::ActorId.eq(actor.as_uuid()));
    Ok(open.filter(upload::Column::MediaId.is_null()).count(tx.conn()).await?)
}

/// An upload of `actor` that is not forgotten at `now`.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, actor: ActorId, id: UploadId, now: Timestamp) -> Result<Option<Upload>, Error> {
    let found = upload::Entity::find_by_id(id.as_uuid())
        .filter(upload::Column::ActorId.eq(actor.as_uuid()))
        .filter(upload::Column::ExpiresAt.gt(now.as_micros()))
        .one(&store.pool)
        .await?;
    Ok(found.map(upload_of))
}

/// Notes a piece that was stored. `false` when another one came first, or the upload is gone: then this one counts for
/// nothing.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &Tx, id: UploadId, part: &UploadPart, expires_at: Timestamp) -> Result<bool, Error> {
    let UploadPart { start, size, name } = part;
    let sql = Sql::new("UPDATE upload SET received = $1, expires_at = $2 WHERE id = $3 AND received = $4");
    let sql = sql.value((start + size).cast_signed()).value(expires_at.as_micros());
    if tx.execute(sql.value(id.as_uuid()).value(start.cast_signed())).await? == 0 {
        return Ok(false);
    }
    let row = upload_part::ActiveModel {
        upload_id: Set(id.as_uuid()),
        start_at: Set(start.cast_signed()),
        size: Set(size.cast_signed()),
        name: Set(name.clone()),
    };
    upload_part::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(true)
}

/// The pieces of an upload, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn parts(store: &Store, id: UploadId) -> Result<Vec<UploadPart>, Error> {
    Ok(parts_in_order(id).all(&store.pool).await?.into_iter().map(part_of).collect())
}

/// The same, as a transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn parts_of(tx: &Tx, id: UploadId) -> Result<Vec<UploadPart>, Error> {
    Ok(parts_in_order(id).all(tx.conn()).await?.into_iter().map(part_of).collect())
}

/// Those of the uploads that are there. At most a few thousand.
///
/// # Errors
/// When the database does not answer.
pub async fn existing(store: &Store, ids: &BTreeSet<UploadId>) -> Result<BTreeSet<UploadId>, Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = Sql::new("SELECT u.id FROM upload u WHERE u.id IN ").bind_list(ids.iter().map(|id| id.as_uuid()));
    let rows: Vec<Uuid> = store.reader.all(sql).await?;
    Ok(rows.into_iter().map(UploadId::from_uuid).collect())
}

fn parts_in_order(id: UploadId) -> Select<upload_part::Entity> {
    upload_part::Entity::find()
        .filter(upload_part::Column::UploadId.eq(id.as_uuid()))
        .order_by_asc(upload_part::Column::StartAt)
}

fn part_of(row: upload_part::Model) -> UploadPart {
    let upload_part::Model { upload_id: _, start_at, size, name } = row;
    UploadPart { start: start_at.cast_unsigned(), size: size.cast_unsigned(), name }
}

/// Notes what became of an upload, whose pieces are no longer needed.
///
/// # Errors
/// When the database refuses.
pub async fn finish(tx: &Tx, id: UploadId, media: MediaId) -> Result<(), Error> {
    let sql = Sql::new("UPDATE upload SET media_id = $1 WHERE id = $2");
    tx.execute(sql.value(media.as_uuid()).value(id.as_uuid())).await?;
    upload_part::Entity::delete_many().filter(upload_part::Column::UploadId.eq(id.as_uuid())).exec(tx.conn()).await?;
    Ok(())
}

/// Forgets an upload with its pieces.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, id: UploadId) -> Result<(), Error> {
    upload::Entity::delete_by_id(id.as_uuid()).exec(tx.conn()).await?;
    Ok(())
}

/// Up to `limit` uploads whose time is over at `now`, locked where several nodes look at once.
///
/// # Errors
/// When the database does not answer.
pub async fn expired(tx: &Tx, limit: u64, now: Timestamp) -> Result<Vec<Upload>, Error> {
    let mut found = upload::Entity::find()
        .filter(upload::Column::ExpiresAt.lte(now.as_micros()))
        .order_by_asc(upload::Column::ExpiresAt)
        .limit(limit);
    if tx.backend() == DbBackend::Postgres {
        found = found.lock_exclusive();
    }
    Ok(found.all(tx.conn()).await?.into_iter().map(upload_of).collect())
}

fn upload_of(row: upload::Model) -> Upload {
    let upload::Model { id, site_id, actor_id, file_name, length, received, begun_at, expires_at, media_id } = row;
    Upload {
        id: UploadId::from_uuid(id),
        site: SiteId::from_uuid(site_id),
        actor: ActorId::from_uuid(actor_id),
        file_name,
        length: length.cast_unsigned(),
        received: received.cast_unsigned(),
        begun_at: Timestamp::from_micros(begun_at),
        expires_at: Timestamp::from_micros(expires_at),
        media: media_id.map(MediaId::from_uuid),
    }
}
