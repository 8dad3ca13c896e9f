//! How long somebody who gives wrong passwords has to wait: longer each time, never for good.

use crate::time::Timestamp;

/// Seconds without an attempt after which earlier ones are forgotten.
const FORGOTTEN: i64 = 60 * 60;

/// What wrong attempts are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// A name at an address: somebody who mistypes, or guesses from one place.
    Pair,
    /// A name, from everywhere: guesses from many places. Not asked about an address from which the name was signed in
    /// lately, so that strangers cannot keep its owner out.
    Name,
    /// An address, for all names: one place that tries many names. An office behind one address has room.
    Address,
}

/// The wrong attempts so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failures: i32,
    /// When the last one was.
    pub last: Timestamp,
}

impl Bucket {
    /// All of them, in the order in which their rows are locked.
    pub const ALL: [Self; 3] = [Self::Pair, Self::Name, Self::Address];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::Name => "name",
            Self::Address => "address",
        }
    }

    /// Wrong attempts that cost nothing, and the longest wait in seconds after further ones.
    const fn rule(self) -> (i32, i64) {
        match self {
            Self::Pair => (4, 15 * 60),
            Self::Name => (20, 60),
            Self::Address => (50, 5 * 60),
        }
    }
}

impl Attempts {
    /// The seconds that are left to wait; `None` when an attempt is free.
    pub fn wait(self, bucket: Bucket, now: Timestamp) -> Option<i64> {
        let (free, longest) = bucket.rule();
        let over = self.current(now).failures - free;
        if over < 0 {
            return None;
        }
        let delay = 1_i64.checked_shl(over.unsigned_abs().min(32)).unwrap_or(longest).min(longest);
        let left = self.last.plus_seconds(delay).as_micros() - now.as_micros();
        (left > 0).then(|| left.div_euclid(1_000_000) + 1)
    }

    /// With one more wrong attempt.
    #[must_use]
    pub fn plus_one(self, now: Timestamp) -> Self {
        Self { failures: self.current(now).failures.saturating_add(1), last: now }
    }

    /// Without the one that turned out to be right.
    #[must_use]
    pub const fn minus_one(self) -> Self {
        Self { failures: if self.failures > 0 { self.failures - 1 } else { 0 }, last: self.last }
    }

    /// What has not been forgotten.
    fn current(self, now: Timestamp) -> Self {
        if self.last.plus_seconds(FORGOTTEN) < now { Self::default() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
    }

    fn failed(times: i32) -> Attempts {
        Attempts { failures: times, last: at(0) }
    }

    #[test]
    fn the_first_wrong_attempts_cost_nothing_and_each_further_one_doubles_the_wait() {
        assert_eq!(failed(3).wait(Bucket::Pair, at(0)), None);
        let waits = [4, 5, 6, 7].map(|times| failed(times).wait(Bucket::Pair, at(0)).unwrap());
        assert_eq!(waits, [2, 3, 5, 9]);
        assert_eq!(failed(6).wait(Bucket::Pair, at(4)), None);
    }

    #[test]
    fn no_number_of_attempts_locks_anybody_out_for_good() {
        for (bucket, longest) in [(Bucket::Pair, 900), (Bucket::Name, 60), (Bucket::Address, 300)] {
            for times in [70, 100, i32::MAX] {
                assert!(failed(times).wait(bucket, at(0)).unwrap() <= longest + 1, "{bucket:?} {times}");
                assert_eq!(failed(times).wait(bucket, at(longest)), None, "{bucket:?} {times}");
            }
        }
    }

    #[test]
    fn an_hour_of_quiet_forgets() {
        assert_eq!(failed(100).plus_one(at(3_601)).failures, 1);
        assert_eq!(failed(100).plus_one(at(3_599)).failures, 101);
        assert_eq!(failed(i32::MAX).plus_one(at(1)).failures, i32::MAX);
    }
}
