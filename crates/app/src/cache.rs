//! Answers kept in memory, each with what it was made from. An answer is given only while it is still the right one:
//! see [`crate::Freshness`].

use std::sync::Arc;

use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::{Timestamp, start_of_day};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::app::App;
use crate::freshness::Mark;
use crate::queries::Tags;

/// The state of the node when an answer was begun, before anything was read for it.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    mark: Mark,
    reference: u64,
    /// The next moment at which time alone makes the answer wrong: something expires, or the day ends in Vietnam, by
    /// which codes of units and closed sites are judged.
    until: Timestamp,
}

/// An answer and what it depends on.
#[derive(Debug)]
pub struct Kept<V> {
    /// The answer.
    pub value: V,
    begun: Begun,
    tags: Box<[ScopeKey]>,
    weight: u64,
}

/// Bounded by the bytes of the answers; the least used go first.
pub struct ResponseCache<V> {
    entries: Cache<Box<[u8]>, Arc<Kept<V>>, ByBytes>,
}

#[derive(Clone)]
struct ByBytes;

impl<V> Weighter<Box<[u8]>, Arc<Kept<V>>> for ByBytes {
    fn weight(&self, key: &Box<[u8]>, kept: &Arc<Kept<V>>) -> u64 {
        kept.weight + key.len() as u64 + 200
    }
}

/// Size of an answer for the estimate of how many will fit.
const TYPICAL_BYTES: u64 = 8 * 1024;

/// For so many microseconds an answer is given while something is overdue, and the moment after that one not known.
const WHILE_OVERDUE: i64 = 100_000;

impl Begun {
    /// The state of `app` now.
    pub fn now(app: &App, now: Timestamp) -> Self {
        // What is overdue will be told of by the log when it is done; until then answers are not made anew for each request.
        let soon = Timestamp::from_micros(now.as_micros().saturating_add(WHILE_OVERDUE));
        let due = app.next_due().map(|due| if due > now { due } else { soon });
        let until = due.map_or_else(|| next_day(now), |due| due.min(next_day(now)));
        Self { mark: app.freshness().mark(), reference: app.reference_version(), until }
    }
}

fn next_day(now: Timestamp) -> Timestamp {
    now.local_day().succ_opt().map_or(now, start_of_day)
}

impl<V: Send + Sync> ResponseCache<V> {
    /// A cache of at most so many bytes.
    pub fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / TYPICAL_BYTES).unwrap_or(usize::MAX).max(64);
        Self { entries: Cache::with_weighter(items, bytes, ByBytes) }
    }

    /// The answer kept under `key`, when it is still right.
    pub fn get(&self, app: &App, key: &[u8], now: Timestamp) -> Option<Arc<Kept<V>>> {
        let kept = self.entries.get(key)?;
        let Begun { mark, reference, until } = kept.begun;
        let holds = reference == app.reference_version() && now < until && app.freshness().holds(mark, &kept.tags);
        holds.then_some(kept)
    }

    /// Keeps an answer of `bytes`; one that changed while it was made, or that says it must not be kept, is dropped.
    pub fn keep(&self, app: &App, key: Box<[u8]>, (value, bytes): (V, usize), (begun, made_from): (Begun, &Tags)) {
        let tags = made_from.collected();
        if made_from.may_be_kept() && app.freshness().holds(begun.mark, &tags) {
            let kept = Kept { value, begun, tags: tags.into_boxed_slice(), weight: bytes as u64 };
            self.entries.insert(key, Arc::new(kept));
        }
    }

    /// Bytes and answers held.
    pub fn held(&self) -> (u64, usize) {
        (self.entries.weight(), self.entries.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

    use lienthong_domain::entry::EntryKind;
    use lienthong_domain::scope::{Place, Subject};
    use lienthong_persistence::{Location, Store};

    use super::*;
    use crate::app::Keys;

    const RACES: i64 = 10_000;
    const NOW: Timestamp = Timestamp::from_micros(0);

    /// Three threads that go through each change together: one makes it, one has read before it and keeps its answer
    /// beside it, one reads beside it.
    struct Race {
        app: Arc<App>,
        cache: ResponseCache<i64>,
        /// What the database would hold, and what the authors have been told.
        stored: AtomicI64,
        acknowledged: AtomicI64,
        line: Barrier,
        /// Old answers that were given. Counted: a thread that panics would leave the others waiting.
        old: AtomicUsize,
    }

    fn scope() -> ScopeKey {
        ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Any)
    }

    impl Race {
        fn begin(&self) -> (Begun, Tags, i64) {
            let (begun, tags) = (Begun::now(&self.app, NOW), Tags::default());
            tags.add(scope());
            (begun, tags, self.stored.load(Ordering::SeqCst))
        }

        fn keep(&self, (begun, tags, value): (Begun, Tags, i64)) {
            self.cache.keep(&self.app, b"list".to_vec().into(), (value, 8), (begun, &tags));
        }

        fn kept(&self) -> Option<i64> {
            self.cache.get(&self.app, b"list", NOW).map(|kept| kept.value)
        }

        fn judge(&self, value: i64, at_least: i64) {
            self.old.fetch_add(usize::from(value < at_least), Ordering::SeqCst);
        }

        /// As a commit and [`App::settle`] do it: stored, applied, confirmed, acknowledged.
        fn change(&self) {
            let scopes = std::iter::once(scope()).collect();
            for round in 1..=RACES {
                self.line.wait();
                self.stored.store(round, Ordering::SeqCst);
                self.app.freshness().apply(round, &scopes);
                self.app.freshness().confirm();
                self.acknowledged.store(round, Ordering::SeqCst);
                self.line.wait();
            }
        }

        fn keep_beside_each_change(&self) {
            for round in 1..=RACES {
                let answer = self.begin();
                self.line.wait();
                self.keep(answer);
                self.line.wait();
                self.judge(self.kept().unwrap_or(round), round);
            }
        }

        fn read_beside_each_change(&self) {
            for _ in 1..=RACES {
                self.line.wait();
                let at_least = self.acknowledged.load(Ordering::SeqCst);
                if let Some(value) = self.kept() {
                    self.judge(value, at_least);
                } else {
                    let answer = self.begin();
                    self.judge(answer.2, at_least);
                    self.keep(answer);
                }
                self.line.wait();
            }
        }
    }

    #[tokio::test]
    async fn readers_racing_ten_thousand_changes_are_never_given_an_old_answer() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let (app, cache) = (App::start(store, Keys::of_tests()).await.unwrap(), ResponseCache::new(1 << 20));
        let (stored, acknowledged, old) = (AtomicI64::new(0), AtomicI64::new(0), AtomicUsize::new(0));
        let race = Race { app, cache, stored, acknowledged, line: Barrier::new(3), old };
        std::thread::scope(|threads| {
            threads.spawn(|| race.change());
            threads.spawn(|| race.keep_beside_each_change());
            threads.spawn(|| race.read_beside_each_change());
        });
        assert_eq!(race.old.load(Ordering::SeqCst), 0);
        // Where nothing changes an answer is kept and given: the cache was at work.
        race.app.freshness().confirm();
        race.keep(race.begin());
        assert_eq!(race.kept(), Some(RACES));
    }
}
