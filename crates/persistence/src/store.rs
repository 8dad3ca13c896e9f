//! The store: where it is, how it is opened, and the one way out of a transaction.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lienthong_migrations::{Migrator, MigratorTrait as _, SchemaManager};
use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions, TransactionTrait as _,
};
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use lienthong_domain::change::{Audit, Change, LogPosition};

use crate::batch::insert_all;
use crate::error::Error;
use crate::reader::Reader;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::witness::Witness;
use crate::{audits, changes, entity, log};

/// Which database to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A `SQLite` file.
    File(PathBuf),
    /// A `postgres://` address. Holds a password: never shown.
    Postgres(String),
}

/// An open database.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: DatabaseConnection,
    pub(crate) reader: Reader,
    witness: Witness,
    pub(crate) location: Location,
    pub(crate) committed: watch::Sender<i64>,
    statements: Arc<AtomicU64>,
}

/// What a transaction leaves in the log and in the audit trail.
#[derive(Debug, Default)]
pub struct Record {
    /// Changes of what the public can see, in order.
    pub changes: Vec<Change>,
    /// Acts.
    pub audits: Vec<Audit>,
}

/// An open transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    inner: DatabaseTransaction,
    witness: Witness,
    committed: watch::Sender<i64>,
}

/// Whether the schema of a database fits this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// It does.
    Current,
    /// Migrations are waiting.
    Older,
    /// A newer program has migrated it.
    Newer,
}

/// The channel on which `PostgreSQL` tells other nodes of a commit.
const CHANNEL: &str = "lienthong_change";

/// Connections to `PostgreSQL` at most.
const POSTGRES_POOL: u32 = 16;

impl Store {
    /// Opens the database; a `SQLite` file is created when missing.
    ///
    /// # Errors
    /// [`Error::Open`] with one line that says what is wrong with the location.
    pub async fn open(location: Location) -> Result<Self, Error> {
        let (committed, _) = watch::channel(0);
        let statements = Arc::<AtomicU64>::default();
        let (mut pool, mut witness) = match &location {
            Location::File(file) => open_file(file).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        for connection in [&mut pool, &mut witness] {
            let counted = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
            });
        }
        let reader = match &location {
            Location::File(file) => {
                Reader::on_threads(file, Arc::clone(&statements)).map_err(|error| cannot(file, &error))?
            }
            Location::Postgres(_) => Reader::on_pool(pool.clone()),
        };
        Ok(Self { pool, reader, witness: Witness::on(witness), location, committed, statements })
    }

    /// Whether the schema fits this program.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema_state(&self) -> Result<SchemaState, Error> {
        let manager = SchemaManager::new(&self.pool);
        if !manager.has_table(Migrator::migration_table_name().to_string()).await? {
            return Ok(SchemaState::Older);
        }
        let applied = Migrator::get_migration_models(&self.pool).await?;
        let known = Migrator::migrations();
        let is_known = |version: &str| known.iter().any(|migration| migration.name() == version);
        Ok(if applied.iter().any(|model| !is_known(&model.version)) {
            SchemaState::Newer
        } else if applied.len() < known.len() {
            SchemaState::Older
        } else {
            SchemaState::Current
        })
    }

    /// Applies the waiting migrations. On `PostgreSQL` one node at a time: the others wait, then find nothing to do.
    ///
    /// # Errors
    /// When a migration fails; on `PostgreSQL` nothing of it remains.
    pub async fn migrate(&self) -> Result<(), Error> {
        if self.pool.get_database_backend() == DbBackend::Sqlite {
            return Ok(Migrator::up(&self.pool, None).await?);
        }
        let tx = self.pool.begin().await?;
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7310288541)").await?;
        Migrator::up(&tx, None).await?;
        Ok(tx.commit().await?)
    }

    /// Takes all migrations back, and with them all data. For tests of the migrations.
    ///
    /// # Errors
    /// When a migration cannot be taken back.
    pub async fn roll_back(&self) -> Result<(), Error> {
        Ok(Migrator::down(&self.pool, None).await?)
    }

    /// Reads from every table through its entity. For the test that entities fit the schema.
    ///
    /// # Errors
    /// When an entity names a column that the table does not have.
    pub async fn check_entities(&self) -> Result<(), Error> {
        entity::check(&self.pool).await
    }

    /// How many rows a table holds. For tests.
    ///
    /// # Errors
    /// When there is no such table.
    pub async fn count_rows(&self, table: &'static str) -> Result<i64, Error> {
        let count = self.reader.first(Sql::new(format!("SELECT COUNT(*) FROM {table}"))).await?;
        Ok(count.unwrap_or(0))
    }

    /// Begins a transaction. On `SQLite` it takes the write lock at once, so that it cannot fail half-way for it.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.begin_with(options).await
    }

    /// Begins a transaction that only reads, and sees one state of the database until it ends. Writers do not wait for it.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn begin_reading(&self) -> Result<Tx, Error> {
        let postgres = self.pool.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        self.begin_with(options).await
    }

    async fn begin_with(&self, options: TransactionOptions) -> Result<Tx, Error> {
        let inner = self.pool.begin_with_options(options).await?;
        Ok(Tx { inner, witness: self.witness.clone(), committed: self.committed.clone() })
    }

    /// The position of the last committed change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn head(&self) -> Result<LogPosition, Error> {
        changes::head(&self.reader).await
    }

    /// Tells of commits made by this process: holds the number of the last change.
    pub fn commits(&self) -> watch::Receiver<i64> {
        self.committed.subscribe()
    }

    /// Statements run so far, in transactions and outside, for tests of the statement budget. What the bulk writer does on a
    /// connection of its own is not among them.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// A listener that wakes when another node commits; `None` on `SQLite`, whose log is polled.
    ///
    /// # Errors
    /// When `PostgreSQL` cannot be reached.
    pub async fn listen(&self) -> Result<Option<Listener>, Error> {
        let Location::Postgres(url) = &self.location else { return Ok(None) };
        let open = async {
            let mut listener = PgListener::connect(url).await?;
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        open.await.map(|inner| Some(Listener { inner })).map_err(|error: sqlx::Error| Error::Open(error.to_string()))
    }

    /// The same database read through the ORM instead of the reading threads, to compare the two.
    #[must_use]
    pub fn reading_through_orm(&self) -> Self {
        Self { reader: Reader::on_pool(self.pool.clone()), ..self.clone() }
    }

    /// Closes the connections and waits for them. A SQLite file then holds everything by itself, without its log.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(self) -> Result<(), Error> {
        if self.pool.get_database_backend() == DbBackend::Sqlite {
            self.pool.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        // In this order: who is about to commit may still ask the witness.
        self.pool.close().await?;
        self.witness.close().await
    }
}

/// Wakes when a commit is announced.
pub struct Listener {
    inner: PgListener,
}

impl Listener {
    /// Waits for the next announcement. Reconnects by itself; announcements lost meanwhile are made up by polling.
    ///
    /// # Errors
    /// When the connection is lost for good.
    pub async fn wait(&mut self) -> Result<(), Error> {
        self.inner.recv().await.map(|_| ()).map_err(|error| Error::Open(error.to_string()))
    }
}

impl Tx {
    /// The connection, for the query modules of this crate.
    pub(crate) const fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// What was committed before.
    pub(crate) const fn witness(&self) -> &Witness {
        &self.witness
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    /// All rows of a statement, as this transaction sees them.
    pub(crate) async fn all<T: FromRow>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        let rows = self.inner.query_all_raw(sql.statement(self.backend())).await?;
        rows.iter().map(|row| T::from_row(&mut Columns::of_orm(row))).collect()
    }

    /// Runs a statement, and tells how many rows it wrote.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<u64, Error> {
        Ok(self.inner.execute_raw(sql.statement(self.backend())).await?.rows_affected())
    }

    /// Writes changes to the log and stays open: what a slow commit looks like to others. For tests of the order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append_without_commit(self, changes: &[Change]) -> Result<Self, Error> {
        let head = log::raised(self.all(log::raise(changes.len(), 0)).await?)?;
        changes::append(&self, head.position, changes).await?;
        Ok(self)
    }

    /// Commits the data together with its log and audit rows: all or nothing. Raising the head of the log is the
    /// last step before the commit, and its row lock is what puts changes and acts in the order of their commits.
    ///
    /// # Errors
    /// When the database refuses; then nothing of the transaction remains.
    pub async fn commit(self, record: Record) -> Result<Option<LogPosition>, Error> {
        // Boxed, so that every command that commits stays small.
        let position = Box::pin(self.append(&record)).await?;
        if self.backend() == DbBackend::Postgres && position.is_some() {
            self.inner.execute_unprepared("SELECT pg_notify('lienthong_change', '')").await?;
        }
        self.inner.commit().await?;
        announce(&self.committed, position);
        Ok(position)
    }

    async fn append(&self, record: &Record) -> Result<Option<LogPosition>, Error> {
        let Record { changes, audits } = record;
        if changes.is_empty() && audits.is_empty() {
            return Ok(None);
        }
        let head = log::raised(self.all(log::raise(changes.len(), audits.len())).await?)?;
        // Behind the lock on the head, so that nobody commits between what is read here and the leaf that tells of it.
        let acts = audits::prepared(audits, audits::digests(self, audits).await?);
        if !acts.is_empty() {
            let log::Growth { acts, tiles, edge } = log::grow(&head, acts)?;
            insert_all(self, acts, None).await?;
            insert_all(self, tiles, None).await?;
            self.execute(edge).await?;
        }
        if changes.is_empty() {
            return Ok(None);
        }
        changes::append(self, head.position, changes).await?;
        Ok(Some(head.position))
    }
}

/// Tells this process of a commit.
pub(crate) fn announce(committed: &watch::Sender<i64>, position: Option<LogPosition>) {
    let Some(position) = position else { return };
    committed.send_if_modified(|last| {
        let later = position.seq > *last;
        *last = (*last).max(position.seq);
        later
    });
}

fn cannot(file: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Open(format!("cannot open {}: {error}", file.display()))
}

/// The pool, and the connection of the [`Witness`], which is made when it is first asked.
async fn open_file(file: &Path) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16384");
    let one =
        SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).test_before_acquire(false);
    let witness = one.clone().connect_lazy_with(options.clone().create_if_missing(false).read_only(true));
    let pool = one.connect_with(options).await.map_err(|error| cannot(file, &error))?;
    Ok((SqlxSqliteConnector::from_sqlx_sqlite_pool(pool), SqlxSqliteConnector::from_sqlx_sqlite_pool(witness)))
}

async fn open_postgres(url: &str) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    // The address holds a password: messages name the server and the database only.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Error::Open("the database address is not of the form postgres://user@host/database".to_owned()))?
        .options([("timezone", "UTC"), ("bytea_output", "hex"), ("statement_timeout", "30s"), ("lock_timeout", "10s")]);
    let place = format!("PostgreSQL at {}:{}", options.get_host(), options.get_port());
    let cannot = |error: sqlx::Error| Error::Open(format!("cannot open {place}: {error}"));
    // The pool would try again and again until its time-out; a wrong address is told at once.
    PgConnection::connect_with(&options).await.map_err(cannot)?.close().await.map_err(cannot)?;
    let few = PgPoolOptions::new().acquire_timeout(Duration::from_secs(10)).test_before_acquire(false);
    // Kept open: it is asked while others wait.
    let one = few.clone().max_connections(1).idle_timeout(None).max_lifetime(None);
    let witness = one.connect_lazy_with(options.clone());
    let pool = few.max_connections(POSTGRES_POOL).connect_with(options).await.map_err(cannot)?;
    Ok((SqlxPostgresConnector::from_sqlx_postgres_pool(pool), SqlxPostgresConnector::from_sqlx_postgres_pool(witness)))
}
