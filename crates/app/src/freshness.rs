//! How far this node has followed the change log, and when each scope last changed: what decides whether an answer
//! kept in memory is still the right one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use lienthong_domain::scope::{ScopeKey, ScopeSet};

/// An answer is kept only while this node has read the log within this time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// Scopes whose last change is remembered. Beyond it all are forgotten, and every older answer with them.
const REMEMBERED: usize = 200_000;

/// The state of the log as this node knows it.
#[derive(Debug)]
pub struct Freshness {
    started: Instant,
    /// Milliseconds from `started` to the last successful look at the log.
    confirmed: AtomicU64,
    /// Counts the histories followed: a restored database is another one.
    history: AtomicU64,
    /// Number of the last change that is taken into account.
    applied: AtomicI64,
    changed: RwLock<Changed>,
}

#[derive(Debug, Default)]
struct Changed {
    last: HashMap<ScopeKey, i64>,
    /// Answers from before this number are no longer judged.
    floor: i64,
}

/// The position at which an answer was begun, before its statement ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    history: u64,
    seq: i64,
}

impl Freshness {
    /// Begins at the position `seq` of the log.
    pub fn starting_at(seq: i64) -> Self {
        Self {
            started: Instant::now(),
            confirmed: AtomicU64::new(0),
            history: AtomicU64::new(0),
            applied: AtomicI64::new(seq),
            changed: RwLock::new(Changed { last: HashMap::new(), floor: seq }),
        }
    }

    /// Number of the last change taken into account.
    pub fn applied(&self) -> i64 {
        self.applied.load(Ordering::Acquire)
    }

    /// The mark for an answer that is about to be made.
    pub fn mark(&self) -> Mark {
        Mark { history: self.history.load(Ordering::Acquire), seq: self.applied() }
    }

    /// Whether an answer made at `mark` from `tags` is still the right one.
    pub fn holds(&self, mark: Mark, tags: &[ScopeKey]) -> bool {
        if !self.is_confirmed() || mark.history != self.history.load(Ordering::Acquire) {
            return false;
        }
        if mark.seq == self.applied() {
            return true;
        }
        let changed = self.changed.read().unwrap_or_else(PoisonError::into_inner);
        mark.seq >= changed.floor && tags.iter().all(|tag| changed.last.get(tag).is_none_or(|seq| *seq <= mark.seq))
    }

    /// Whether the log has been read recently enough to answer from memory.
    pub fn is_confirmed(&self) -> bool {
        self.lag() < PATIENCE
    }

    /// Time since the log was last read.
    pub fn lag(&self) -> Duration {
        let confirmed = Duration::from_millis(self.confirmed.load(Ordering::Acquire));
        self.started.elapsed().saturating_sub(confirmed)
    }

    /// The log has just been read up to the last applied change.
    pub(crate) fn confirm(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.confirmed.fetch_max(now, Ordering::AcqRel);
    }

    /// Takes a change into account.
    pub(crate) fn apply(&self, seq: i64, scopes: &ScopeSet) {
        let mut changed = self.changed.write().unwrap_or_else(PoisonError::into_inner);
        if changed.last.len() > REMEMBERED {
            changed.last.clear();
            changed.floor = seq;
        }
        changed.last.extend(scopes.iter().map(|scope| (scope, seq)));
        self.applied.store(seq, Ordering::Release);
    }

    /// The history is another one: nothing known of the old one holds.
    pub(crate) fn restart(&self, seq: i64) {
        let mut changed = self.changed.write().unwrap_or_else(PoisonError::into_inner);
        self.history.fetch_add(1, Ordering::AcqRel);
        *changed = Changed { last: HashMap::new(), floor: seq };
        self.applied.store(seq, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use lienthong_domain::entry::EntryKind;
    use lienthong_domain::scope::{Place, Subject};

    use super::*;

    fn tag(name: &str) -> ScopeKey {
        ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Tag(name.to_owned()))
    }

    fn set(names: &[&str]) -> ScopeSet {
        names.iter().map(|name| tag(name)).collect()
    }

    fn fresh() -> Freshness {
        let freshness = Freshness::starting_at(10);
        freshness.confirm();
        freshness
    }

    #[test]
    fn an_answer_holds_until_one_of_its_scopes_changes() {
        let freshness = fresh();
        let mark = freshness.mark();
        freshness.apply(11, &set(&["other"]));
        assert!(freshness.holds(mark, &[tag("a"), tag("b")]));
        freshness.apply(12, &set(&["b"]));
        assert!(!freshness.holds(mark, &[tag("a"), tag("b")]));
        assert!(freshness.holds(mark, &[tag("a")]));
        assert!(freshness.holds(freshness.mark(), &[tag("a"), tag("b")]));
    }

    #[test]
    fn an_answer_begun_before_a_change_of_its_scope_never_holds_afterwards() {
        let freshness = fresh();
        let begun = freshness.mark();
        freshness.apply(11, &set(&["a"]));
        assert!(!freshness.holds(begun, &[tag("a")]));
    }

    #[test]
    fn without_a_look_at_the_log_nothing_holds() {
        let long_ago = Instant::now().checked_sub(PATIENCE * 2).unwrap();
        let freshness = Freshness { started: long_ago, ..Freshness::starting_at(10) };
        assert!(!freshness.holds(freshness.mark(), &[]));
        freshness.confirm();
        assert!(freshness.holds(freshness.mark(), &[]));
    }

    #[test]
    fn forgetting_scopes_forgets_the_answers_too() {
        let freshness = fresh();
        let mark = freshness.mark();
        let many: Vec<ScopeKey> = (0..=REMEMBERED).map(|n| tag(&n.to_string())).collect();
        freshness.apply(11, &many.into_iter().collect());
        freshness.apply(12, &set(&["x"]));
        freshness.confirm();
        assert!(!freshness.holds(mark, &[tag("never changed")]));
        assert!(freshness.holds(freshness.mark(), &[tag("never changed")]));
    }

    #[test]
    fn another_history_ends_every_answer() {
        let freshness = fresh();
        let mark = freshness.mark();
        for seq in [3, 10, 40] {
            freshness.restart(seq);
            assert!(!freshness.holds(mark, &[tag("a")]));
            assert!(freshness.holds(freshness.mark(), &[tag("a")]));
        }
    }
}
