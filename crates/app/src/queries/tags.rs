//! Tags: what an answer was made from, gathered where it is read and never by hand in a resolver.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use lienthong_domain::scope::ScopeKey;

/// Collects the scopes and entries that one answer depends on.
#[derive(Debug, Default)]
pub struct Tags {
    keys: Mutex<BTreeSet<ScopeKey>>,
    /// What was read may be older than the log, so that no later change tells when it ends.
    outdated: AtomicBool,
    /// What was read is none of what the log tells of, so that no later change tells when it ends either.
    untold: AtomicBool,
}

impl Tags {
    /// The answer depends on `key`.
    pub fn add(&self, key: ScopeKey) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }

    /// The answer must not be kept: a part of it was read from something that had not yet taken in the whole log.
    pub fn forbid_keeping(&self) {
        self.outdated.store(true, Ordering::Release);
    }

    /// A part of the answer was read from something of which the log does not tell. It cannot be judged by the log; caches
    /// elsewhere may keep it for as long as it says itself.
    pub fn lies_beside_the_log(&self) {
        self.untold.store(true, Ordering::Release);
    }

    /// Whether the answer may be kept for as long as its tags do not change.
    pub fn may_be_kept(&self) -> bool {
        self.may_be_kept_elsewhere() && !self.untold.load(Ordering::Acquire)
    }

    /// Whether it may be kept by those who go by the time that they are told.
    pub fn may_be_kept_elsewhere(&self) -> bool {
        !self.outdated.load(Ordering::Acquire)
    }

    /// Everything so far, in order.
    pub fn collected(&self) -> Vec<ScopeKey> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}
