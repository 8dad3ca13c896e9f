//! The bulk writer of `SQLite`: one thread with one connection and prepared statements.

use std::path::Path;

use crossbeam_channel::Sender;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};
use sea_orm::{ActiveModelTrait, DbBackend, EntityName as _, EntityTrait, IdenStatic as _, Iterable as _, Value};
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use tokio::sync::oneshot::{self, Receiver};

use lienthong_domain::change::{Change, LogPosition};

use crate::audits::{self, Act, Digests};
use crate::bulk::rows::InOrder;
use crate::error::Error;
use crate::matters::{gathered, questions};
use crate::reader::{Job, on_thread, run, thread};
use crate::row::FromRow;
use crate::sql::Sql;
use crate::store::{Record, Store};
use crate::{changes, log};

/// The connection, as seen from outside its thread.
pub(super) struct LiteWriter {
    jobs: Sender<Job>,
}

/// An open transaction on it.
pub(super) struct LiteTx {
    jobs: Sender<Job>,
    /// The connection of all other writers of this process: while it is held, none of them can begin.
    _others: PoolConnection<Sqlite>,
    open: bool,
}

/// Waits for writers of other processes, keeps the pages that inserts return to (the ends of the lists, and the indexes of
/// addresses, which are hit at random: some 300 MB for a million articles), and copies the write-ahead log into the file when it
/// has a gigabyte. Most pages are written by one batch after the other, and the longer the log, the fewer times each is copied.
const SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA cache_size = -524288; PRAGMA wal_autocheckpoint = 262144;";

/// Prepared statements that are kept: one for each table, and a few questions.
const PREPARED: usize = 32;

impl LiteWriter {
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.execute_batch(SETTINGS)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self { jobs: thread("sqlite-bulk", connection)? })
    }

    pub(super) async fn begin(&self, store: &Store) -> Result<LiteTx, Error> {
        let pool = store.pool.get_sqlite_connection_pool();
        let others = pool.acquire().await.map_err(|error| Error::Open(error.to_string()))?;
        // Made before it is begun, so that a caller that goes away in between leaves no transaction open.
        let tx = LiteTx { jobs: self.jobs.clone(), _others: others, open: true };
        on_thread(&tx.jobs, |connection| Ok(connection.execute_batch("BEGIN IMMEDIATE")?)).await?;
        Ok(tx)
    }

    pub(super) async fn checkpoint(self) -> Result<(), Error> {
        on_thread(&self.jobs, |connection| {
            // Its row tells how much was copied: readers at work may keep a part for later.
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })
        .await
    }
}

impl LiteTx {
    pub(super) async fn all<T: FromRow>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        on_thread(&self.jobs, move |connection| run(connection, &sql)).await
    }

    /// The thread writes one table while the rows of the next are made here.
    pub(super) async fn add(&self, new: &InOrder<'_>) -> Result<(), Error> {
        let mut written = vec![self.submit(new.entries())?, self.submit(new.editions()?)?];
        written.extend([self.submit(new.headers()?)?, self.submit(new.bodies())?]);
        written.extend([self.submit(new.by_publication())?, self.submit(new.by_update())?]);
        written.push(self.submit(new.internal())?);
        for table in written {
            table.await.map_err(|_| Error::Closed)??;
        }
        for sql in new.notes() {
            let _: Vec<i64> = self.all(sql).await?;
        }
        Ok(())
    }

    fn submit<A: ActiveModelTrait + Send + 'static>(&self, rows: Vec<A>) -> Result<Receiver<Result<(), Error>>, Error> {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |connection| drop(send.send(insert(connection, rows))));
        self.jobs.send(job).map_err(|_| Error::Closed)?;
        Ok(receive)
    }

    /// The leaves are hashed here, not on the thread that writes. What is written in bulk is new, so that no act came before.
    pub(super) async fn commit(mut self, record: Record) -> Result<Option<LogPosition>, Error> {
        let Record { changes, audits } = record;
        let mut digests = Digests::default();
        for (some, sql) in questions(DbBackend::Sqlite, &audits::about(&audits)) {
            digests.after.extend(gathered(&some, self.all(sql).await?));
        }
        let acts = audits::prepared(&audits, digests);
        let position = on_thread(&self.jobs, move |connection| finish(connection, &changes, acts)).await?;
        self.open = false;
        Ok(position)
    }
}

impl Drop for LiteTx {
    fn drop(&mut self) {
        if self.open {
            // Runs before whatever the thread is asked next; when the thread is gone, so is the transaction.
            let _ = self.jobs.send(Box::new(|connection| {
                let _ = connection.execute_batch("ROLLBACK");
            }));
        }
    }
}

/// Writes audit and log rows and commits, in the order of [`crate::Tx::commit`].
fn finish(connection: &Connection, changes: &[Change], acts: Vec<Act>) -> Result<Option<LogPosition>, Error> {
    let head = log::raised(run(connection, &log::raise(changes.len(), acts.len()))?)?;
    let log::Growth { acts, tiles, edge } = log::grow(&head, acts)?;
    insert(connection, acts)?;
    insert(connection, tiles)?;
    execute(connection, &edge)?;
    insert(connection, changes::rows(head.position, changes))?;
    connection.execute_batch("COMMIT")?;
    Ok((!changes.is_empty()).then_some(head.position))
}

/// Runs a statement that answers nothing.
fn execute(connection: &Connection, sql: &Sql) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(&sql.text)?;
    for (place, value) in (1..).zip(&sql.values) {
        statement.raw_bind_parameter(place, Bound(Some(value.clone())))?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Inserts row by row through one prepared statement: `SQLite` gains nothing from longer ones.
fn insert<A: ActiveModelTrait>(connection: &Connection, rows: impl IntoIterator<Item = A>) -> Result<(), Error> {
    let columns: Vec<_> = <A::Entity as EntityTrait>::Column::iter().collect();
    let mut statement = connection.prepare_cached(&insert_statement::<A>())?;
    for mut row in rows {
        for (place, column) in (1..).zip(&columns) {
            statement.raw_bind_parameter(place, Bound(row.take(*column).into_value()))?;
        }
        statement.raw_execute()?;
    }
    Ok(())
}

fn insert_statement<A: ActiveModelTrait>() -> String {
    let names: Vec<_> = <A::Entity as EntityTrait>::Column::iter().map(|column| column.as_str().to_owned()).collect();
    let places = vec!["?"; names.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({places})", A::Entity::default().table_name(), names.join(", "))
}

/// A value of the ORM as `SQLite` binds it; a column that is not set is null.
struct Bound(Option<Value>);

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let bound = match &self.0 {
            None => ValueRef::Null,
            Some(Value::Bool(value)) => value.map_or(ValueRef::Null, |value| ValueRef::Integer(value.into())),
            Some(Value::Int(value)) => value.map_or(ValueRef::Null, |value| ValueRef::Integer(value.into())),
            Some(Value::BigInt(value)) => value.map_or(ValueRef::Null, ValueRef::Integer),
            Some(Value::String(value)) => value.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Some(Value::Bytes(value)) => value.as_ref().map_or(ValueRef::Null, |bytes| ValueRef::Blob(bytes)),
            Some(Value::Uuid(value)) => value.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
            Some(other) => {
                let what = format!("rows of this crate hold no {other:?}");
                return Err(rusqlite::Error::ToSqlConversionFailure(what.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(bound))
    }
}
