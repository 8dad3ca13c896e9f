//! Copies of a `SQLite` database: taken while it is written, checked, and put on a history of their own.
//!
//! All functions block on files; call them where that is allowed.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use lienthong_domain::change::LogPosition;

use crate::error::Error;

/// How long a lock of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at such a lock.
const PAUSE: Duration = Duration::from_millis(20);
/// All pages in one step: one read transaction over the whole copy, so that writers neither wait nor make it restart.
const ALL_PAGES: i32 = -1;

/// Copies the database `from` over the file `to`, as it is at one moment. Others may read and write it meanwhile.
///
/// # Errors
/// When one of the files cannot be opened, read or written.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let source = open(from)?;
    let mut target = open(to)?;
    let backup = Backup::new(&source, &mut target)?;
    while !matches!(backup.step(ALL_PAGES)?, StepResult::Done) {
        std::thread::sleep(PAUSE);
    }
    drop(backup);
    one_file(&target)
}

/// Reads the whole database and checks that its pages, indexes and references fit together, and that it is one of ours.
///
/// # Errors
/// [`Error::Open`] with the first thing that is wrong.
pub fn verify(file: &Path) -> Result<LogPosition, Error> {
    let broken = |what: String| Error::Open(format!("{}: {what}", file.display()));
    let connection = open(file)?;
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| broken(error.to_string()))?;
    if found != "ok" {
        return Err(broken(found));
    }
    if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(broken("a row refers to one that does not exist".to_owned()));
    }
    let position = "SELECT epoch, seq FROM change_head WHERE id = 1";
    let position = connection.query_row(position, [], |row| Ok(LogPosition { epoch: row.get(0)?, seq: row.get(1)? }));
    position.map_err(|_| broken("this is not a database of Liên Thông".to_owned()))
}

/// Gives the database a new history: whoever followed the old one is told to start again.
///
/// # Errors
/// When the file cannot be written.
pub fn renew_epoch(file: &Path) -> Result<LogPosition, Error> {
    let connection = open(file)?;
    // SQLite draws all 64 bits from a generator seeded by the operating system.
    let renew = "UPDATE change_head SET epoch = random() WHERE id = 1 RETURNING epoch, seq";
    let position = connection.query_row(renew, [], |row| Ok(LogPosition { epoch: row.get(0)?, seq: row.get(1)? }))?;
    one_file(&connection)?;
    Ok(position)
}

/// Removes the sealed secrets, for a database whose seal key is lost. New ones are made at the next start; tokens and
/// cursors handed out before are then refused.
///
/// # Errors
/// When the file cannot be written.
pub fn forget_secrets(file: &Path) -> Result<(), Error> {
    let connection = open(file)?;
    connection.execute("DELETE FROM instance_secret", [])?;
    // What was signed stays verifiable by the public keys; new private ones are made when something is signed next.
    let lost = "UPDATE signing_key SET sealed = NULL, retired_at = COALESCE(retired_at, CAST(unixepoch('subsec') * 1000000 AS INTEGER))";
    connection.execute(lost, [])?;
    one_file(&connection)
}

/// Brings what lies in the write-ahead log into the file itself, as far as the file can still be read.
///
/// # Errors
/// When the file is damaged or locked.
pub fn fold_log(file: &Path) -> Result<(), Error> {
    one_file(&open(file)?)
}

fn open(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)
        .map_err(|error| Error::Open(format!("cannot open {}: {error}", file.display())))?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Leaves the database without a write-ahead log beside it, as soon as nobody else has it open. The server turns the
/// log on again.
fn one_file(connection: &Connection) -> Result<(), Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0)) {
            Ok(mode) if mode == "delete" => return Ok(()),
            Err(error) if !is_locked(&error) => return Err(error.into()),
            _ if Instant::now() >= deadline => {
                return Err(Error::Open("the database is in use by another program".to_owned()));
            }
            _ => std::thread::sleep(PAUSE),
        }
    }
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::store::{Location, Store};

    async fn database(file: &Path) -> Store {
        let store = Store::open(Location::File(file.to_owned())).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_copy_taken_while_others_write_holds_whole_transactions_only() {
        let folder = tempfile::tempdir().unwrap();
        let [original, copied] = ["a.db", "b.db"].map(|name| folder.path().join(name));
        let _store = database(&original).await;
        let writing = AtomicBool::new(true);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let connection = open(&original).unwrap();
                connection.execute_batch("CREATE TABLE pair (n INTEGER, filler TEXT)").unwrap();
                let mut written = 0;
                while writing.load(Ordering::Relaxed) || written < 50 {
                    let pair = format!(
                        "BEGIN IMMEDIATE; INSERT INTO pair VALUES ({written}, hex(zeroblob(2000))); \
                                        INSERT INTO pair VALUES ({written}, hex(zeroblob(2000))); COMMIT"
                    );
                    connection.execute_batch(&pair).unwrap();
                    written += 1;
                }
            });
            for _ in 0..5 {
                std::fs::File::create(&copied).unwrap();
                copy(&original, &copied).unwrap();
                verify(&copied).unwrap();
                let copy = open(&copied).unwrap();
                let has_pairs = copy.table_exists(None, "pair").unwrap();
                let odd = "SELECT count(*) FROM (SELECT n FROM pair GROUP BY n HAVING count(*) <> 2)";
                let odd: i64 = if has_pairs { copy.query_row(odd, [], |row| row.get(0)).unwrap() } else { 0 };
                assert_eq!(odd, 0);
            }
            writing.store(false, Ordering::Relaxed);
            writer.join().unwrap();
        });
        assert!(!folder.path().join("b.db-wal").exists(), "the copy is one file");
    }

    #[tokio::test]
    async fn a_renewed_epoch_differs_and_the_position_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let store = database(&file).await;
        let before = store.head().await.unwrap();
        store.close().await.unwrap();
        let after = renew_epoch(&file).unwrap();
        assert_ne!(after.epoch, before.epoch);
        assert_eq!(after.seq, before.seq);
        assert_eq!(verify(&file).unwrap(), after);
    }

    #[tokio::test]
    async fn damage_and_foreign_files_are_told_apart_from_a_good_copy() {
        let folder = tempfile::tempdir().unwrap();
        let [good, foreign, damaged] = ["a.db", "b.db", "c.db"].map(|name| folder.path().join(name));
        database(&good).await.close().await.unwrap();
        fold_log(&good).unwrap();
        verify(&good).unwrap();
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE other (n)").unwrap();
        assert!(verify(&foreign).unwrap_err().to_string().contains("not a database of Liên Thông"));
        let mut bytes = std::fs::read(&good).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4096].fill(0x5a);
        std::fs::write(&damaged, bytes).unwrap();
        assert!(verify(&damaged).is_err());
        assert!(verify(&folder.path().join("none.db")).unwrap_err().to_string().contains("cannot open"));
    }
}
