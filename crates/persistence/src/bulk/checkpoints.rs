//! Copying the write-ahead log into the database file, beside the writing.
//!
//! A commit of `SQLite` that finds the log long copies it at once, which takes a third of the writer's time. Here another
//! thread does it while the next batches are written. Only when nothing is left to copy does the log start over, so now
//! and then the writer waits for the rest.

use std::path::Path;

use crossbeam_channel::Sender;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::Error;
use crate::reader::{Job, thread};

/// Transactions after which copying is begun.
const BEGIN_AFTER: u32 = 2;

/// Transactions after which the writer waits for all to be copied. The log then has about a gigabyte.
const WAIT_AFTER: u32 = 8;

/// The thread that copies.
pub(super) struct Checkpoints {
    jobs: Sender<Job>,
    transactions: u32,
    running: Option<oneshot::Receiver<Result<(), Error>>>,
}

impl Checkpoints {
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        let connection = Connection::open(file)?;
        connection.execute_batch("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;")?;
        Ok(Self { jobs: thread("sqlite-checkpoint", connection)?, transactions: 0, running: None })
    }

    /// Keeps the log in bounds. Called between two transactions.
    pub(super) async fn pace(&mut self) -> Result<(), Error> {
        self.transactions += 1;
        if self.transactions >= WAIT_AFTER {
            self.transactions = 0;
            self.finish().await?;
            self.start("PRAGMA wal_checkpoint(PASSIVE)")?;
            return self.finish().await;
        }
        if self.transactions.is_multiple_of(BEGIN_AFTER) && self.is_idle()? {
            self.start("PRAGMA wal_checkpoint(PASSIVE)")?;
        }
        Ok(())
    }

    /// Copies all and empties the log, as far as readers at work allow it.
    pub(super) async fn empty(&mut self) -> Result<(), Error> {
        self.finish().await?;
        self.start("PRAGMA wal_checkpoint(TRUNCATE)")?;
        self.finish().await
    }

    fn is_idle(&mut self) -> Result<bool, Error> {
        let Some(running) = &mut self.running else { return Ok(true) };
        match running.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => Ok(false),
            Err(oneshot::error::TryRecvError::Closed) => Err(Error::Closed),
            Ok(result) => {
                self.running = None;
                result.map(|()| true)
            }
        }
    }

    fn start(&mut self, statement: &'static str) -> Result<(), Error> {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The statement's row tells how much was copied; what is left is copied next time.
            let copied = connection.query_row(statement, [], |_| Ok(())).map_err(Error::from);
            let _ = send.send(copied);
        });
        self.jobs.send(job).map_err(|_| Error::Closed)?;
        self.running = Some(receive);
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), Error> {
        match self.running.take() {
            Some(running) => running.await.map_err(|_| Error::Closed)?,
            None => Ok(()),
        }
    }
}
