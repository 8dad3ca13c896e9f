//! The rows of the lists against what should be listed. They say nothing but where an entry stands, so that a row that is
//! missing hides an entry and one too many shows it where it does not belong.

use std::collections::HashSet;

use uuid::Uuid;

use lienthong_domain::ids::EntryId;
use lienthong_domain::live::LiveEntry;

use crate::error::Error;
use crate::live_projection::keys_of;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// A table of lists, and the column of the time that orders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lists {
    /// Its name.
    pub table: &'static str,
    time: &'static str,
}

/// Both tables.
pub const LISTS: [Lists; 2] = [
    Lists { table: "live_listing", time: "published_at" },
    Lists { table: "live_listing_updated", time: "updated_at" },
];

/// Rows asked for in one statement, of three values each. `SQLite` looks each placeholder up among all of them, so that ten
/// times as many take a hundred times as long.
const ROWS: usize = 400;

/// How many rows should stand in either table for `shown`, and which of these entries lack one in `lists`.
///
/// # Errors
/// When the database does not answer.
pub async fn missing(tx: &Tx, lists: Lists, shown: &[&LiveEntry]) -> Result<(u64, Vec<EntryId>), Error> {
    let Lists { table, time } = lists;
    let by_update = time == "updated_at";
    let expected = keys_of(shown, |live| if by_update { live.updated_at } else { live.published_at });
    let mut there = HashSet::new();
    for rows in expected.chunks(ROWS) {
        let mut sql = Sql::new("WITH k (scope, at, entry_id) AS (VALUES ");
        for (place, (scope, at, entry)) in rows.iter().enumerate() {
            sql = sql.push(if place == 0 { "(" } else { ", (" }).bind(*scope).push(", ").bind(at.as_micros());
            sql = sql.push(", ").bind(entry.as_uuid()).push(")");
        }
        sql = sql.push(&format!(
            ") SELECT l.scope, l.entry_id FROM k CROSS JOIN {table} l \
             WHERE l.scope = k.scope AND l.{time} = k.at AND l.entry_id = k.entry_id"
        ));
        there.extend(tx.all::<Row>(sql).await?.into_iter().map(|row| (row.scope, row.entry)));
    }
    let lacks = expected.iter().filter(|(scope, _, entry)| !there.contains(&(*scope, entry.as_uuid())));
    let mut lacking: Vec<EntryId> = lacks.map(|(_, _, entry)| *entry).collect();
    lacking.dedup();
    Ok((expected.len() as u64, lacking))
}

/// How many rows there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &Tx, lists: Lists) -> Result<u64, Error> {
    let counted: Vec<i64> = tx.all(Sql::new(format!("SELECT COUNT(*) FROM {}", lists.table))).await?;
    Ok(counted.first().copied().unwrap_or_default().unsigned_abs())
}

/// Entries that have more rows than their header names lists, at most `limit`. Reads the whole table.
///
/// # Errors
/// When the database does not answer.
pub async fn overlisted(tx: &Tx, lists: Lists, limit: u32) -> Result<Vec<EntryId>, Error> {
    let sql = Sql::new(format!(
        "SELECT l.entry_id FROM (SELECT entry_id, COUNT(*) AS number FROM {} GROUP BY entry_id) l \
         LEFT JOIN live_entry h ON h.entry_id = l.entry_id \
         WHERE h.entry_id IS NULL OR l.number > LENGTH(h.scopes) / 16 LIMIT ",
        lists.table
    ));
    let ids: Vec<Uuid> = tx.all(sql.bind(i64::from(limit))).await?;
    Ok(ids.into_iter().map(EntryId::from_uuid).collect())
}

struct Row {
    scope: Uuid,
    entry: Uuid,
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { scope: columns.take()?, entry: columns.take()? })
    }
}
