//! Whoever gives wrong passwords waits. An attempt is counted before the password is looked at, so that many at once
//! gain nothing, and taken back when it was right.

use std::net::IpAddr;

use lienthong_domain::account::{Attempts, Bucket};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::sign_in_attempts::{self as attempts, Counted};
use lienthong_persistence::{Record, Store, Tx};

use crate::error::Error;

/// Seconds for which an address from which somebody signed in counts as theirs.
const KNOWN: i64 = 30 * 24 * 60 * 60;
/// Seconds after which failures are forgotten.
const FORGOTTEN: i64 = 60 * 60;

/// One attempt, by what it is counted under.
pub(super) struct Guess {
    keys: [(Bucket, [u8; 32]); 3],
}

impl Guess {
    /// An attempt under a folded name from an address.
    pub(super) fn of(name: &str, address: IpAddr) -> Self {
        let address = address.to_string();
        let digest = |bucket: Bucket, text: &str| {
            (
                bucket,
                *blake3::Hasher::new_derive_key("lienthong 2026 sign-in attempt")
                    .update(text.as_bytes())
                    .finalize()
                    .as_bytes(),
            )
        };
        let keys = Bucket::ALL.map(|bucket| match bucket {
            Bucket::Pair => digest(bucket, &format!("{name}\n{address}")),
            Bucket::Name => digest(bucket, name),
            Bucket::Address => digest(bucket, &address),
        });
        Self { keys }
    }

    /// Counts the attempt as wrong for now; a refused one is not counted, so that nobody makes the wait of others longer.
    ///
    /// # Errors
    /// [`Error::Throttled`] with the seconds to wait.
    pub(super) async fn admit(&self, store: &Store, now: Timestamp) -> Result<(), Error> {
        let tx = store.begin().await?;
        attempts::forget(&tx, now.plus_seconds(-FORGOTTEN), now.plus_seconds(-KNOWN)).await?;
        let mut counted = Vec::new();
        for (bucket, subject) in &self.keys {
            counted.push((*bucket, subject, attempts::lock(&tx, *bucket, subject).await?));
        }
        let since = now.plus_seconds(-KNOWN);
        let is_known = counted.iter().any(|(_, _, counted)| counted.succeeded_at.is_some_and(|at| at > since));
        let waits = counted.iter().filter(|(bucket, ..)| !(is_known && *bucket == Bucket::Name));
        if let Some(seconds) = waits.filter_map(|(bucket, _, it)| it.attempts.wait(*bucket, now)).max() {
            return Err(Error::Throttled { seconds });
        }
        for (bucket, subject, it) in counted {
            let counted = Counted { attempts: it.attempts.plus_one(now), ..it };
            attempts::put(&tx, (bucket, subject), counted).await?;
        }
        tx.commit(Record::default()).await?;
        Ok(())
    }

    /// Takes the attempt back, and no other: it was right as far as it went.
    pub(super) async fn take_back(&self, store: &Store) -> Result<(), Error> {
        let tx = store.begin().await?;
        for (bucket, subject) in &self.keys {
            let it = attempts::lock(&tx, *bucket, subject).await?;
            attempts::put(&tx, (*bucket, subject), Counted { attempts: it.attempts.minus_one(), ..it }).await?;
        }
        tx.commit(Record::default()).await?;
        Ok(())
    }

    /// Takes the attempt back: it was right. Failures of this pair are forgotten, others keep their count.
    pub(super) async fn succeed(&self, tx: &Tx, now: Timestamp) -> Result<(), Error> {
        for (bucket, subject) in &self.keys {
            let it = attempts::lock(tx, *bucket, subject).await?;
            let counted = match bucket {
                Bucket::Pair => Counted { attempts: Attempts { failures: 0, last: now }, succeeded_at: Some(now) },
                Bucket::Name | Bucket::Address => Counted { attempts: it.attempts.minus_one(), ..it },
            };
            attempts::put(tx, (*bucket, subject), counted).await?;
        }
        Ok(())
    }
}
