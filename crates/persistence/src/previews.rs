//! Links that show one draft to somebody without an account. Only the digest of what stands in the link is stored.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::entry::{Edition, EditionState, EntryKind};
use lienthong_domain::ids::{ActorId, EditionId, EntryId, PreviewId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::entity::{edition, entry, preview};
use crate::entries::edition_of;
use crate::error::Error;
use crate::store::{Store, Tx};

/// A link to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Identity.
    pub id: PreviewId,
    /// Digest of the secret in the link.
    pub digest: [u8; 32],
    /// The entry.
    pub entry: EntryId,
    /// The edition it shows.
    pub edition: EditionId,
    /// Its site.
    pub site: SiteId,
    /// Who made it.
    pub actor: ActorId,
    /// When.
    pub made_at: Timestamp,
    /// From when on it shows nothing.
    pub expires_at: Timestamp,
}

/// Saves a link.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &Tx, preview: &Preview) -> Result<(), Error> {
    let Preview { id, digest, entry, edition, site, actor, made_at, expires_at } = preview;
    let row = preview::ActiveModel {
        id: Set(id.as_uuid()),
        digest: Set(digest.to_vec()),
        entry_id: Set(entry.as_uuid()),
        edition_id: Set(edition.as_uuid()),
        site_id: Set(site.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        made_at: Set(made_at.as_micros()),
        expires_at: Set(expires_at.as_micros()),
    };
    preview::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Takes back all links to an entry. Returns how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, entry: EntryId) -> Result<u64, Error> {
    let deleted = preview::Entity::delete_many().filter(preview::Column::EntryId.eq(entry.as_uuid()));
    Ok(deleted.exec(tx.conn()).await?.rows_affected)
}

/// The site and the edition that a link shows at `now`; `None` when there is no such link any more, when that edition is
/// neither open nor public any more, or when the entry is in the trash or under quarantine.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, digest: [u8; 32], now: Timestamp) -> Result<Option<(SiteId, Edition)>, Error> {
    let found = preview::Entity::find()
        .filter(preview::Column::Digest.eq(digest.to_vec()))
        .filter(preview::Column::ExpiresAt.gt(now.as_micros()))
        .one(&store.pool)
        .await?;
    let Some(link) = found else { return Ok(None) };
    let entry = entry::Entity::find_by_id(link.entry_id).one(&store.pool).await?;
    if entry.is_none_or(|entry| entry.quarantined_at.is_some() || entry.trashed_at.is_some()) {
        return Ok(None);
    }
    let shown = edition::Entity::find_by_id(link.edition_id).one(&store.pool).await?;
    let shown = shown.map(|row| edition_of(EntryKind::Article, row)).transpose()?;
    let shown = shown.filter(|edition| edition.state.is_open() || edition.state == EditionState::Live);
    Ok(shown.map(|edition| (SiteId::from_uuid(link.site_id), edition)))
}
