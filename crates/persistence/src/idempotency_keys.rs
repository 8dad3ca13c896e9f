//! Keys under which clients repeat a create.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set, TryInsertResult};

use lienthong_domain::ids::{ActorId, EditionId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::entity::idempotency;
use crate::error::Error;
use crate::store::Tx;

/// What was made under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Whose key it is.
    pub actor: ActorId,
    /// The key.
    pub key: String,
    /// Digest of what was asked for.
    pub digest: [u8; 32],
    /// On which site.
    pub site: SiteId,
    /// What was made.
    pub entry: EntryId,
    /// Its first edition.
    pub edition: EditionId,
    /// When.
    pub at: Timestamp,
}

/// Takes the key for `new`: `None` when it was free, else what was made under it before. A transaction that has the
/// key and is not yet committed is waited for. Keys of the actor from `expired` or earlier are forgotten.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn claim(tx: &Tx, new: &Made, expired: Timestamp) -> Result<Option<Made>, Error> {
    use idempotency::Column as C;
    idempotency::Entity::delete_many()
        .filter(C::ActorId.eq(new.actor.as_uuid()))
        .filter(C::MadeAt.lte(expired.as_micros()))
        .exec(tx.conn())
        .await?;
    let insert = idempotency::Entity::insert(row(new)).on_conflict_do_nothing();
    if matches!(insert.exec_without_returning(tx.conn()).await?, TryInsertResult::Inserted(1)) {
        return Ok(None);
    }
    let key = (new.actor.as_uuid(), new.key.clone());
    let found = idempotency::Entity::find_by_id(key).one(tx.conn()).await?;
    found.map(made).transpose()
}

fn row(of: &Made) -> idempotency::ActiveModel {
    let Made { actor, key, digest, site, entry, edition, at } = of;
    idempotency::ActiveModel {
        actor_id: Set(actor.as_uuid()),
        client_key: Set(key.clone()),
        digest: Set(digest.to_vec()),
        site_id: Set(site.as_uuid()),
        entry_id: Set(entry.as_uuid()),
        edition_id: Set(edition.as_uuid()),
        made_at: Set(at.as_micros()),
    }
}

fn made(row: idempotency::Model) -> Result<Made, Error> {
    let idempotency::Model { actor_id, client_key, digest, site_id, entry_id, edition_id, made_at } = row;
    Ok(Made {
        actor: ActorId::from_uuid(actor_id),
        key: client_key,
        digest: digest.try_into().map_err(|_| Error::corrupt("idempotency", "a digest is not of 32 bytes"))?,
        site: SiteId::from_uuid(site_id),
        entry: EntryId::from_uuid(entry_id),
        edition: EditionId::from_uuid(edition_id),
        at: Timestamp::from_micros(made_at),
    })
}
