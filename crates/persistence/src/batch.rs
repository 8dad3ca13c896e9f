//! Inserts of many rows in statements of bounded size.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, Iterable as _};

use crate::error::Error;
use crate::store::Tx;

/// Bound values in one statement at most; `SQLite` allows 32,766, `PostgreSQL` 65,535.
const VALUES: usize = 30_000;

/// Inserts all rows, in as few statements as the databases allow.
pub(crate) async fn insert_all<A: ActiveModelTrait>(
    tx: &Tx,
    rows: impl IntoIterator<Item = A>,
    on_conflict: Option<OnConflict>,
) -> Result<(), Error> {
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(VALUES / columns).collect();
        let mut insert = A::Entity::insert_many(chunk);
        if let Some(rule) = &on_conflict {
            insert = insert.on_conflict(rule.clone());
        }
        insert.exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
