//! Second factors: the sealed secret of an authenticator, and the digests of recovery codes.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::ids::{ActorId, SecretId};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{recovery_code, second_factor};
use crate::error::Error;
use crate::store::Tx;

/// A second factor as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub actor: ActorId,
    /// Identity of the secret, part of what the seal protects.
    pub id: SecretId,
    /// The sealed secret.
    pub sealed: Vec<u8>,
    /// Since when it is asked for; `None` while its owner has not shown a code.
    pub confirmed_at: Option<Timestamp>,
    /// The last step of which a code was used.
    pub last_step: Option<i64>,
}

/// The second factor of an account, as the transaction sees it. Lock the account first: its steps are used once.
///
/// # Errors
/// When the database does not answer.
pub async fn find(tx: &Tx, actor: ActorId) -> Result<Option<SecondFactor>, Error> {
    let row = second_factor::Entity::find_by_id(actor.as_uuid()).one(tx.conn()).await?;
    Ok(row.map(|row| SecondFactor {
        actor: ActorId::from_uuid(row.actor_id),
        id: SecretId::from_uuid(row.id),
        sealed: row.sealed,
        confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        last_step: row.last_step,
    }))
}

/// Keeps a second factor that is not confirmed, in the place of an earlier one.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, new: &SecondFactor, now: Timestamp) -> Result<(), Error> {
    let SecondFactor { actor, id, sealed, confirmed_at, last_step } = new;
    remove(tx, *actor).await?;
    let row = second_factor::ActiveModel {
        actor_id: Set(actor.as_uuid()),
        id: Set(id.as_uuid()),
        sealed: Set(sealed.clone()),
        enrolled_at: Set(now.as_micros()),
        confirmed_at: Set(confirmed_at.map(Timestamp::as_micros)),
        last_step: Set(*last_step),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Notes that a code was used; the first one confirms the factor.
///
/// # Errors
/// When the database refuses.
pub async fn use_step(tx: &Tx, factor: &SecondFactor, step: i64, now: Timestamp) -> Result<(), Error> {
    let confirmed = factor.confirmed_at.unwrap_or(now);
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .col_expr(second_factor::Column::ConfirmedAt, Expr::value(confirmed.as_micros()))
        .filter(second_factor::Column::ActorId.eq(factor.actor.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Takes the second factor and its recovery codes out. Tells whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &Tx, actor: ActorId) -> Result<bool, Error> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::ActorId.eq(actor.as_uuid()))
        .exec(tx.conn())
        .await?;
    let removed = second_factor::Entity::delete_by_id(actor.as_uuid()).exec(tx.conn()).await?;
    Ok(removed.rows_affected > 0)
}

/// Keeps the digests of recovery codes.
///
/// # Errors
/// When the database refuses.
pub async fn add_recovery_codes(tx: &Tx, actor: ActorId, digests: &[[u8; 32]]) -> Result<(), Error> {
    let row = |digest: &[u8; 32]| recovery_code::ActiveModel {
        actor_id: Set(actor.as_uuid()),
        digest: Set(digest.to_vec()),
        used_at: Set(None),
    };
    insert_all(tx, digests.iter().map(row), None).await
}

/// Uses a recovery code up. Tells whether it was one that had not been used.
///
/// # Errors
/// When the database refuses.
pub async fn use_recovery_code(tx: &Tx, actor: ActorId, digest: &[u8; 32], now: Timestamp) -> Result<bool, Error> {
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now.as_micros()))
        .filter(recovery_code::Column::ActorId.eq(actor.as_uuid()))
        .filter(recovery_code::Column::Digest.eq(digest.as_slice()))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(used.rows_affected == 1)
}
