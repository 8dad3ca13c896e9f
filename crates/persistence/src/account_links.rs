//! Links by which somebody chooses a password: invitations and resets. At most one of an account is open.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::ids::{ActorId, LinkId};
use lienthong_domain::time::Timestamp;

use crate::entity::account_link;
use crate::error::Error;
use crate::store::Tx;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first password of an account.
    Invitation,
    /// Another password, when the first is lost.
    Reset,
}

impl Purpose {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A new link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLink {
    /// Whose password it sets.
    pub actor: ActorId,
    /// What it is for.
    pub purpose: Purpose,
    /// Digest of the secret in it.
    pub digest: [u8; 32],
    /// Who issued it.
    pub issued_by: ActorId,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Issues a link in the place of an earlier one.
///
/// # Errors
/// When the database refuses.
pub async fn issue(tx: &Tx, new: &NewLink, now: Timestamp) -> Result<LinkId, Error> {
    revoke(tx, new.actor, now).await?;
    let NewLink { actor, purpose, digest, issued_by, expires_at } = new;
    let id = LinkId::new(now);
    let row = account_link::ActiveModel {
        id: Set(id.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        purpose: Set(purpose.as_str().to_owned()),
        digest: Set(digest.to_vec()),
        issued_at: Set(now.as_micros()),
        issued_by: Set(issued_by.as_uuid()),
        expires_at: Set(expires_at.as_micros()),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    row.insert(tx.conn()).await?;
    Ok(id)
}

/// Takes the open link of an account back. Tells whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, actor: ActorId, now: Timestamp) -> Result<bool, Error> {
    let revoked = account_link::Entity::update_many()
        .col_expr(account_link::Column::RevokedAt, Expr::value(now.as_micros()))
        .filter(account_link::Column::ActorId.eq(actor.as_uuid()))
        .filter(account_link::Column::UsedAt.is_null())
        .filter(account_link::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(revoked.rows_affected > 0)
}

/// Whose password a link sets, while it is good. Does not use it up.
///
/// # Errors
/// When the database does not answer.
pub async fn find(tx: &Tx, digest: &[u8; 32], now: Timestamp) -> Result<Option<ActorId>, Error> {
    let row = account_link::Entity::find()
        .filter(account_link::Column::Digest.eq(digest.as_slice()))
        .filter(account_link::Column::UsedAt.is_null())
        .filter(account_link::Column::RevokedAt.is_null())
        .filter(account_link::Column::ExpiresAt.gt(now.as_micros()))
        .one(tx.conn())
        .await?;
    Ok(row.map(|row| ActorId::from_uuid(row.actor_id)))
}

/// Uses a link up. Of several who follow it at once, one wins.
///
/// # Errors
/// When the database does not answer.
pub async fn take(tx: &Tx, digest: &[u8; 32], now: Timestamp) -> Result<Option<ActorId>, Error> {
    let found = find(tx, digest, now).await?;
    let taken = account_link::Entity::update_many()
        .col_expr(account_link::Column::UsedAt, Expr::value(now.as_micros()))
        .filter(account_link::Column::Digest.eq(digest.as_slice()))
        .filter(account_link::Column::UsedAt.is_null())
        .filter(account_link::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(found.filter(|_| taken.rows_affected == 1))
}
