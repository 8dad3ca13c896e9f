//! Tokens of programs that act for somebody, by digest.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::access::{Limits, Operation, SiteScope};
use lienthong_domain::ids::{ActorId, ApiTokenId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{api_token, api_token_site};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// A token as it is kept: everything but the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Identity.
    pub id: ApiTokenId,
    /// For whom it acts.
    pub actor: ActorId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do of what its owner may.
    pub limits: Limits,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// Last use, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

const SELECT: &str = "SELECT t.id, t.actor_id, t.name, t.operations, t.created_at, t.expires_at, t.last_used_at, \
     t.revoked_at, s.site_id FROM api_token t LEFT JOIN api_token_site s ON s.token_id = t.id";

/// The token with this digest, while it is good.
///
/// # Errors
/// When the database does not answer or holds an operation this version does not know.
pub async fn find(store: &Store, digest: &[u8; 32], now: Timestamp) -> Result<Option<ApiToken>, Error> {
    let sql = Sql::new(SELECT)
        .push(" WHERE t.revoked_at IS NULL AND t.digest = ")
        .bind(digest.to_vec())
        .push(" AND t.expires_at > ")
        .bind(now.as_micros());
    Ok(together(store.reader.all(sql).await?).pop())
}

/// The tokens of an owner, latest first, those included that no longer work.
///
/// # Errors
/// When the database does not answer or holds an operation this version does not know.
pub async fn of(store: &Store, actor: ActorId) -> Result<Vec<ApiToken>, Error> {
    let sql = Sql::new(SELECT).push(" WHERE t.actor_id = ").bind(actor.as_uuid());
    Ok(together(store.reader.all(sql.push(" ORDER BY t.created_at DESC, t.id")).await?))
}

/// Adds a token.
///
/// # Errors
/// [`Error::Dangling`] when a site does not exist.
pub async fn add(tx: &Tx, new: &ApiToken, digest: &[u8; 32]) -> Result<(), Error> {
    let ApiToken { id, actor, name, limits, created_at, expires_at, last_used_at: _, revoked_at: _ } = new;
    let operations: Vec<&str> = limits.operations.iter().map(|operation| operation.as_str()).collect();
    let row = api_token::ActiveModel {
        id: Set(id.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        name: Set(name.clone()),
        digest: Set(digest.to_vec()),
        operations: Set(operations.join(" ")),
        created_at: Set(created_at.as_micros()),
        expires_at: Set(expires_at.as_micros()),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    row.insert(tx.conn()).await?;
    if let SiteScope::Sites(sites) = &limits.scope {
        let row =
            |site: &SiteId| api_token_site::ActiveModel { token_id: Set(id.as_uuid()), site_id: Set(site.as_uuid()) };
        insert_all(tx, sites.iter().map(row), None).await?;
    }
    Ok(())
}

/// Notes a use, unless one was noted since `earlier`.
///
/// # Errors
/// When the database refuses.
pub async fn note_use(tx: &Tx, id: ApiTokenId, (earlier, now): (Timestamp, Timestamp)) -> Result<(), Error> {
    let sql = "UPDATE api_token SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    let sql = Sql::new(sql).value(now.as_micros()).value(id.as_uuid()).value(earlier.as_micros());
    tx.execute(sql).await?;
    Ok(())
}

/// Takes a token of an owner back, or all of them. Tells how many worked until now.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, actor: ActorId, id: Option<ApiTokenId>, now: Timestamp) -> Result<u64, Error> {
    let mut revoking = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(now.as_micros()))
        .filter(api_token::Column::ActorId.eq(actor.as_uuid()))
        .filter(api_token::Column::RevokedAt.is_null());
    if let Some(id) = id {
        revoking = revoking.filter(api_token::Column::Id.eq(id.as_uuid()));
    }
    Ok(revoking.exec(tx.conn()).await?.rows_affected)
}

/// A token and one of its sites; a token without sites is one row.
struct Row {
    token: ApiToken,
    site: Option<SiteId>,
}

/// One token for all its rows.
fn together(rows: Vec<Row>) -> Vec<ApiToken> {
    let mut tokens: Vec<ApiToken> = Vec::new();
    for Row { token, site } in rows {
        let known = tokens.iter().position(|known| known.id == token.id);
        let index = known.unwrap_or_else(|| {
            tokens.push(token);
            tokens.len() - 1
        });
        if let (Some(site), Some(token)) = (site, tokens.get_mut(index)) {
            token.limits.scope = match &token.limits.scope {
                SiteScope::Everywhere => SiteScope::of([site]),
                SiteScope::Sites(sites) => SiteScope::of(sites.iter().copied().chain([site])),
            };
        }
    }
    tokens
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (id, actor) = (columns.take::<Uuid>()?, columns.take::<Uuid>()?);
        let name = columns.take()?;
        let operations: String = columns.take()?;
        let unknown = |name: &str| Error::corrupt("api_token", format!("operation {name:?}"));
        let operation = |name: &str| Operation::parse(name).ok_or_else(|| unknown(name));
        let operations = operations.split(' ').map(operation).collect::<Result<BTreeSet<_>, _>>()?;
        let token = ApiToken {
            id: ApiTokenId::from_uuid(id),
            actor: ActorId::from_uuid(actor),
            name,
            limits: Limits { operations, scope: SiteScope::Everywhere },
            created_at: Timestamp::from_micros(columns.take()?),
            expires_at: Timestamp::from_micros(columns.take()?),
            last_used_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            revoked_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
        };
        Ok(Self { token, site: columns.take::<Option<Uuid>>()?.map(SiteId::from_uuid) })
    }
}
