//! Sign-ins and their refresh tokens. A token works once; shown a second time, it ends the sign-in it belongs to.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::ids::{ActorId, SessionId};
use lienthong_domain::time::Timestamp;

use crate::entity::{account_session, actor, refresh_token};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Whose.
    pub actor: ActorId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends, however often it is refreshed.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

/// A refresh token as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewToken {
    /// Its digest.
    pub digest: [u8; 32],
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Why a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// Its owner signed out here.
    SignedOut,
    /// Its owner signed out everywhere.
    SignedOutEverywhere,
    /// A refresh token was shown a second time: one of the two who hold it has stolen it.
    TokenReused,
    /// The password was changed.
    PasswordChanged,
    /// The account was disabled.
    Disabled,
    /// An identity by which its owner could sign in was taken away.
    Unlinked,
}

impl EndReason {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::TokenReused => "token-reused",
            Self::PasswordChanged => "password-changed",
            Self::Disabled => "disabled",
            Self::Unlinked => "unlinked",
        }
    }
}

/// What became of a refresh token that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It worked, and never will again.
    Taken(Session),
    /// It had been used before; its sign-in.
    Reused(Session),
    /// It is unknown, or its time is over.
    Refused,
}

/// Begins a sign-in with its first refresh token. Those of the account whose time is long over are forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &Tx, session: &Session, token: &NewToken) -> Result<(), Error> {
    let Session { id, actor, started_at, expires_at, ended_at } = session;
    account_session::Entity::delete_many()
        .filter(account_session::Column::ActorId.eq(actor.as_uuid()))
        .filter(account_session::Column::ExpiresAt.lt(started_at.as_micros()))
        .exec(tx.conn())
        .await?;
    let row = account_session::ActiveModel {
        id: Set(id.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        started_at: Set(started_at.as_micros()),
        expires_at: Set(expires_at.as_micros()),
        ended_at: Set(ended_at.map(Timestamp::as_micros)),
        end_reason: Set(None),
    };
    row.insert(tx.conn()).await?;
    add_token(tx, *id, token, *started_at).await
}

/// Adds the next refresh token of a sign-in.
///
/// # Errors
/// When the database refuses.
pub async fn add_token(tx: &Tx, session: SessionId, token: &NewToken, now: Timestamp) -> Result<(), Error> {
    let row = refresh_token::ActiveModel {
        digest: Set(token.digest.to_vec()),
        session_id: Set(session.as_uuid()),
        issued_at: Set(now.as_micros()),
        expires_at: Set(token.expires_at.as_micros()),
        used_at: Set(None),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Takes a refresh token out of use. Of several that show the same token at once, one wins: the update locks the row,
/// and the others see it used.
///
/// # Errors
/// When the database does not answer.
pub async fn take_token(tx: &Tx, digest: &[u8; 32], now: Timestamp) -> Result<Shown, Error> {
    let taken = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(now.as_micros()))
        .filter(refresh_token::Column::Digest.eq(digest.as_slice()))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(tx.conn())
        .await?;
    let Some(shown) = refresh_token::Entity::find_by_id(digest.to_vec()).one(tx.conn()).await? else {
        return Ok(Shown::Refused);
    };
    let Some(session) = lock(tx, SessionId::from_uuid(shown.session_id)).await? else { return Ok(Shown::Refused) };
    if taken.rows_affected == 0 {
        return Ok(Shown::Reused(session));
    }
    let is_open = session.ended_at.is_none() && session.expires_at > now && shown.expires_at > now.as_micros();
    Ok(if is_open { Shown::Taken(session) } else { Shown::Refused })
}

/// The sign-in that a refresh token belongs to, whatever the state of both.
///
/// # Errors
/// When the database does not answer.
pub async fn of_token(tx: &Tx, digest: &[u8; 32]) -> Result<Option<Session>, Error> {
    let token = refresh_token::Entity::find_by_id(digest.to_vec()).one(tx.conn()).await?;
    match token {
        Some(token) => lock(tx, SessionId::from_uuid(token.session_id)).await,
        None => Ok(None),
    }
}

/// Ends a sign-in. Tells whether it was open.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, id: SessionId, reason: EndReason, now: Timestamp) -> Result<bool, Error> {
    let ended = ending(reason, now).filter(account_session::Column::Id.eq(id.as_uuid())).exec(tx.conn()).await?;
    Ok(ended.rows_affected > 0)
}

/// Ends all sign-ins of an account, `except` one, and tells how many were open. Tokens without a sign-in that were
/// signed until now are refused from here on.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(
    tx: &Tx,
    actor: ActorId,
    except: Option<SessionId>,
    (reason, now): (EndReason, Timestamp),
) -> Result<u64, Error> {
    let mut ending = ending(reason, now).filter(account_session::Column::ActorId.eq(actor.as_uuid()));
    if let Some(except) = except {
        ending = ending.filter(account_session::Column::Id.ne(except.as_uuid()));
    }
    let ended = ending.exec(tx.conn()).await?;
    actor::Entity::update_many()
        .col_expr(actor::Column::TokensValidFrom, Expr::value(now.as_micros()))
        .filter(actor::Column::Id.eq(actor.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(ended.rows_affected)
}

/// The open sign-ins of an account, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn open(store: &Store, actor: ActorId, now: Timestamp) -> Result<Vec<Session>, Error> {
    let sql = "SELECT id, actor_id, started_at, expires_at, ended_at FROM account_session \
               WHERE actor_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY started_at DESC, id";
    store.reader.all(Sql::new(sql).value(actor.as_uuid()).value(now.as_micros())).await
}

fn ending(reason: EndReason, now: Timestamp) -> sea_orm::UpdateMany<account_session::Entity> {
    account_session::Entity::update_many()
        .col_expr(account_session::Column::EndedAt, Expr::value(now.as_micros()))
        .col_expr(account_session::Column::EndReason, Expr::value(reason.as_str()))
        .filter(account_session::Column::EndedAt.is_null())
}

/// Reads a sign-in and holds it, so that it cannot be ended and refreshed at the same time.
async fn lock(tx: &Tx, id: SessionId) -> Result<Option<Session>, Error> {
    tx.execute(Sql::new("UPDATE account_session SET started_at = started_at WHERE id = $1").value(id.as_uuid()))
        .await?;
    let sql = "SELECT id, actor_id, started_at, expires_at, ended_at FROM account_session WHERE id = $1";
    Ok(tx.all(Sql::new(sql).value(id.as_uuid())).await?.into_iter().next())
}

impl FromRow for Session {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: SessionId::from_uuid(columns.take::<Uuid>()?),
            actor: ActorId::from_uuid(columns.take::<Uuid>()?),
            started_at: Timestamp::from_micros(columns.take()?),
            expires_at: Timestamp::from_micros(columns.take()?),
            ended_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
        })
    }
}
