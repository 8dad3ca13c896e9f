//! Runs a migration's text on either database.
//!
//! Words in capitals between `$` signs stand for what differs:
//!
//! | word | SQLite | PostgreSQL |
//! |---|---|---|
//! | `$ID$` | `BLOB` of 16 bytes | `uuid` |
//! | `$TIME$` | `INTEGER`, microseconds UTC | `bigint` |
//! | `$INT$` / `$LONG$` | `INTEGER` | `integer` / `bigint` |
//! | `$BYTES$` | `BLOB` | `bytea` |
//! | `$BOOL$` | `INTEGER` | `boolean` |
//! | `$TEXT$` | `TEXT` | `text COLLATE "C"`, so that both compare bytes |
//! | `$STRICT$` | `STRICT` | nothing |
//! | `$CLUSTERED$` | `STRICT, WITHOUT ROWID` | nothing |
//!
//! Days are `$TEXT$` as `YYYY-MM-DD`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    for statement in translate(statements, sqlite).split(";\n") {
        if !statement.trim().is_empty() {
            connection.execute_unprepared(statement).await?;
        }
    }
    Ok(())
}

fn translate(statements: &str, sqlite: bool) -> String {
    const WORDS: [(&str, &str, &str); 9] = [
        ("$ID$", "BLOB", "uuid"),
        ("$TIME$", "INTEGER", "bigint"),
        ("$INT$", "INTEGER", "integer"),
        ("$LONG$", "INTEGER", "bigint"),
        ("$BYTES$", "BLOB", "bytea"),
        ("$BOOL$", "INTEGER", "boolean"),
        ("$TEXT$", "TEXT", "text COLLATE \"C\""),
        ("$STRICT$", "STRICT", ""),
        ("$CLUSTERED$", "STRICT, WITHOUT ROWID", ""),
    ];
    WORDS.iter().fold(statements.to_owned(), |text, (word, lite, postgres)| {
        text.replace(word, if sqlite { lite } else { postgres })
    })
}
