//! What writers have not saved yet. Nothing but the two functions of its writer reads it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::autosave::{Autosave, Scratch};
use lienthong_domain::entry::Version;
use lienthong_domain::ids::{ActorId, EntryId};
use lienthong_domain::time::Timestamp;

use crate::entity::autosave;
use crate::error::Error;
use crate::store::{Store, Tx};

/// Keeps a scratch copy in place of the one before, and forgets all whose time is over.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, new: &Autosave) -> Result<(), Error> {
    use autosave::Column as C;
    let Autosave { entry, actor, version, scratch: Scratch { title, summary, body }, saved_at, expires_at } = new;
    autosave::Entity::delete_many().filter(C::ExpiresAt.lte(saved_at.as_micros())).exec(tx.conn()).await?;
    let row = autosave::ActiveModel {
        entry_id: Set(entry.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        version: Set(version.get().cast_signed()),
        title: Set(title.clone()),
        summary: Set(summary.clone()),
        body: Set(body.clone()),
        saved_at: Set(saved_at.as_micros()),
        expires_at: Set(expires_at.as_micros()),
    };
    let replaced = [C::Version, C::Title, C::Summary, C::Body, C::SavedAt, C::ExpiresAt];
    let rule = OnConflict::columns([C::EntryId, C::ActorId]).update_columns(replaced).to_owned();
    autosave::Entity::insert(row).on_conflict(rule).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// What `actor` has typed into an entry, unless its time is over.
///
/// # Errors
/// When the database does not answer.
pub async fn find(
    store: &Store,
    (entry, actor): (EntryId, ActorId),
    now: Timestamp,
) -> Result<Option<Autosave>, Error> {
    let found = autosave::Entity::find_by_id((entry.as_uuid(), actor.as_uuid()))
        .filter(autosave::Column::ExpiresAt.gt(now.as_micros()))
        .one(&store.pool)
        .await?;
    Ok(found.map(autosave_of))
}

/// Forgets what `actor` has typed into an entry; whether there was anything.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &Tx, (entry, actor): (EntryId, ActorId)) -> Result<bool, Error> {
    let deleted = autosave::Entity::delete_by_id((entry.as_uuid(), actor.as_uuid())).exec(tx.conn()).await?;
    Ok(deleted.rows_affected > 0)
}

/// Forgets what anybody has typed into an entry.
///
/// # Errors
/// When the database refuses.
pub async fn forget_all(tx: &Tx, entry: EntryId) -> Result<(), Error> {
    let of_entry = autosave::Column::EntryId.eq(entry.as_uuid());
    autosave::Entity::delete_many().filter(of_entry).exec(tx.conn()).await?;
    Ok(())
}

fn autosave_of(row: autosave::Model) -> Autosave {
    let autosave::Model { entry_id, actor_id, version, title, summary, body, saved_at, expires_at } = row;
    Autosave {
        entry: EntryId::from_uuid(entry_id),
        actor: ActorId::from_uuid(actor_id),
        version: Version::new(version.cast_unsigned()),
        scratch: Scratch { title, summary, body },
        saved_at: Timestamp::from_micros(saved_at),
        expires_at: Timestamp::from_micros(expires_at),
    }
}
