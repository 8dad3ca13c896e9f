//! One running instance on one node: the store, the reference snapshot, and how both follow the change log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, Notify};

use lienthong_domain::change::LogPosition;
use lienthong_domain::hold::Pace;
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Store, changes, due};

use crate::commands::{desk, holds, relisting};
use crate::cursor::CursorKey;
use crate::error::Error;
use crate::freshness::Freshness;
use crate::proof::checkpoints;
use crate::reference::Snapshot;
use crate::search::SearchIndex;
use crate::secrets::SealKey;

/// Changes read from the log at a time.
const BATCH: u32 = 1_000;

/// Changes behind which a node does not read them one by one: that takes some 10 µs each, and to begin anew no longer than to
/// start, which is below 0.4 s for a country (docs/benchmarks.md).
const FAR: i64 = 20_000;

/// How long the follower waits for an announcement before it looks by itself.
const POLL: Duration = Duration::from_millis(200);

/// The keys of an instance that a node works with.
pub struct Keys {
    /// Signs and reads cursors.
    pub cursors: CursorKey,
    /// Opens the keys that sign what is published, and the states of the log.
    pub seal: Arc<SealKey>,
}

impl Keys {
    /// Keys that everybody knows, for tests.
    pub fn of_tests() -> Self {
        Self { cursors: CursorKey::new([7; 32]), seal: Arc::new(SealKey::of_bytes([7; 32])) }
    }
}

/// One node of an instance.
pub struct App {
    store: Store,
    seal: Arc<SealKey>,
    cursors: ArcSwap<CursorKey>,
    pace: ArcSwap<Pace>,
    own_hosts: ArcSwap<BTreeSet<String>>,
    reference: ArcSwap<Snapshot>,
    freshness: Freshness,
    search: SearchIndex,
    /// Identity of the history that is being followed.
    epoch: AtomicI64,
    /// The next moment at which something becomes public or ends by itself, in microseconds. It stays when it has passed, until
    /// what is due has been done.
    next_due: AtomicI64,
    /// The last moment at which was done what was due, in microseconds. What came in later for an earlier moment waits for the
    /// next time at which everything due is looked for.
    tried_until: AtomicI64,
    /// Wakes whoever keeps lists in step with the reference data.
    reference_changed: Notify,
    /// One at a time reads the log, so that changes are applied once and in order.
    following: Mutex<()>,
    /// One at a time looks for what is due, so that the last to look is the last to tell.
    looking: Mutex<()>,
}

impl App {
    /// Starts on a store whose schema is current, without a search index.
    ///
    /// # Errors
    /// When the database does not answer or holds reference data that cannot be read.
    pub async fn start(store: Store, keys: Keys) -> Result<Arc<Self>, Error> {
        Self::start_with(store, keys, SearchIndex::absent()).await
    }

    /// Starts with a search index, which [`App::follow`] feeds.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn start_with(store: Store, keys: Keys, search: SearchIndex) -> Result<Arc<Self>, Error> {
        let Keys { cursors, seal } = keys;
        // The position is read first: what changes while the snapshot loads is applied afterwards.
        let head = store.head().await?;
        let snapshot = Snapshot::load(&store).await?;
        let app = Self {
            store,
            seal,
            cursors: ArcSwap::from_pointee(cursors),
            pace: ArcSwap::from_pointee(Pace::default()),
            own_hosts: ArcSwap::default(),
            reference: ArcSwap::from_pointee(snapshot),
            freshness: Freshness::starting_at(head.seq),
            search,
            epoch: AtomicI64::new(head.epoch),
            next_due: AtomicI64::new(i64::MAX),
            tried_until: AtomicI64::new(i64::MIN),
            reference_changed: Notify::new(),
            following: Mutex::new(()),
            looking: Mutex::new(()),
        };
        app.search.announce(head);
        app.look_for_due().await?;
        app.freshness.confirm();
        Ok(Arc::new(app))
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Opens the keys that sign.
    pub const fn seal(&self) -> &Arc<SealKey> {
        &self.seal
    }

    /// Signs and reads cursors.
    pub fn cursors(&self) -> Arc<CursorKey> {
        self.cursors.load_full()
    }

    /// Takes other keys from now on: they were rotated.
    pub fn renew_cursors(&self, cursors: CursorKey) {
        self.cursors.store(Arc::new(cursors));
    }

    /// How much one person does in an hour before somebody else has to look.
    pub fn pace(&self) -> Pace {
        **self.pace.load()
    }

    /// Sets other limits from now on.
    pub fn set_pace(&self, pace: Pace) {
        self.pace.store(Arc::new(pace));
    }

    /// The hosts under which this instance answers, besides those of its sites.
    pub fn own_hosts(&self) -> Arc<BTreeSet<String>> {
        self.own_hosts.load_full()
    }

    /// Sets them from now on.
    pub fn set_own_hosts(&self, hosts: BTreeSet<String>) {
        self.own_hosts.store(Arc::new(hosts));
    }

    /// The reference data at this moment.
    pub fn reference(&self) -> Arc<Snapshot> {
        self.reference.load_full()
    }

    /// Counts the states of the reference data.
    pub fn reference_version(&self) -> u64 {
        self.reference.load().version
    }

    /// How far this node has followed the log.
    pub const fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// The search index of this node.
    pub const fn search(&self) -> &SearchIndex {
        &self.search
    }

    /// The next moment at which something becomes public or ends by itself; one that has passed while it has not been done yet.
    pub fn next_due(&self) -> Option<Timestamp> {
        let micros = self.next_due.load(Ordering::Acquire);
        (micros != i64::MAX).then(|| Timestamp::from_micros(micros))
    }

    /// The next known moment at which time alone changes what is public.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.next_due().into_iter().chain(self.reference.load().next_turn(now)).min()
    }

    /// Follows the log, feeds the search index, keeps lists in step with the reference data, does at its time what was
    /// scheduled, and scans what is public again and again, until the future is dropped.
    pub async fn follow(&self) {
        tokio::join!(
            self.follow_log(),
            self.search.follow(&self.store),
            relisting::follow(self),
            Box::pin(desk::follow(self)),
            Box::pin(holds::follow(self)),
            Box::pin(checkpoints::follow(self))
        );
    }

    /// Waits until the reference data has been read anew since this was last asked. For one caller.
    pub(crate) async fn reference_changed(&self) {
        self.reference_changed.notified().await;
    }

    /// Wakes on commits of this process, on announcements of other nodes, and by itself five times a second.
    async fn follow_log(&self) {
        let mut commits = self.store.commits();
        let mut listener = self.store.listen().await.unwrap_or_default();
        loop {
            let announced = async {
                match &mut listener {
                    Some(listener) => listener.wait().await,
                    None => std::future::pending().await,
                }
            };
            let lost = tokio::select! {
                result = announced => result.is_err(),
                _ = commits.changed() => false,
                () = tokio::time::sleep(POLL) => false,
            };
            if lost {
                listener = self.store.listen().await.unwrap_or_default();
            }
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "the change log cannot be read");
            }
        }
    }

    /// Takes the changes up to a commit of this node into account before its author is answered.
    ///
    /// # Errors
    /// When the log cannot be read; the commit stands all the same.
    pub async fn settle(&self, position: Option<LogPosition>) -> Result<(), Error> {
        match position {
            Some(position) if self.freshness.applied() < position.seq => self.catch_up().await,
            _ => Ok(()),
        }
    }

    /// Reads the log to its end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catch_up(&self) -> Result<(), Error> {
        let _one = self.following.lock().await;
        let head = self.store.head().await?;
        // Before anything is known of this head, so that no search answers from another history.
        self.search.announce(head);
        let is_another_history = head.epoch != self.epoch.load(Ordering::Acquire);
        if is_another_history || head.seq - self.freshness.applied() > FAR {
            return self.restart(head).await;
        }
        while self.freshness.applied() < head.seq {
            self.apply_next().await?;
        }
        self.freshness.confirm();
        Ok(())
    }

    async fn apply_next(&self) -> Result<(), Error> {
        let logged = changes::after(&self.store, self.freshness.applied(), BATCH).await?;
        let sets: Vec<ReferenceSet> = ReferenceSet::ALL
            .into_iter()
            .filter(|set| logged.iter().any(|row| row.change.scopes.contains(ScopeKey::reference(*set))))
            .collect();
        if !sets.is_empty() {
            let next = self.reference.load().reloaded(&self.store, &sets).await?;
            self.reference.store(Arc::new(next));
            self.reference_changed.notify_one();
        }
        self.look_for_due().await?;
        for row in logged {
            self.freshness.apply(row.seq, &row.change.scopes);
        }
        Ok(())
    }

    /// Begins anew at `head`: the database has been replaced by another one or by an older state of itself, or so much has
    /// changed that reading all of it takes longer.
    async fn restart(&self, head: LogPosition) -> Result<(), Error> {
        let next = self.reference.load().reloaded(&self.store, &ReferenceSet::ALL).await?;
        self.reference.store(Arc::new(next));
        self.reference_changed.notify_one();
        self.look_for_due().await?;
        self.freshness.restart(head.seq);
        self.epoch.store(head.epoch, Ordering::Release);
        self.freshness.confirm();
        Ok(())
    }

    /// What was due at `now` has been done, or cannot be done now.
    pub(crate) async fn due_was_tried(&self, now: Timestamp) -> Result<(), Error> {
        self.tried_until.store(now.as_micros(), Ordering::Release);
        self.look_for_due().await
    }

    /// Looks when something is due next, of what has not been tried yet: a moment that has just passed counts, or whoever reads
    /// the log in between would have it forgotten.
    async fn look_for_due(&self) -> Result<(), Error> {
        let _one = self.looking.lock().await;
        let tried = Timestamp::from_micros(self.tried_until.load(Ordering::Acquire));
        let next = due::next(&self.store, tried).await?;
        self.next_due.store(next.map_or(i64::MAX, Timestamp::as_micros), Ordering::Release);
        Ok(())
    }
}
