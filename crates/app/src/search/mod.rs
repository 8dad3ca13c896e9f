//! Text search: an index on each node, fed from the change log.
//!
//! The database stays the truth: the index only tells which entries of a list meet a search and in which order; the
//! entries themselves are then read from the live tables. It is a cursor over the change log like every other
//! consumer. Its commits carry their position; an index without one, of another history or of another layout is built
//! anew from the live entries. Until that is done, or when it is too far behind, searches are refused: an answer is
//! never partial. Only `serve` keeps an index; in other processes it is absent.
//!
//! | file | holds |
//! |---|---|
//! | `words` | text → folded words, the same for entries and searches |
//! | `query`, `abbreviations` | search text → what must occur |
//! | `document` | entry → document, list and search → tantivy query |
//! | `select` | matching documents → a page in the list's order, a count |
//! | `disk` | the files: open, write, commit |
//! | `feed` | build and follow |
//! | `progress` | may it answer? |

mod abbreviations;
mod disk;
mod document;
mod feed;
mod progress;
mod query;
mod select;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tantivy::Searcher;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use lienthong_domain::change::LogPosition;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{Key, Listing, Part};

pub use disk::{SearchError, SearchPlace};
pub use progress::SearchStatus;
pub use query::{MAX_LENGTH, MAX_WORDS, canonical};

use crate::error::Error;
use disk::Disk;
use document::Fields;
use progress::Progress;
pub(crate) use query::TextQuery;

/// The search index of this node.
pub struct SearchIndex {
    disk: Option<Arc<Disk>>,
    progress: Progress<View>,
    /// Wakes the feed, which is their receiver.
    heads: watch::Sender<Option<LogPosition>>,
    /// Somebody waits for what the feed would commit a little later.
    wanted: Notify,
    /// Wakes those who wait.
    commits: watch::Sender<()>,
}

/// How long a search waits for the changes that its node knows of. Only while very much comes in are they not in by then.
const WAITED: Duration = Duration::from_secs(1);

/// The index as of one commit.
pub(crate) struct View {
    searcher: Searcher,
    fields: Fields,
    position: LogPosition,
}

impl SearchIndex {
    /// No index: every search is refused.
    pub fn absent() -> Self {
        Self {
            disk: None,
            progress: Progress::new(),
            heads: watch::channel(None).0,
            wanted: Notify::new(),
            commits: watch::channel(()).0,
        }
    }

    /// Opens the index, which only one process may do at a time. It answers once it is fed.
    ///
    /// # Errors
    /// [`SearchError`] when the folder cannot be used or is in use.
    pub fn open(place: &SearchPlace) -> Result<Self, SearchError> {
        Ok(Self { disk: Some(Arc::new(Disk::open(place)?)), ..Self::absent() })
    }

    /// How far it is.
    pub fn status(&self) -> SearchStatus {
        if self.disk.is_some() { self.progress.status() } else { SearchStatus::Absent }
    }

    /// The log has reached `head`: told by whoever follows the log, before anything is answered from that knowledge.
    pub(crate) fn announce(&self, head: LogPosition) {
        self.progress.announce(head);
        self.heads.send_if_modified(|last| last.replace(head) != Some(head));
    }

    /// What may be answered from: every change up to number `seq`, waited for if need be, so that whoever has published finds
    /// it. After [`WAITED`] the index as it is.
    ///
    /// # Errors
    /// [`Error::SearchNotReady`] while the index is being built or is too far behind the log.
    pub(crate) async fn view(&self, seq: i64) -> Result<Arc<View>, Error> {
        let mut commits = self.commits.subscribe();
        let end = Instant::now() + WAITED;
        loop {
            let view = self.progress.shown().ok_or(Error::SearchNotReady)?;
            let is_fed = self.heads.receiver_count() > 0;
            if view.covers(seq) || !is_fed {
                return Ok(view);
            }
            self.wanted.notify_one();
            if timeout_at(end, commits.changed()).await.is_err() {
                return self.progress.shown().ok_or(Error::SearchNotReady);
            }
        }
    }
}

impl View {
    /// Whether every change up to number `seq` is in it.
    pub(crate) const fn covers(&self, seq: i64) -> bool {
        self.position.seq >= seq
    }

    /// The first `limit` entries of a part of the list that meet the search, in the list's order. Blocks.
    pub(crate) fn page(
        &self,
        (listing, part): (&Listing, Part),
        text: &TextQuery,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Key>, Error> {
        let query = self.fields.query(listing, text);
        select::page(&self.searcher, &query, (listing, part), limit, now).map_err(broken)
    }

    /// How many entries of the list meet the search, counted up to `most`, and whether there are more. Blocks.
    pub(crate) fn count(
        &self,
        listing: &Listing,
        text: &TextQuery,
        most: u32,
        now: Timestamp,
    ) -> Result<(u32, bool), Error> {
        let query = self.fields.query(listing, text);
        select::count(&self.searcher, &query, (listing, now), most).map_err(broken)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "stands where `map_err` wants a function")]
fn broken(error: tantivy::TantivyError) -> Error {
    Error::Internal(format!("the search index cannot be read: {error}"))
}
