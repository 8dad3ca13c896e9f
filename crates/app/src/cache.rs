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

impl Begun {
    /// The state of `app` now.
    pub fn now(app: &App, now: Timestamp) -> Self {
        let until = app.next_due().map_or_else(|| next_day(now), |expiry| expiry.min(next_day(now)));
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
