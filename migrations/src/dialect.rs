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

/// Lets no row of these tables be changed or removed. It stops mistakes, and whoever does not own the database; whoever
/// does is found out by `lienthong verify`.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    if !sqlite {
        let refuse = "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$";
        connection.execute_unprepared(refuse).await?;
    }
    for table in tables {
        for act in ["UPDATE", "DELETE"] {
            let name = format!("{table}_no_{}", act.to_lowercase());
            let refuse = if sqlite {
                format!(
                    "CREATE TRIGGER {name} BEFORE {act} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
                )
            } else {
                format!("CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()")
            };
            connection.execute_unprepared(&refuse).await?;
        }
    }
    Ok(())
}

/// Takes back what [`append_only`] leaves behind when the tables, and with them their triggers, are gone.
pub(crate) async fn changeable_again(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared("DROP FUNCTION append_only()").await?;
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
