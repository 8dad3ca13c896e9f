//! A node with a search index.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use lienthong_app::queries::articles::{self, ArticleFilter};
use lienthong_app::queries::{Bodies, Page, PageRequest, Tags, entries};
use lienthong_app::search::{SearchError, SearchIndex, SearchPlace, SearchStatus};
use lienthong_app::{App, Error, Keys};
use lienthong_domain::entry::Entry;
use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, TestDb, World, at};

/// Patience of a test for what takes a fraction of a second.
const DEADLINE: Duration = Duration::from_secs(30);

/// After everything that these tests publish.
pub(crate) fn now() -> Timestamp {
    at("2024-07-01T00:00:00Z")
}

pub(crate) fn minute(minute: i64) -> Timestamp {
    at("2024-01-01T00:00:00Z").plus_seconds(minute * 60)
}

pub(crate) fn temporary() -> SearchPlace {
    SearchPlace::Temporary
}

pub(crate) fn folder(path: &Path) -> SearchPlace {
    SearchPlace::Folder(path.join("search"))
}

/// A small world on a node that searches, with its feed at rest.
pub(crate) async fn portal(db: TestDb, place: &SearchPlace) -> TestApp {
    let world = World::new();
    world.save(&db.open().await).await;
    TestApp { app: node(&db, place).await, world, db }
}

/// Another node on the same database.
pub(crate) async fn node(db: &TestDb, place: &SearchPlace) -> Arc<App> {
    let begun = Instant::now();
    let index = loop {
        match SearchIndex::open(place) {
            // A node that was dropped may still be writing its last batch.
            Err(SearchError::InUse(_)) if begun.elapsed() < DEADLINE => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            opened => break opened.unwrap(),
        }
    };
    App::start_with(db.open().await, Keys::of_tests(), index).await.unwrap()
}

/// The feed of a node, at work until it is dropped or stopped.
pub(crate) struct Feed(JoinHandle<()>);

impl Feed {
    pub(crate) fn start(app: &Arc<App>) -> Self {
        let app = Arc::clone(app);
        Self(tokio::spawn(async move { app.follow().await }))
    }

    /// Waits until it no longer touches the index.
    pub(crate) async fn stop(self) {
        self.0.abort();
        let _ = (self.0).await;
    }
}

/// Waits until a condition holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < DEADLINE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until the index has everything that is in the log.
pub(crate) async fn up_to_date(app: &App) {
    let head = app.store().head().await.unwrap();
    let reached = |status| matches!(status, SearchStatus::Following { position, .. } if position == head);
    until("the index has reached the head", async || reached(app.search().status())).await;
}

/// Feeds a node until its index is up to date.
pub(crate) async fn catch_up(app: &Arc<App>) {
    let feed = Feed::start(app);
    up_to_date(app).await;
    feed.stop().await;
}

pub(crate) fn texts(text: &str) -> ArticleFilter {
    ArticleFilter { text: Some(text.to_owned()), ..ArticleFilter::default() }
}

pub(crate) async fn page(app: &App, filter: &ArticleFilter, request: &PageRequest) -> Result<Page, Error> {
    articles::page(app, filter, request, (Bodies::Without, &Tags::default()), now()).await
}

/// An entry as it is now.
pub(crate) async fn entry(app: &TestApp, id: EntryId) -> Entry {
    entries::find(app, &app.own_or(), id).await.unwrap()
}

/// The titles of the first hundred articles of a list.
pub(crate) async fn titles(app: &App, filter: &ArticleFilter) -> Result<Vec<String>, Error> {
    let request = PageRequest { first: Some(100), ..PageRequest::default() };
    Ok(page(app, filter, &request).await?.headers.into_iter().map(|header| header.title.clone()).collect())
}

/// The titles of the first hundred articles that meet a search.
pub(crate) async fn found(app: &App, text: &str) -> Vec<String> {
    titles(app, &texts(text)).await.unwrap()
}
