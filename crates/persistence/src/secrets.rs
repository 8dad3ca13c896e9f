//! Instance secrets, as sealed bytes: this crate never sees one open.

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};

use lienthong_domain::ids::SecretId;
use lienthong_domain::time::Timestamp;

use crate::entity::instance_secret;
use crate::error::Error;
use crate::store::{Store, Tx};

/// One sealed secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Identity, part of what the seal protects.
    pub id: SecretId,
    /// What it is for.
    pub purpose: String,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it only verifies; `None` for the one in use.
    pub retired_at: Option<Timestamp>,
}

/// The secrets for a purpose, the one in use first, then the retired ones, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of(store: &Store, purpose: &str) -> Result<Vec<Sealed>, Error> {
    let rows = instance_secret::Entity::find()
        .filter(instance_secret::Column::Purpose.eq(purpose))
        .order_by_desc(instance_secret::Column::CreatedAt)
        .all(&store.pool)
        .await?;
    Ok(rows.into_iter().map(sealed).collect())
}

/// Adds a secret; the one in use until now is retired.
///
/// # Errors
/// When another node did the same at the same time.
pub async fn add(tx: &Tx, new: &Sealed) -> Result<(), Error> {
    use sea_orm::sea_query::Expr;
    instance_secret::Entity::update_many()
        .col_expr(instance_secret::Column::RetiredAt, Expr::value(new.created_at.as_micros()))
        .filter(instance_secret::Column::Purpose.eq(new.purpose.as_str()))
        .filter(instance_secret::Column::RetiredAt.is_null())
        .exec(tx.conn())
        .await?;
    add_first(tx, new).await
}

/// Adds the first secret for a purpose.
///
/// # Errors
/// When there is one in use, such as one that another node made at the same time.
pub async fn add_first(tx: &Tx, new: &Sealed) -> Result<(), Error> {
    let row = instance_secret::ActiveModel {
        id: Set(new.id.as_uuid()),
        purpose: Set(new.purpose.clone()),
        sealed: Set(new.bytes.clone()),
        created_at: Set(new.created_at.as_micros()),
        retired_at: Set(None),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

fn sealed(row: instance_secret::Model) -> Sealed {
    Sealed {
        id: SecretId::from_uuid(row.id),
        purpose: row.purpose,
        bytes: row.sealed,
        created_at: Timestamp::from_micros(row.created_at),
        retired_at: row.retired_at.map(Timestamp::from_micros),
    }
}
