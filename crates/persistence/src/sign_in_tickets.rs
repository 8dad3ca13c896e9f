//! People whom an identity provider has vouched for, and who are not signed in yet. A ticket is good for one sign-in.

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::identity::Identity;
use lienthong_domain::time::Timestamp;

use crate::entity::sign_in_ticket;
use crate::error::Error;
use crate::store::Tx;

/// A ticket as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its digest.
    pub digest: [u8; 32],
    /// Who its bearer is at the provider.
    pub identity: Identity,
    /// SHA-256 of what its bearer has to show beside it.
    pub challenge: [u8; 32],
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Adds a ticket. Those whose time is over are forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn issue(tx: &Tx, ticket: &Ticket, now: Timestamp) -> Result<(), Error> {
    sign_in_ticket::Entity::delete_many()
        .filter(sign_in_ticket::Column::ExpiresAt.lte(now.as_micros()))
        .exec(tx.conn())
        .await?;
    let Ticket { digest, identity, challenge, expires_at } = ticket;
    let row = sign_in_ticket::ActiveModel {
        digest: Set(digest.to_vec()),
        issuer: Set(identity.issuer().to_owned()),
        subject: Set(identity.subject().to_owned()),
        challenge: Set(challenge.to_vec()),
        expires_at: Set(expires_at.as_micros()),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// A ticket while it is good. Does not use it up.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(tx: &Tx, digest: &[u8; 32], now: Timestamp) -> Result<Option<Ticket>, Error> {
    let corrupt = |what: &str| Error::corrupt("sign_in_ticket", what);
    let found = sign_in_ticket::Entity::find_by_id(digest.to_vec()).one(tx.conn()).await?;
    let Some(row) = found.filter(|row| row.expires_at > now.as_micros()) else { return Ok(None) };
    let identity = Identity::parse(&row.issuer, &row.subject).map_err(|_| corrupt("identity"))?;
    let challenge = row.challenge.try_into().map_err(|_| corrupt("challenge"))?;
    let expires_at = Timestamp::from_micros(row.expires_at);
    Ok(Some(Ticket { digest: *digest, identity, challenge, expires_at }))
}

/// Uses a ticket up. Tells whether it was there: of several who show it at once, one wins.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &Tx, digest: &[u8; 32]) -> Result<bool, Error> {
    let gone = sign_in_ticket::Entity::delete_by_id(digest.to_vec()).exec(tx.conn()).await?;
    Ok(gone.rows_affected == 1)
}
