//! Builds the index from the live entries and keeps it up with the change log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lienthong_domain::change::LogPosition;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::{Store, changes, live_texts};

use super::disk::{Changed, Disk};
use super::{SearchError, SearchIndex, View};

/// From one commit to the next so long, unless a search waits for it; a first change after a pause is committed at once.
const COMMIT_INTERVAL: Duration = Duration::from_millis(500);

/// And at least so long even then: each commit makes a segment that has to be merged.
const LEAST_INTERVAL: Duration = Duration::from_millis(50);

/// How long to wait after a failure, and for the node to see another history too.
const RETRY: Duration = Duration::from_secs(1);

/// Changes read from the log at a time.
const CHANGES: u32 = 1_000;

/// Entries read at a time: their bodies are held in memory, 1 MiB each at most.
const ENTRIES: u32 = 64;

/// Changes after which a commit is made even when the log goes on.
const CHANGES_PER_COMMIT: i64 = 50_000;

/// Why the index cannot be fed.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    #[error(transparent)]
    Store(#[from] lienthong_persistence::Error),
    #[error(transparent)]
    Index(#[from] SearchError),
    #[error("the writing thread of the search index has died: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl SearchIndex {
    /// Feeds the index until the future is dropped; at once done when there is none.
    pub(crate) async fn follow(&self, store: &Store) {
        let Some(disk) = &self.disk else { return };
        let feed = Feed { search: self, disk, store };
        loop {
            match feed.run().await {
                Ok(()) => tracing::info!("the search index goes over to another history of the database"),
                Err(error) => tracing::warn!(%error, "the search index cannot be fed, trying again"),
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}

struct Feed<'a> {
    search: &'a SearchIndex,
    disk: &'a Arc<Disk>,
    store: &'a Store,
}

impl Feed<'_> {
    /// Follows one history of the database; returns when it has become another one.
    async fn run(&self) -> Result<(), FeedError> {
        let mut announced = self.search.heads.subscribe();
        let mut as_of = Instant::now();
        let mut head = self.store.head().await?;
        let known = self.disk.position()?;
        let mut position = match known.filter(|known| known.epoch == head.epoch && known.seq <= head.seq) {
            Some(known) => known,
            None => self.build().await?,
        };
        loop {
            position = self.reach(position, head).await?;
            self.show(position, as_of);
            self.pause(as_of).await;
            head = loop {
                let next = *announced.borrow_and_update();
                match next {
                    Some(next) if next.epoch != head.epoch => return Ok(()),
                    Some(next) if next.seq > position.seq => break next,
                    _ => {}
                }
                if announced.changed().await.is_err() {
                    return Ok(());
                }
            };
            as_of = Instant::now();
        }
    }

    async fn pause(&self, since: Instant) {
        tokio::time::sleep(LEAST_INTERVAL.saturating_sub(since.elapsed())).await;
        let rest = COMMIT_INTERVAL.saturating_sub(since.elapsed());
        let _ = tokio::time::timeout(rest, self.search.wanted.notified()).await;
    }

    /// Builds the index anew. The position is read first: what changes during the walk is applied afterwards.
    async fn build(&self) -> Result<LogPosition, FeedError> {
        self.search.progress.hide();
        let begun = Instant::now();
        let position = self.store.head().await?;
        self.on_disk(Disk::clear).await?;
        let mut last = None;
        loop {
            let into = live_texts::after(self.store, last, ENTRIES).await?;
            let Some(entry) = into.last().map(|live| live.entry) else { break };
            last = Some(entry);
            self.change(Changed { out: Vec::new(), into }, None).await?;
        }
        self.on_disk(move |disk| disk.commit(Some(position))).await?;
        tracing::info!(seconds = begun.elapsed().as_secs_f32(), status = ?self.search.status(), "search index built");
        Ok(position)
    }

    /// Applies the log up to `head` and commits.
    async fn reach(&self, mut position: LogPosition, head: LogPosition) -> Result<LogPosition, FeedError> {
        let mut committed = position;
        while position.seq < head.seq {
            let logged = changes::after(self.store, position.seq, CHANGES).await?;
            let Some(last) = logged.last() else { break };
            if logged.first().is_some_and(|first| first.seq != position.seq + 1) {
                tracing::warn!(after = position.seq, "the change log has a gap, the search index is built anew");
                return self.build().await;
            }
            position.seq = last.seq;
            let entries = logged.iter().filter_map(|row| row.change.public_subject()).map(|subject| subject.entry);
            self.replace(entries.collect(), committed).await?;
            if position.seq - committed.seq >= CHANGES_PER_COMMIT {
                self.on_disk(move |disk| disk.commit(Some(position))).await?;
                committed = position;
            }
        }
        if position != committed {
            self.on_disk(move |disk| disk.commit(Some(position))).await?;
        }
        Ok(position)
    }

    /// Reads the entries as they are now, which is at least as new as their changes: those not yet read will find the
    /// same again.
    async fn replace(&self, entries: BTreeSet<EntryId>, committed: LogPosition) -> Result<(), FeedError> {
        let entries: Vec<EntryId> = entries.into_iter().collect();
        for out in entries.chunks(ENTRIES as usize) {
            let into = live_texts::by_ids(self.store, out).await?;
            self.change(Changed { out: out.to_vec(), into }, Some(committed)).await?;
        }
        Ok(())
    }

    /// Writes changes. When too much waits to be written, it is committed under the position from before them: after a
    /// crash they are applied once more.
    async fn change(&self, changed: Changed, committed: Option<LogPosition>) -> Result<(), FeedError> {
        self.search.progress.add(changed.into.len());
        self.on_disk(move |disk| {
            disk.change(&changed)?;
            if disk.is_full() { disk.commit(committed) } else { Ok(()) }
        })
        .await
    }

    fn show(&self, position: LogPosition, as_of: Instant) {
        let view = View { searcher: self.disk.searcher(), fields: self.disk.fields(), position };
        self.search.progress.show(position, view, as_of);
        self.search.commits.send_replace(());
    }

    async fn on_disk(
        &self,
        work: impl FnOnce(&Disk) -> Result<(), SearchError> + Send + 'static,
    ) -> Result<(), FeedError> {
        let disk = Arc::clone(self.disk);
        Ok(tokio::task::spawn_blocking(move || work(&disk)).await??)
    }
}
