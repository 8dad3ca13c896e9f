//! Tags: what an answer was made from, gathered where it is read and never by hand in a resolver.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use lienthong_domain::scope::ScopeKey;

/// Collects the scopes and entries that one answer depends on.
#[derive(Debug, Default)]
pub struct Tags(Mutex<BTreeSet<ScopeKey>>);

impl Tags {
    /// The answer depends on `key`.
    pub fn add(&self, key: ScopeKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }

    /// Everything so far, in order.
    pub fn collected(&self) -> Vec<ScopeKey> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}
