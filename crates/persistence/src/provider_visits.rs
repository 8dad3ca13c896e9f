//! Browsers that were sent to an identity provider and have not come back yet. Each comes back once.

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::time::Timestamp;

use crate::entity::provider_visit;
use crate::error::Error;
use crate::store::Tx;

/// A browser on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Digest of the secret in the browser's cookie.
    pub digest: [u8; 32],
    /// The key of the provider.
    pub provider: String,
    /// What the program behind it will have to answer for: SHA-256 of a secret of its own.
    pub challenge: [u8; 32],
    /// From when on it is not awaited any more.
    pub expires_at: Timestamp,
}

/// Notes that a browser is on its way. Those that never came back are forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &Tx, visit: &Visit, now: Timestamp) -> Result<(), Error> {
    provider_visit::Entity::delete_many()
        .filter(provider_visit::Column::ExpiresAt.lte(now.as_micros()))
        .exec(tx.conn())
        .await?;
    let Visit { digest, provider, challenge, expires_at } = visit;
    let row = provider_visit::ActiveModel {
        digest: Set(digest.to_vec()),
        provider: Set(provider.clone()),
        challenge: Set(challenge.to_vec()),
        expires_at: Set(expires_at.as_micros()),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Takes a browser back in. Of several that claim to be the same, one wins, and the rest finds nothing.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn end(tx: &Tx, digest: &[u8; 32], now: Timestamp) -> Result<Option<Visit>, Error> {
    let found = provider_visit::Entity::find_by_id(digest.to_vec()).one(tx.conn()).await?;
    let gone = provider_visit::Entity::delete_by_id(digest.to_vec()).exec(tx.conn()).await?;
    let Some(row) = found.filter(|row| gone.rows_affected == 1 && row.expires_at > now.as_micros()) else {
        return Ok(None);
    };
    let challenge = row.challenge.try_into().map_err(|_| Error::corrupt("provider_visit", "challenge"))?;
    let expires_at = Timestamp::from_micros(row.expires_at);
    Ok(Some(Visit { digest: *digest, provider: row.provider, challenge, expires_at }))
}
