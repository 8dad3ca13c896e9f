//! Many who publish at the same moment on two nodes while a reader follows the log: every publication comes once, in
//! the order of the commits, and in the end the lists hold what the log has told.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use lienthong_app::App;
use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_app::commands::desk;
use lienthong_app::queries::articles::{ArticleFilter, ArticlePlace, page};
use lienthong_app::queries::{Bodies, PageRequest, Tags};
use lienthong_domain::change::ChangeKind;
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::hold::Pace;
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::changes::{self, Logged};
use lienthong_test_support::{Held, TestApp, TestDb, at, both_databases};

const WRITERS: usize = 8;

/// Far beyond what anything here needs.
const DEADLINE: Duration = Duration::from_mins(3);

/// Two nodes on one database.
struct Nodes {
    test: TestApp,
    both: [Arc<App>; 2],
}

/// Who writes: on which node and on which site.
#[derive(Clone, Copy)]
struct Place {
    node: usize,
    site: usize,
}

impl Nodes {
    /// Every site has its signing key with the first article that it publishes: nobody waits later for whoever makes it.
    async fn start(db: TestDb) -> Self {
        let test = TestApp::start(db).await;
        let second = test.second_node().await;
        second.set_pace(Pace::UNLIMITED);
        let nodes = Self { both: [Arc::clone(&test.app), second], test };
        for site in 0..nodes.test.world.sites.len() {
            let place = Place { node: site % 2, site };
            let draft = nodes.draft(place, "Bài đầu tiên", moment(0)).await;
            nodes.publish(place, &draft, moment(0)).await;
        }
        nodes
    }

    async fn draft(&self, place: Place, title: &str, now: Timestamp) -> Entry {
        let (app, site) = (&self.both[place.node], self.test.world.sites[place.site].id);
        let input = self.test.input(place.site, title);
        let new = NewArticle { site, slug: None, corrects: None, input, idempotency: None };
        articles::create(app, &self.test.permit(), new, now).await.unwrap().entry
    }

    async fn publish(&self, place: Place, draft: &Entry, now: Timestamp) -> Entry {
        let seen = (draft.id, draft.version);
        desk::publish(&self.both[place.node], &self.test.permit(), (seen, Major::Major), now).await.unwrap()
    }

    /// The list of a site, read page by page.
    async fn listed(&self, site: SiteId) -> Vec<EntryId> {
        let filter = ArticleFilter { place: Some(ArticlePlace::Site(site)), ..ArticleFilter::default() };
        let mut request = PageRequest { first: Some(100), ..PageRequest::default() };
        let mut listed = Vec::new();
        loop {
            let shown = (Bodies::Without, &Tags::default());
            let page = page(&self.both[0], &filter, &request, shown, moment(1_000_000)).await.unwrap();
            request.after = page.headers.last().map(|header| page.cursor(&self.both[0], header));
            listed.extend(page.headers.iter().map(|header| header.entry));
            if !page.has_next {
                return listed;
            }
        }
    }
}

/// A moment of its own for each publication, by which lists are ordered; the writers' moments lie between each other.
fn moment(number: usize) -> Timestamp {
    at("2024-06-01T00:00:00Z").plus_seconds(i64::try_from(number).unwrap())
}

/// Publishes so many articles, one after the other, and tells which.
async fn write(nodes: Arc<Nodes>, writer: usize, count: usize) -> Vec<EntryId> {
    let place = Place { node: writer / 4, site: writer % 4 };
    let mut own = Vec::with_capacity(count);
    for number in 0..count {
        let now = moment(1 + number * WRITERS + writer);
        let draft = nodes.draft(place, &format!("Tin {number} của người viết {writer}"), now).await;
        own.push(nodes.publish(place, &draft, now).await.id);
    }
    own
}

/// Follows the log from its beginning until it has `count` changes, and tells all the while how many there are.
async fn follow(nodes: Arc<Nodes>, count: usize, tell: watch::Sender<usize>) -> Vec<Logged> {
    let [first, second] = &nodes.both;
    let (mut here, mut there) = (first.store().commits(), second.store().commits());
    let mut seen: Vec<Logged> = Vec::new();
    while seen.len() < count {
        let last = seen.last().map_or(0, |row| row.seq);
        let next = changes::after(first.store(), last, 100).await.unwrap();
        if next.is_empty() {
            // A commit since the last look wakes at once.
            tokio::select! {
                woken = here.changed() => woken.unwrap(),
                woken = there.changed() => woken.unwrap(),
            }
        }
        seen.extend(next);
        tell.send_replace(seen.len());
    }
    seen
}

/// A publication that has written what the public is to read of it, and waits in the database before it commits.
struct Waiting {
    publication: JoinHandle<Entry>,
    gate: Held,
}

impl Waiting {
    /// PostgreSQL only: on SQLite nobody else writes while a transaction is open.
    async fn start(nodes: &Arc<Nodes>) -> Self {
        let place = Place { node: 0, site: 1 };
        let draft = nodes.draft(place, "Tin đến sau cùng", moment(500_000)).await;
        let db = &nodes.test.db;
        // It waits for as long as it takes: the limit of the connection is not what is tested.
        db.meddle(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS \
             $$BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END$$",
        )
        .await;
        let condition = format!("NEW.entry_id = '{}'::uuid", draft.id.as_uuid());
        db.meddle(&format!(
            "CREATE TRIGGER gate AFTER INSERT ON live_listing FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION gate()"
        ))
        .await;
        let gate = db.hold("SELECT pg_advisory_lock(1)").await;
        let own = Arc::clone(nodes);
        let publication = tokio::spawn(async move { own.publish(place, &draft, moment(500_000)).await });
        let begun = Instant::now();
        let waits = "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database \
                     WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()";
        while db.meddle(waits).await == 0 {
            assert!(begun.elapsed() < DEADLINE && !publication.is_finished(), "it does not wait");
            tokio::task::yield_now().await;
        }
        Self { publication, gate }
    }

    /// Lets it commit once the reader has read `others` changes. Returns it, and how many had been read by then.
    async fn released(self, mut read: watch::Receiver<usize>, others: usize) -> (EntryId, usize) {
        let before = *timeout(DEADLINE, read.wait_for(|read| *read >= others)).await.unwrap().unwrap();
        assert!(!self.publication.is_finished(), "it was to wait");
        self.gate.release().await;
        (timeout(DEADLINE, self.publication).await.unwrap().unwrap().id, before)
    }
}

/// The articles of the log in its order, after a look at its numbers and at what it tells of each.
fn told(log: &[Logged]) -> Vec<EntryId> {
    assert!(
        log.iter().map(|row| row.seq).eq(1..=i64::try_from(log.len()).unwrap()),
        "a number is missing or comes twice"
    );
    assert!(log.iter().all(|row| row.change.kind == ChangeKind::Published));
    log.iter().map(|row| row.change.subject.unwrap().entry).collect()
}

/// What the list of a site must be by the log: the latest first.
fn due(log: &[Logged], site: SiteId) -> Vec<EntryId> {
    let told = log.iter().map(|row| (row.change.at, row.change.subject.unwrap()));
    let mut rows: Vec<_> = told.filter(|(_, subject)| subject.site == site).map(|(at, it)| (at, it.entry)).collect();
    rows.sort_unstable();
    rows.into_iter().rev().map(|(_, entry)| entry).collect()
}

both_databases! {
    async fn a_reader_that_follows_eight_writers_reads_every_publication_once_and_in_order(db: TestDb) {
        let (is_postgres, nodes) = (db.is_postgres(), Arc::new(Nodes::start(db).await));
        // SQLite syncs its file with every commit, so that a tenth of it has to do there.
        let each = if is_postgres { 250 } else { 25 };
        let earlier = usize::try_from(nodes.test.store().head().await.unwrap().seq).unwrap();
        let waiting = if is_postgres { Some(Waiting::start(&nodes).await) } else { None };
        let count = earlier + WRITERS * each + usize::from(is_postgres);
        let (tell, read) = watch::channel(0);
        let reader = tokio::spawn(follow(Arc::clone(&nodes), count, tell));
        let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&nodes), writer, each))).collect();
        let late = match waiting {
            Some(waiting) => Some(waiting.released(read, earlier + WRITERS * each / 10).await),
            None => None,
        };
        let mut all = Vec::new();
        for writer in writers {
            all.push(writer.await.unwrap());
        }
        let log = timeout(DEADLINE, reader).await.unwrap().unwrap();
        let told = told(&log);
        assert_eq!((told.len(), told.iter().collect::<HashSet<_>>().len()), (count, count), "one of them comes twice");
        for own in &all {
            let set: HashSet<_> = own.iter().collect();
            assert!(told.iter().filter(|entry| set.contains(entry)).eq(own), "a writer's own are out of order");
        }
        if let Some((entry, before)) = late {
            let place = told.iter().position(|told| *told == entry).unwrap();
            assert!(place >= before, "it stands at {place}, and {before} were read before it was committed");
        }
        for site in &nodes.test.world.sites {
            assert_eq!(nodes.listed(site.id).await, due(&log, site.id), "{}", site.host);
        }
    }
}
