//! Documents registered by clients, in bounded memory. The least recently used ones go first.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::graphql_http::hash::DocumentHash;

/// Who registers: a token id or an address block, as the caller decides. It is never shown to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientKey(Arc<str>);

impl ClientKey {
    /// A key; equal texts are the same client.
    pub fn new(key: &str) -> Self {
        Self(key.into())
    }
}

/// A bound in two units; whichever is reached first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Documents.
    pub documents: usize,
    /// Bytes of their texts.
    pub bytes: usize,
}

/// Bounds of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreLimits {
    /// For all clients together. Default 10,000 documents, 16 MiB.
    pub total: Quota,
    /// For one client. Default 200 documents, 1 MiB: a front end has a few dozen queries.
    pub per_client: Quota,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            total: Quota { documents: 10_000, bytes: 16 * 1024 * 1024 },
            per_client: Quota { documents: 200, bytes: 1024 * 1024 },
        }
    }
}

/// The store. Every entry belongs to the client that registered it first.
#[derive(Debug)]
pub(super) struct AutomaticDocuments {
    limits: StoreLimits,
    entries: HashMap<DocumentHash, Entry>,
    everyone: Usage,
    clients: HashMap<ClientKey, Usage>,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    text: Arc<str>,
    client: ClientKey,
    used: u64,
}

/// What is held, in order of last use.
#[derive(Debug, Default)]
struct Usage {
    by_use: BTreeMap<u64, DocumentHash>,
    bytes: usize,
}

impl Usage {
    fn exceeds(&self, quota: Quota) -> bool {
        self.by_use.len() > quota.documents || self.bytes > quota.bytes
    }

    fn oldest(&self) -> Option<DocumentHash> {
        self.by_use.first_key_value().map(|(_, hash)| *hash)
    }

    fn touch(&mut self, before: u64, now: u64) {
        if let Some(hash) = self.by_use.remove(&before) {
            self.by_use.insert(now, hash);
        }
    }
}

impl AutomaticDocuments {
    pub(super) fn new(limits: StoreLimits) -> Self {
        Self { limits, entries: HashMap::new(), everyone: Usage::default(), clients: HashMap::new(), clock: 0 }
    }

    /// The text under this hash; counts as a use.
    pub(super) fn get(&mut self, hash: DocumentHash) -> Option<Arc<str>> {
        let entry = self.entries.get_mut(&hash)?;
        self.clock += 1;
        let before = std::mem::replace(&mut entry.used, self.clock);
        self.everyone.touch(before, self.clock);
        if let Some(usage) = self.clients.get_mut(&entry.client) {
            usage.touch(before, self.clock);
        }
        Some(Arc::clone(&entry.text))
    }

    /// Keep a text; `false` if it alone exceeds a quota.
    pub(super) fn insert(&mut self, hash: DocumentHash, text: &Arc<str>, client: &ClientKey) -> bool {
        if self.get(hash).is_some() {
            return true;
        }
        let StoreLimits { total, per_client } = self.limits;
        if text.len() > total.bytes.min(per_client.bytes) || total.documents.min(per_client.documents) == 0 {
            return false;
        }
        self.add(hash, text, client);
        while let Some(oldest) =
            self.clients.get(client).filter(|usage| usage.exceeds(per_client)).and_then(Usage::oldest)
        {
            self.remove(oldest);
        }
        while let Some(oldest) = Some(&self.everyone).filter(|usage| usage.exceeds(total)).and_then(Usage::oldest) {
            self.remove(oldest);
        }
        true
    }

    fn add(&mut self, hash: DocumentHash, text: &Arc<str>, client: &ClientKey) {
        self.clock += 1;
        for usage in [&mut self.everyone, self.clients.entry(client.clone()).or_default()] {
            usage.by_use.insert(self.clock, hash);
            usage.bytes += text.len();
        }
        self.entries.insert(hash, Entry { text: Arc::clone(text), client: client.clone(), used: self.clock });
    }

    fn remove(&mut self, hash: DocumentHash) {
        let Some(Entry { text, client, used }) = self.entries.remove(&hash) else { return };
        self.everyone.by_use.remove(&used);
        self.everyone.bytes -= text.len();
        if let Some(usage) = self.clients.get_mut(&client) {
            usage.by_use.remove(&used);
            usage.bytes -= text.len();
            // A client without documents is forgotten, so the map is bounded by the entries.
            if usage.by_use.is_empty() {
                self.clients.remove(&client);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize, usize) {
        (self.entries.len(), self.everyone.bytes, self.clients.len())
    }

    /// Both indexes and all sums agree with the entries, and every client keeps its quota.
    #[cfg(test)]
    pub(super) fn assert_consistent(&self) {
        let of_clients = |pick: fn(&Usage) -> usize| self.clients.values().map(pick).sum::<usize>();
        assert_eq!(self.everyone.by_use.len(), self.entries.len());
        assert_eq!(of_clients(|usage| usage.by_use.len()), self.entries.len());
        assert_eq!(of_clients(|usage| usage.bytes), self.everyone.bytes);
        assert_eq!(self.entries.values().map(|entry| entry.text.len()).sum::<usize>(), self.everyone.bytes);
        assert!(self.clients.values().all(|usage| !usage.exceeds(self.limits.per_client)));
        for (hash, entry) in &self.entries {
            assert_eq!(self.everyone.by_use.get(&entry.used), Some(hash));
            assert_eq!(self.clients[&entry.client].by_use.get(&entry.used), Some(hash));
        }
    }
}
