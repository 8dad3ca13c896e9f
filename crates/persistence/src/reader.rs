//! Reads outside transactions. On `SQLite` they run on dedicated threads with read-only rusqlite connections, which
//! costs half of what going through the asynchronous driver does (docs/adr/0002-reads-on-threads.md); on `PostgreSQL` on the pool.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender};
use rusqlite::config::DbConfig;
use rusqlite::types::Value as LiteValue;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use sea_orm::{ConnectionTrait, DatabaseConnection, Value};
use tokio::sync::oneshot;

use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;

/// Runs read statements.
#[derive(Clone)]
pub(crate) struct Reader(Executor);

#[derive(Clone)]
enum Executor {
    Threads(Sender<Job>, Arc<AtomicU64>),
    Orm(DatabaseConnection),
}

pub(crate) type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Prepared statements that each reading thread keeps.
const PREPARED: usize = 128;

impl Reader {
    /// Starts one reading thread for each core, at least two, which count their statements in `statements`.
    pub(crate) fn on_threads(file: &Path, statements: Arc<AtomicU64>) -> Result<Self, Error> {
        let (send, receive) = crossbeam_channel::unbounded();
        let cores = std::thread::available_parallelism().map_or(2, NonZeroUsize::get).max(2);
        for number in 0..cores {
            let connection = open(file)?;
            let jobs: Receiver<Job> = receive.clone();
            std::thread::Builder::new()
                .name(format!("sqlite-read-{number}"))
                .spawn(move || jobs.iter().for_each(|job| job(&connection)))
                .map_err(|error| Error::Open(format!("cannot start a reading thread: {error}")))?;
        }
        Ok(Self(Executor::Threads(send, statements)))
    }

    /// Reads through the ORM's pool.
    pub(crate) fn on_pool(pool: DatabaseConnection) -> Self {
        Self(Executor::Orm(pool))
    }

    /// All rows of a statement.
    pub(crate) async fn all<T: FromRow>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        match &self.0 {
            Executor::Threads(jobs, statements) => {
                statements.fetch_add(1, Ordering::Relaxed);
                on_thread(jobs, move |connection| run(connection, &sql)).await
            }
            Executor::Orm(pool) => {
                let statement = sql.statement(pool.get_database_backend());
                let rows = pool.query_all_raw(statement).await?;
                rows.iter().map(|row| T::from_row(&mut Columns::of_orm(row))).collect()
            }
        }
    }

    /// The first row of a statement.
    pub(crate) async fn first<T: FromRow>(&self, sql: Sql) -> Result<Option<T>, Error> {
        Ok(self.all(sql).await?.into_iter().next())
    }
}

fn open(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // File pages are read through the map, so that they count as cache of the system and not of this process.
    connection
        .execute_batch("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -8192; PRAGMA busy_timeout = 5000;")?;
    // Statements keep the plan they were prepared with. Otherwise SQLite plans many of them anew for each set of values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

/// A thread that does the jobs of one connection, until nobody can send it any.
pub(crate) fn thread(name: &str, connection: Connection) -> Result<Sender<Job>, Error> {
    let (send, receive) = crossbeam_channel::unbounded::<Job>();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || receive.iter().for_each(|job| job(&connection)))
        .map_err(|error| Error::Open(format!("cannot start a thread: {error}")))?;
    Ok(send)
}

pub(crate) async fn on_thread<T: Send + 'static>(
    jobs: &Sender<Job>,
    work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (send, receive) = oneshot::channel();
    let job: Job = Box::new(move |connection| {
        // Who was cancelled while the job stood in line no longer waits for its answer.
        if !send.is_closed() {
            let _ = send.send(work(connection));
        }
    });
    jobs.send(job).map_err(|_| Error::Closed)?;
    receive.await.map_err(|_| Error::Closed)?
}

pub(crate) fn run<T: FromRow>(connection: &Connection, sql: &Sql) -> Result<Vec<T>, Error> {
    let mut statement = connection.prepare_cached(&sql.text)?;
    let values = sql.values.iter().map(lite_value).collect::<Result<Vec<_>, _>>()?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(T::from_row(&mut Columns::of_sqlite(row))?);
    }
    Ok(found)
}

fn lite_value(value: &Value) -> Result<LiteValue, Error> {
    Ok(match value {
        // As `PostgreSQL` does, so that a question has one answer.
        Value::String(Some(text)) if text.contains('\0') => return Err(Error::Unstorable),
        Value::Int(value) => value.map_or(LiteValue::Null, |v| LiteValue::Integer(v.into())),
        Value::BigInt(value) => value.map_or(LiteValue::Null, LiteValue::Integer),
        Value::String(value) => value.clone().map_or(LiteValue::Null, LiteValue::Text),
        Value::Bytes(value) => value.clone().map_or(LiteValue::Null, LiteValue::Blob),
        Value::Uuid(value) => value.map_or(LiteValue::Null, |id| LiteValue::Blob(id.as_bytes().to_vec())),
        other => return Err(Error::Open(format!("statements of this crate bind no {other:?}"))),
    })
}
