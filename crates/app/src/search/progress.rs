//! How far the index is, and whether it may answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lienthong_domain::change::LogPosition;

/// Behind the log for longer than this, the index does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The state of a search index, for health checks and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchStatus {
    /// This process keeps no index.
    Absent,
    /// It is being built, or makes up for the time the node was down.
    Building {
        /// Entries read so far.
        entries: u64,
    },
    /// It answers, unless it is too far behind.
    Following {
        /// Position of what it answers from.
        position: LogPosition,
        /// How long it has been behind the log.
        lag: Duration,
    },
}

/// What is known of the log and of the index.
pub(super) struct Progress<V>(Mutex<Known<V>>);

struct Known<V> {
    /// The head of the log as the node knows it.
    announced: Option<LogPosition>,
    /// The commit that is answered from.
    shown: Option<(LogPosition, Arc<V>)>,
    /// Since when the log is ahead of it.
    behind: Option<Instant>,
    entries: u64,
}

impl<V> Progress<V> {
    /// Nothing is known yet.
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Known { announced: None, shown: None, behind: None, entries: 0 }))
    }

    /// The log has reached `head`. In another history than before nothing of the old one is shown any more.
    pub(super) fn announce(&self, head: LogPosition) {
        let mut known = self.known();
        let other_history = known.announced.is_some_and(|before| before.epoch != head.epoch);
        known.announced = Some(head);
        if other_history {
            known.shown = None;
            known.behind = None;
        } else if known.behind.is_none() && known.shown.as_ref().is_some_and(|(shown, _)| shown.seq < head.seq) {
            known.behind = Some(Instant::now());
        }
    }

    /// The commit at `position` has everything that was in the log at the instant `as_of`. It is not shown when the node
    /// has meanwhile gone over to another history.
    pub(super) fn show(&self, position: LogPosition, commit: V, as_of: Instant) {
        let mut known = self.known();
        if let Some(announced) = known.announced.filter(|announced| announced.epoch == position.epoch) {
            known.shown = Some((position, Arc::new(commit)));
            known.behind = (position.seq < announced.seq).then_some(as_of);
        }
    }

    /// A build begins.
    pub(super) fn hide(&self) {
        let mut known = self.known();
        *known = Known { announced: known.announced, shown: None, behind: None, entries: 0 };
    }

    /// So many more entries have been read for the index.
    pub(super) fn add(&self, entries: usize) {
        self.known().entries += entries as u64;
    }

    /// What may be answered from: nothing when it is too old.
    pub(super) fn shown(&self) -> Option<Arc<V>> {
        let known = self.known();
        let is_fresh = known.behind.is_none_or(|since| since.elapsed() < PATIENCE);
        known.shown.as_ref().filter(|_| is_fresh).map(|(_, commit)| Arc::clone(commit))
    }

    pub(super) fn status(&self) -> SearchStatus {
        let known = self.known();
        match known.shown {
            Some((position, _)) => {
                SearchStatus::Following { position, lag: known.behind.map(|since| since.elapsed()).unwrap_or_default() }
            }
            None => SearchStatus::Building { entries: known.entries },
        }
    }

    fn known(&self) -> MutexGuard<'_, Known<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(epoch: i64, seq: i64) -> LogPosition {
        LogPosition { epoch, seq }
    }

    #[test]
    fn an_index_that_the_log_has_left_behind_for_long_is_not_fresh() {
        let progress = Progress::new();
        progress.announce(at(1, 5));
        let long_ago = Instant::now().checked_sub(PATIENCE).unwrap();
        progress.show(at(1, 5), 'a', long_ago);
        assert_eq!(progress.shown().as_deref(), Some(&'a'));
        progress.announce(at(1, 6));
        assert_eq!(progress.shown().as_deref(), Some(&'a'));
        progress.show(at(1, 5), 'b', long_ago);
        assert_eq!(progress.shown(), None);
        progress.show(at(1, 6), 'c', long_ago);
        assert_eq!(progress.shown().as_deref(), Some(&'c'));
    }

    #[test]
    fn a_commit_of_another_history_is_never_shown() {
        let progress = Progress::new();
        let show = |position, commit| progress.show(position, commit, Instant::now());
        show(at(1, 5), 'a');
        assert_eq!(progress.shown(), None);
        progress.announce(at(1, 5));
        show(at(1, 5), 'b');
        assert_eq!(progress.shown().as_deref(), Some(&'b'));
        progress.announce(at(2, 3));
        assert_eq!(progress.status(), SearchStatus::Building { entries: 0 });
        show(at(1, 9), 'c');
        assert_eq!(progress.shown(), None);
        show(at(2, 3), 'd');
        assert_eq!(progress.shown().as_deref(), Some(&'d'));
    }
}
