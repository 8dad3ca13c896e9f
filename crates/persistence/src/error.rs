//! What can go wrong with the database.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use sqlx::error::DatabaseError;

/// A failure of the database, or of what was found in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the schema that keeps values unique refused a row.
    #[error("{0} is taken")]
    Duplicate(&'static str),
    /// A row refers to one that does not exist.
    #[error("a row refers to something that does not exist")]
    Dangling,
    /// `PostgreSQL` takes no NUL character in a text.
    #[error("a text holds a NUL character")]
    Unstorable,
    /// A stored value that this version cannot read.
    #[error("table {table} holds a value that cannot be read: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// Anything else, as the driver tells it.
    #[error(transparent)]
    Database(DbErr),
    /// Anything else on the reading connections of `SQLite`.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The database cannot be opened as asked.
    #[error("{0}")]
    Open(String),
    /// The reading threads have stopped.
    #[error("the database has been closed")]
    Closed,
}

impl Error {
    pub(crate) fn corrupt(table: &'static str, what: impl std::fmt::Display) -> Self {
        Self::Corrupt { table, what: what.to_string() }
    }
}

/// Unique rules that a writer can run into: how `PostgreSQL` names them, how `SQLite` does, what they are about.
const UNIQUE: [(&str, &str, &str); 10] = [
    ("entry_slug_key", "entry.site_id, entry.slug", "slug"),
    ("entry_source_key", "entry.site_id, entry.kind, entry.source_id", "sourceId"),
    ("site_host_key", "site.host", "host"),
    ("category_slug_key", "category.site_id, category.slug", "category slug"),
    ("unit_slug_key", "unit.slug", "unit slug"),
    ("media_digest_key", "media.site_id, media.digest", "media"),
    ("actor_handle_key", "actor.handle", "actor"),
    ("account_name_key", "account.sign_in_name", "sign-in name"),
    ("identity_pkey", "identity.issuer, identity.subject", "identity"),
    ("identity_actor_key", "identity.actor_id, identity.issuer", "identity"),
];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => {
                let known = UNIQUE.iter().find(|(pg, lite, _)| message.contains(pg) || message.contains(lite));
                known.map_or(Self::Database(error), |(_, _, what)| Self::Duplicate(what))
            }
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::Dangling,
            _ if holds_nul(&error) => Self::Unstorable,
            _ => Self::Database(error),
        }
    }
}

/// `character_not_in_repertoire` of the `PostgreSQL` error codes.
const NOT_IN_REPERTOIRE: &str = "22021";

fn holds_nul(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return false;
    };
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == NOT_IN_REPERTOIRE)
}
