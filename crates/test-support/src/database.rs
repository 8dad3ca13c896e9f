//! A database of its own for each test: a copy of a migrated file, or a clone of a migrated template database.

use std::path::PathBuf;

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use lienthong_persistence::{Location, Store};

/// Where `cargo xtask test` tells of its throw-away PostgreSQL.
const POSTGRES: &str = "LIENTHONG_TEST_POSTGRES";

/// A migrated, empty database that no other test uses.
pub struct TestDb {
    location: Location,
    _folder: Option<TempDir>,
}

/// What a connection of its own keeps for itself, such as a lock.
pub struct Held {
    connection: PgConnection,
}

impl Held {
    /// Lets it go.
    pub async fn release(self) {
        self.connection.close().await.unwrap();
    }
}

impl TestDb {
    /// A SQLite file. Never `:memory:`, which has no write-ahead log.
    pub async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
        let (_, template) = TEMPLATE.get_or_init(migrated_file).await;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("lienthong.db");
        std::fs::copy(template, &file).unwrap();
        Self { location: Location::File(file), _folder: Some(folder) }
    }

    /// A database on the PostgreSQL server of the test run.
    pub async fn postgres() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(migrated_database).await;
        let name = new_database(Some(template)).await;
        Self { location: Location::Postgres(address_of(&name)), _folder: None }
    }

    /// One more on the same engine, as new as this one was.
    pub async fn another(&self) -> Self {
        if self.is_postgres() { Self::postgres().await } else { Self::sqlite().await }
    }

    /// Where it is.
    pub fn location(&self) -> Location {
        self.location.clone()
    }

    /// Opens it. Several stores on one database are several nodes.
    pub async fn open(&self) -> Store {
        Store::open(self.location()).await.unwrap()
    }

    /// Changes something behind the application's back. Returns how many rows.
    pub async fn meddle(&self, sql: &str) -> u64 {
        self.try_to_meddle(sql).await.unwrap()
    }

    /// Has every entry of the lists by publication stand in them so many times more, each time a little later.
    pub async fn multiply_lists(&self, times: u32) {
        let rows = format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) \
             INSERT INTO live_listing (scope, published_at, entry_id) \
             SELECT l.scope, l.published_at + n.i, l.entry_id FROM live_listing l CROSS JOIN n"
        );
        assert!(self.meddle(&rows).await > 0);
    }

    /// The same, where the database may refuse.
    ///
    /// # Errors
    /// As the database tells it.
    pub async fn try_to_meddle(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match &self.location {
            Location::File(file) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
                Ok(connection.execute(sql).await?.rows_affected())
            }
            Location::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                Ok(connection.execute(sql).await?.rows_affected())
            }
        }
    }

    /// Runs a statement on a connection that stays open, on PostgreSQL: what it takes is kept until it is let go.
    pub async fn hold(&self, sql: &str) -> Held {
        let Location::Postgres(url) = &self.location else { panic!("not PostgreSQL") };
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.unwrap();
        Held { connection }
    }

    /// Takes away what keeps the rows of a table from being changed, as its owner can.
    pub async fn unlock(&self, table: &str) {
        for act in ["update", "delete"] {
            let on = if self.is_postgres() { format!(" ON {table}") } else { String::new() };
            self.meddle(&format!("DROP TRIGGER {table}_no_{act}{on}")).await;
        }
    }

    /// Whether it is PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.location, Location::Postgres(_))
    }
}

async fn migrated_file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("template.db");
    let store = Store::open(Location::File(file.clone())).await.unwrap();
    store.migrate().await.unwrap();
    // Closing the last writing connection folds the write-ahead log into the file.
    store.close().await.unwrap();
    (folder, file)
}

async fn migrated_database() -> String {
    let name = new_database(None).await;
    let store = Store::open(Location::Postgres(address_of(&name))).await.unwrap();
    store.migrate().await.unwrap();
    // A database that somebody is connected to cannot be cloned.
    store.close().await.unwrap();
    name
}

async fn new_database(template: Option<&str>) -> String {
    let name = format!("test_{}", Uuid::now_v7().simple());
    let mut admin = PgConnection::connect(&server()).await.expect("the test server does not answer");
    let template = template.map(|template| format!(" TEMPLATE {template} STRATEGY file_copy")).unwrap_or_default();
    let create = format!("CREATE DATABASE {name}{template}");
    admin.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
    admin.close().await.unwrap();
    name
}

fn server() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set: run the tests with `cargo xtask test`, or `cargo xtask db` for a server to keep")
    })
}

fn address_of(database: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{database}")
}
