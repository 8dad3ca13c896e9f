//! Keys that sign what sites publish and the states of the log. Private keys are sealed: this crate never sees one open.

use lienthong_domain::ids::{KeyId, SiteId};
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Identity, part of what the seal protects.
    pub id: KeyId,
    /// The site whose editions it signs; none for the key of the log.
    pub site: Option<SiteId>,
    /// The public half.
    pub public: [u8; 32],
    /// The private half under the seal; none when the key that sealed it is lost.
    pub sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it signs nothing new.
    pub retired_at: Option<Timestamp>,
    /// Since when nothing that it signed is to be believed by itself.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub reason: Option<String>,
}

const COLUMNS: &str = "k.id, k.site_id, k.public, k.sealed, k.created_at, k.retired_at, k.revoked_at, k.reason";

/// The key that signs for a site, or for the log, in this transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn current(tx: &Tx, site: Option<SiteId>) -> Result<Option<Key>, Error> {
    let sql = Sql::new(format!("SELECT {COLUMNS} FROM signing_key k WHERE k.retired_at IS NULL AND "));
    Ok(tx.all(of_site(sql, site)).await?.into_iter().next())
}

/// A key, locked against other changes.
///
/// # Errors
/// When the database does not answer.
pub async fn find(tx: &Tx, id: KeyId) -> Result<Option<Key>, Error> {
    let sql = Sql::new(format!("SELECT {COLUMNS} FROM signing_key k WHERE k.id = $1")).value(id.as_uuid());
    Ok(tx.all(sql).await?.into_iter().next())
}

/// All keys: of one site, of the log (`Some(None)`), or every one; the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, of: Option<Option<SiteId>>) -> Result<Vec<Key>, Error> {
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM signing_key k WHERE "));
    sql = match of {
        None => sql.push("1 = 1"),
        Some(site) => of_site(sql, site),
    };
    store.reader.all(sql.push(" ORDER BY k.created_at, k.id")).await
}

/// Every key, the oldest first, as this transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn all(tx: &Tx) -> Result<Vec<Key>, Error> {
    tx.all(Sql::new(format!("SELECT {COLUMNS} FROM signing_key k ORDER BY k.created_at, k.id"))).await
}

/// Adds a key for whom there is none in use; `false` when another transaction did so first.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &Tx, key: &Key) -> Result<bool, Error> {
    let Key { id, site, public, sealed, created_at, retired_at: _, revoked_at: _, reason: _ } = key;
    let sql = Sql::new(
        "INSERT INTO signing_key (id, purpose, site_id, public, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING",
    );
    let purpose = if site.is_some() { "site" } else { "log" };
    let sql = sql.value(id.as_uuid()).value(purpose).value(site.map(SiteId::as_uuid)).value(public.to_vec());
    Ok(tx.execute(sql.value(sealed.clone()).value(created_at.as_micros())).await? == 1)
}

/// Lets the key in use sign nothing new.
///
/// # Errors
/// When the database refuses.
pub async fn retire(tx: &Tx, site: Option<SiteId>, now: Timestamp) -> Result<(), Error> {
    let sql = Sql::new("UPDATE signing_key AS k SET retired_at = ").bind(now.as_micros());
    tx.execute(of_site(sql.push(" WHERE k.retired_at IS NULL AND "), site)).await?;
    Ok(())
}

/// Marks a key as one that others may have, and lets it sign nothing new.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, id: KeyId, reason: &str, now: Timestamp) -> Result<(), Error> {
    let sql = Sql::new(
        "UPDATE signing_key SET retired_at = COALESCE(retired_at, $1), revoked_at = $1, reason = $2 WHERE id = $3",
    );
    tx.execute(sql.value(now.as_micros()).value(reason).value(id.as_uuid())).await?;
    Ok(())
}

fn of_site(sql: Sql, site: Option<SiteId>) -> Sql {
    match site {
        Some(site) => sql.push("k.site_id = ").bind(site.as_uuid()),
        None => sql.push("k.site_id IS NULL"),
    }
}

impl FromRow for Key {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let id = KeyId::from_uuid(columns.take()?);
        let site = columns.take::<Option<Uuid>>()?.map(SiteId::from_uuid);
        let public: Vec<u8> = columns.take()?;
        Ok(Self {
            id,
            site,
            public: public.try_into().map_err(|_| Error::corrupt("signing_key", "a public key has 32 bytes"))?,
            sealed: columns.take()?,
            created_at: Timestamp::from_micros(columns.take()?),
            retired_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            revoked_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            reason: columns.take()?,
        })
    }
}
