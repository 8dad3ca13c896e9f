//! What was committed before the transaction that is about to commit, read behind the lock that orders acts and on a
//! connection of its own: the transaction itself sees what it has written. An act says with it what it came upon, so that
//! a row which was changed behind the application's back does not become one that the act left ([`crate::audits`]).
//!
//! One connection is enough, and nobody waits for it: only who holds the lock asks.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use lienthong_domain::change::{Digest, Matter};
use lienthong_domain::ids::EditionId;

use crate::documents;
use crate::entity::{edition, entry};
use crate::entries::{assemble, edition_of};
use crate::error::Error;
use crate::matters;

/// Reads what is committed.
#[derive(Clone)]
pub(crate) struct Witness(DatabaseConnection);

impl Witness {
    /// Over a pool of one connection to the same database.
    pub(crate) const fn on(pool: DatabaseConnection) -> Self {
        Self(pool)
    }

    /// Closes the connection.
    pub(crate) async fn close(self) -> Result<(), Error> {
        Ok(self.0.close().await?)
    }

    /// The digests of the records of these editions; those that are new are left out.
    pub(crate) async fn editions(&self, ids: &[Uuid]) -> Result<HashMap<EditionId, Digest>, Error> {
        let rows = edition::Entity::find().filter(edition::Column::Id.is_in(ids.iter().copied())).all(&self.0).await?;
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let of_entries = entry::Column::Id.is_in(rows.iter().map(|row| row.entry_id));
        let entries = entry::Entity::find().filter(of_entries).all(&self.0).await?;
        let entries: HashMap<Uuid, entry::Model> = entries.into_iter().map(|row| (row.id, row)).collect();
        let digest = |row: edition::Model| {
            let entry = entries.get(&row.entry_id).cloned().ok_or_else(|| Error::corrupt("edition", "no entry"))?;
            let entry = assemble(entry, Vec::new())?;
            let edition = edition_of(entry.kind, row)?;
            Ok((edition.id, documents::digest(&entry, &edition)))
        };
        rows.into_iter().map(digest).collect()
    }

    /// The digests of the rows of matters.
    pub(crate) async fn matters(&self, of: &BTreeSet<Matter>) -> Result<HashMap<Matter, Digest>, Error> {
        matters::read(&self.0, of).await
    }
}
