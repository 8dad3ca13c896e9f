//! Wrong passwords, counted by name and address in the database, so that nodes and restarts share the count. Names and
//! addresses are here as digests only.

use lienthong_domain::account::{Attempts, Bucket};
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// What is counted under a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// The wrong attempts.
    pub attempts: Attempts,
    /// The last right one.
    pub succeeded_at: Option<Timestamp>,
}

/// Reads what is counted under a key, and holds it until the transaction ends.
///
/// # Errors
/// When the database does not answer.
pub async fn lock(tx: &Tx, bucket: Bucket, subject: &[u8; 32]) -> Result<Counted, Error> {
    let hold = "INSERT INTO sign_in_attempt (bucket, subject, failures, last_at) VALUES ($1, $2, 0, 0) \
                ON CONFLICT (bucket, subject) DO UPDATE SET failures = sign_in_attempt.failures";
    tx.execute(Sql::new(hold).value(bucket.as_str()).value(subject.to_vec())).await?;
    let read = "SELECT failures, last_at, succeeded_at FROM sign_in_attempt WHERE bucket = $1 AND subject = $2";
    let found = tx.all(Sql::new(read).value(bucket.as_str()).value(subject.to_vec())).await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Keeps what is counted under a key that this transaction holds.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, (bucket, subject): (Bucket, &[u8; 32]), counted: Counted) -> Result<(), Error> {
    let Counted { attempts: Attempts { failures, last }, succeeded_at } = counted;
    let sql = "UPDATE sign_in_attempt SET failures = $1, last_at = $2, succeeded_at = $3 \
               WHERE bucket = $4 AND subject = $5";
    let sql = Sql::new(sql).value(failures).value(last.as_micros()).value(succeeded_at.map(Timestamp::as_micros));
    tx.execute(sql.value(bucket.as_str()).value(subject.to_vec())).await?;
    Ok(())
}

/// Forgets what no longer counts: failures from before `failed`, and successes from before `succeeded`.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &Tx, failed: Timestamp, succeeded: Timestamp) -> Result<(), Error> {
    let sql = "DELETE FROM sign_in_attempt WHERE last_at < $1 AND (succeeded_at IS NULL OR succeeded_at < $2)";
    tx.execute(Sql::new(sql).value(failed.as_micros()).value(succeeded.as_micros())).await?;
    Ok(())
}

impl FromRow for Counted {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let attempts = Attempts { failures: columns.take()?, last: Timestamp::from_micros(columns.take()?) };
        Ok(Self { attempts, succeeded_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros) })
    }
}
