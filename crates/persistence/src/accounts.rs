//! Accounts of people.

use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::account::SignInName;
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::time::{Timestamp, parse_day};

use crate::entity::{account, actor};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// An account as others may see it. Holds no secret; the sign-in name is for its owner and those who manage it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub id: ActorId,
    /// The short name that the audit shows.
    pub handle: String,
    /// The full name.
    pub name: String,
    /// Under which it signs in.
    pub sign_in_name: SignInName,
    /// Whether a password has been chosen.
    pub has_password: bool,
    /// Whether it is linked to who its owner is at an identity provider.
    pub has_identity: bool,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// First sign-in.
    pub first_used_at: Option<Timestamp>,
    /// Last sign-in or refresh.
    pub last_used_at: Option<Timestamp>,
    /// The day its owner was trained.
    pub trained_on: Option<NaiveDate>,
    /// Since when it may do nothing.
    pub disabled_at: Option<Timestamp>,
    /// Why.
    pub disabled_reason: Option<String>,
}

/// What a sign-in is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// Whose they are.
    pub id: ActorId,
    /// The hash of the password, when one has been chosen.
    pub password_hash: Option<String>,
    /// Whether the account may sign in at all.
    pub is_enabled: bool,
}

/// A new account.
pub struct NewAccount<'a> {
    /// Identity of the actor, which is made with it.
    pub id: ActorId,
    /// The short name that the audit shows.
    pub handle: &'a str,
    /// The full name.
    pub name: &'a str,
    /// Under which it signs in.
    pub sign_in_name: &'a SignInName,
    /// Who issued it.
    pub issued_by: ActorId,
}

/// Which accounts to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within<'a> {
    /// All of the instance.
    Everywhere,
    /// Those with a role that reaches one of these sites.
    Sites(&'a [SiteId]),
}

const SELECT: &str = "SELECT a.id, a.handle, a.name, c.sign_in_name, \
     CASE WHEN c.password_hash IS NULL THEN 0 ELSE 1 END, \
     CASE WHEN EXISTS (SELECT 1 FROM identity i WHERE i.actor_id = a.id) THEN 1 ELSE 0 END, c.issued_at, c.first_used_at, c.last_used_at, \
     c.trained_on, a.disabled_at, c.disabled_reason FROM account c JOIN actor a ON a.id = c.actor_id";

/// An account, whatever its state.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, id: ActorId) -> Result<Option<Account>, Error> {
    store.reader.first(Sql::new(SELECT).push(" WHERE c.actor_id = ").bind(id.as_uuid())).await
}

/// The account that signs in under a name, whatever its state.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find_named(store: &Store, name: &SignInName) -> Result<Option<Account>, Error> {
    store.reader.first(Sql::new(SELECT).push(" WHERE c.sign_in_name = ").bind(name.as_str().to_owned())).await
}

/// The accounts within a scope by handle. An account without a role is nobody's but the instance's.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list(store: &Store, within: Within<'_>) -> Result<Vec<Account>, Error> {
    let sql = match within {
        Within::Everywhere => Sql::new(SELECT),
        Within::Sites([]) => return Ok(Vec::new()),
        Within::Sites(sites) => {
            Sql::new("WITH RECURSIVE above (unit_id, site_id) AS (SELECT unit_id, id FROM site WHERE id IN ")
                .bind_list(sites.iter().map(|id| id.as_uuid()))
                .push(
                    " UNION SELECT u.parent_id, above.site_id FROM unit u JOIN above ON above.unit_id = u.id \
             WHERE u.parent_id IS NOT NULL) ",
                )
                .push(SELECT)
                .push(
                    " WHERE EXISTS (SELECT 1 FROM access_grant g WHERE g.actor_id = a.id AND (g.site_id IN \
             (SELECT site_id FROM above) OR g.unit_id IN (SELECT unit_id FROM above)))",
                )
        }
    };
    store.reader.all(sql.push(" ORDER BY a.handle")).await
}

/// What a sign-in under this name is checked against.
///
/// # Errors
/// When the database does not answer.
pub async fn credentials(store: &Store, name: &SignInName) -> Result<Option<Credentials>, Error> {
    let sql = Sql::new(CREDENTIALS).push(" WHERE c.sign_in_name = ").bind(name.as_str().to_owned());
    store.reader.first(sql).await
}

/// What the owner's own password is checked against.
///
/// # Errors
/// When the database does not answer.
pub async fn credentials_of(store: &Store, id: ActorId) -> Result<Option<Credentials>, Error> {
    store.reader.first(Sql::new(CREDENTIALS).push(" WHERE c.actor_id = ").bind(id.as_uuid())).await
}

const CREDENTIALS: &str = "SELECT a.id, c.password_hash, CASE WHEN a.disabled_at IS NULL THEN 1 ELSE 0 END \
     FROM account c JOIN actor a ON a.id = c.actor_id";

/// Locks an account for the rest of the transaction and reads what stands in it now.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock(tx: &Tx, id: ActorId) -> Result<Option<Account>, Error> {
    let locked = account::Entity::update_many()
        .col_expr(account::Column::IssuedAt, Expr::col(account::Column::IssuedAt))
        .filter(account::Column::ActorId.eq(id.as_uuid()))
        .exec(tx.conn())
        .await?;
    if locked.rows_affected == 0 {
        return Ok(None);
    }
    let found = tx.all(Sql::new(SELECT).push(" WHERE c.actor_id = ").bind(id.as_uuid())).await?;
    Ok(found.into_iter().next())
}

/// The hash of an account's password, as the transaction sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn password_hash(tx: &Tx, id: ActorId) -> Result<Option<String>, Error> {
    Ok(account::Entity::find_by_id(id.as_uuid()).one(tx.conn()).await?.and_then(|row| row.password_hash))
}

/// Adds an account and its actor.
///
/// # Errors
/// [`Error::Duplicate`] when the sign-in name or the handle is taken.
pub async fn add(tx: &Tx, new: &NewAccount<'_>, now: Timestamp) -> Result<(), Error> {
    let NewAccount { id, handle, name, sign_in_name, issued_by } = new;
    crate::actors::add(tx, *id, handle, name, now).await?;
    let row = account::ActiveModel {
        actor_id: Set(id.as_uuid()),
        sign_in_name: Set(sign_in_name.as_str().to_owned()),
        password_hash: Set(None),
        password_set_at: Set(None),
        issued_at: Set(now.as_micros()),
        issued_by: Set(issued_by.as_uuid()),
        first_used_at: Set(None),
        last_used_at: Set(None),
        trained_on: Set(None),
        disabled_reason: Set(None),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Keeps the hash of a new password.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(tx: &Tx, id: ActorId, hash: &str, now: Timestamp) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::PasswordSetAt, Expr::value(now.as_micros()))
        .filter(account::Column::ActorId.eq(id.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Notes that the account was used.
///
/// # Errors
/// When the database refuses.
pub async fn note_use(tx: &Tx, id: ActorId, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE account SET first_used_at = COALESCE(first_used_at, $1), last_used_at = $1 WHERE actor_id = $2";
    tx.execute(Sql::new(sql).value(now.as_micros()).value(id.as_uuid())).await?;
    Ok(())
}

/// Notes the day on which the owner was trained.
///
/// # Errors
/// When the database refuses.
pub async fn set_trained(tx: &Tx, id: ActorId, day: Option<NaiveDate>) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::TrainedOn, Expr::value(day.map(|day| day.to_string())))
        .filter(account::Column::ActorId.eq(id.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Disables an account with a reason, or enables it again.
///
/// # Errors
/// When the database refuses.
pub async fn set_disabled(tx: &Tx, id: ActorId, disabled: Option<(&str, Timestamp)>) -> Result<(), Error> {
    account::Entity::update_many()
        .col_expr(account::Column::DisabledReason, Expr::value(disabled.map(|(reason, _)| reason.to_owned())))
        .filter(account::Column::ActorId.eq(id.as_uuid()))
        .exec(tx.conn())
        .await?;
    actor::Entity::update_many()
        .col_expr(actor::Column::DisabledAt, Expr::value(disabled.map(|(_, at)| at.as_micros())))
        .filter(actor::Column::Id.eq(id.as_uuid()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

impl Account {
    /// Whether its owner has taken it up: there is a way to sign in.
    pub const fn is_taken_up(&self) -> bool {
        self.has_password || self.has_identity
    }
}

impl FromRow for Credentials {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let id = ActorId::from_uuid(columns.take::<Uuid>()?);
        Ok(Self { id, password_hash: columns.take()?, is_enabled: columns.take::<i32>()? == 1 })
    }
}

impl FromRow for Account {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let corrupt = |what: &dyn std::fmt::Display| Error::corrupt("account", what);
        let id = ActorId::from_uuid(columns.take::<Uuid>()?);
        let (handle, name) = (columns.take()?, columns.take()?);
        let sign_in_name = SignInName::parse(&columns.take::<String>()?).map_err(|rule| corrupt(&rule))?;
        let has_password = columns.take::<i32>()? == 1;
        let has_identity = columns.take::<i32>()? == 1;
        let issued_at = Timestamp::from_micros(columns.take()?);
        let mut time = || Ok::<_, Error>(columns.take::<Option<i64>>()?.map(Timestamp::from_micros));
        let (first_used_at, last_used_at) = (time()?, time()?);
        let day = columns.take::<Option<String>>()?.map(|day| parse_day(&day)).transpose();
        let trained_on = day.map_err(|error| corrupt(&error))?;
        let disabled_at = columns.take::<Option<i64>>()?.map(Timestamp::from_micros);
        let disabled_reason = columns.take()?;
        Ok(Self {
            id,
            handle,
            name,
            sign_in_name,
            has_password,
            has_identity,
            issued_at,
            first_used_at,
            last_used_at,
            trained_on,
            disabled_at,
            disabled_reason,
        })
    }
}
