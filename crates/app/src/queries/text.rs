//! Lists narrowed by a text: the index says which entries, the database says what they are.

use std::sync::Arc;

use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{self, Bodies, Key, Listing, LiveHeader, Part};

use crate::app::App;
use crate::error::Error;
use crate::queries::page::COUNTED_AT_MOST;
use crate::queries::{Page, PageRequest, Tags};
use crate::search::{TextQuery, View};

/// How often a page is filled up for entries that vanished between the index and the database.
const ROUNDS: u32 = 4;

/// One page of the entries of a list that meet a search: one statement, and one more for each time that entries of the
/// index have vanished meanwhile.
pub(super) async fn read(
    app: &App,
    (listing, text): (Listing, TextQuery),
    request: &PageRequest,
    (bodies, tags): (Bodies, &Tags),
    now: Timestamp,
) -> Result<Page, Error> {
    let (size, part) = request.part(&app.cursors().bound_to(text.canonical()), &listing)?;
    let (listing, text) = (Arc::new(listing), Arc::new(text));
    let search = Search { view: view(app, tags).await?, listing: Arc::clone(&listing), text: Arc::clone(&text), now };
    let wanted = size as usize + 1;
    let (mut headers, mut rest, mut ended) = (Vec::new(), part, false);
    for _ in 0..ROUNDS {
        let asked = wanted - headers.len();
        let keys = search.page(rest, asked).await?;
        let last = match part {
            Part::First(_) => keys.last(),
            Part::Last(_) => keys.first(),
        };
        rest = rest.beyond(last.copied());
        let ids: Vec<EntryId> = keys.iter().map(|key| key.entry).collect();
        headers.extend(live_entries::chosen(app.store(), (EntryKind::Article, &ids), bodies, now).await?);
        ended = keys.len() < asked;
        if ended || headers.len() == wanted {
            break;
        }
    }
    // By the times of the database, which the cursors will show: an entry may have been updated meanwhile.
    headers.sort_unstable_by_key(|header| std::cmp::Reverse(place(header, &listing)));
    let mut page = Page::cut(headers, (size, part), Arc::unwrap_or_clone(listing));
    match part {
        Part::First(_) => page.has_next |= !ended,
        Part::Last(_) => page.has_previous |= !ended,
    }
    page.search = Some(text.canonical().into());
    Ok(page)
}

/// How many entries of a list meet a search, and whether there are more than that.
pub(super) async fn count(
    app: &App,
    (listing, text): (Listing, TextQuery),
    tags: &Tags,
    now: Timestamp,
) -> Result<(u32, bool), Error> {
    let view = view(app, tags).await?;
    apart(move || view.count(&listing, &text, COUNTED_AT_MOST, now)).await
}

/// The index with all that this node knows of. An answer from one that is behind all the same is given, but must not be kept:
/// the changes it lacks have already been told to the cache.
async fn view(app: &App, tags: &Tags) -> Result<Arc<View>, Error> {
    let applied = app.freshness().applied();
    let view = app.search().view(applied).await?;
    if !view.covers(applied) {
        tags.forbid_keeping();
    }
    Ok(view)
}

struct Search {
    view: Arc<View>,
    listing: Arc<Listing>,
    text: Arc<TextQuery>,
    now: Timestamp,
}

impl Search {
    async fn page(&self, part: Part, limit: usize) -> Result<Vec<Key>, Error> {
        let Self { view, listing, text, now } = self;
        let (view, listing, text, now) = (Arc::clone(view), Arc::clone(listing), Arc::clone(text), *now);
        apart(move || view.page((&listing, part), &text, limit, now)).await
    }
}

/// On a thread that may block: a common word in a large index takes milliseconds, and its pages may lie on disk.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Internal(format!("a search has died: {error}")))?
}

fn place(header: &LiveHeader, listing: &Listing) -> (Timestamp, EntryId) {
    let Key { at, entry } = header.key(listing.order);
    (at, entry)
}
