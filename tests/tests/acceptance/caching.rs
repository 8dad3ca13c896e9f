//! Answers kept in memory and along the way: never an old one after a publication.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_app::App;
use lienthong_app::cache::{Begun, ResponseCache};
use lienthong_app::commands::registry::{GivenRegistry, put_registry};
use lienthong_app::commands::{articles, desk};
use lienthong_app::queries::articles::{ArticleFilter, ArticlePlace, page};
use lienthong_app::queries::{Bodies, PageRequest, Tags};
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::registry::Site;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, TestDb, at, both_databases};

use crate::harness::{Node, front_of, graphql, send};

const LATEST: &str = "{ articles(site: \"xuanhai.hatinh.example\", first: 1) { nodes { title } } }";

/// The tags of units, sites, categories, topics, agencies and series, as `docs/operations/caching.md` names them.
const REFERENCE: [&str; 6] = ["a3c92a63", "19d2f2bd", "ceb601c4", "5a130228", "65743941", "a597c121"];

fn now() -> Timestamp {
    at("2024-06-01T00:00:00Z")
}

fn follow(app: &Arc<App>) {
    let app = Arc::clone(app);
    tokio::spawn(async move { app.follow().await });
}

/// The addresses of REST under which the public reads content, with a name that nothing has in the place of each parameter.
fn contents() -> Vec<String> {
    let description = serde_json::to_value(lienthong_api::openapi()).unwrap();
    let is_content = |get: &Value| {
        let tags = ["units", "agencies", "sites", "topics", "articles", "procedures"];
        get["security"].is_null() && tags.contains(&get["tags"][0].as_str().unwrap_or_default())
    };
    let paths = description["paths"].as_object().unwrap().iter();
    // What is signed is fixed for good, and shows no reference data but what was signed. A draft shown by a link is kept nowhere.
    let is_fixed = |path: &str| path.ends_with("/signature") || path.starts_with("/v1/previews/");
    let paths = paths.filter(|(path, item)| is_content(&item["get"]) && !is_fixed(path));
    let filled =
        |path: &String| path.split('{').map(|part| part.split('}').next_back().unwrap()).collect::<Vec<_>>().join("x");
    paths.map(|(path, _)| filled(path)).collect()
}

fn title(reply: &Value) -> &str {
    reply["articles"]["nodes"][0]["title"].as_str().unwrap_or("")
}

/// Edits an entry and publishes it again, under the title of the round.
async fn next_edition(test: &TestApp, entry: &Entry, round: i64) -> Entry {
    let (app, input) = (&test.app, test.input(1, &format!("Tin {round}")));
    let seen = (entry.id, entry.version);
    let edited = articles::edit(app, &test.own_or(), seen, input, now()).await.unwrap().entry;
    let seen = (edited.id, edited.version);
    desk::publish(app, &test.permit(), (seen, Major::Major), now()).await.unwrap()
}

/// A node whose answers are made and kept step by step, as the front door does it: a publication falls in between.
struct Race {
    test: TestApp,
    cache: ResponseCache<String>,
}

/// An answer that was read and is not kept yet.
struct Read {
    racer: u8,
    begun: Begun,
    tags: Tags,
    title: String,
}

impl Race {
    async fn start(db: TestDb) -> Self {
        let test = TestApp::start(db).await;
        follow(&test.app);
        Self { test, cache: ResponseCache::new(1 << 20) }
    }

    /// Begins an answer and reads what it tells.
    async fn begin(&self, racer: u8) -> Read {
        let (app, tags) = (&self.test.app, Tags::default());
        let begun = Begun::now(app, now());
        let filter =
            ArticleFilter { place: Some(ArticlePlace::Site(self.test.world.sites[1].id)), ..Default::default() };
        let request = PageRequest { first: Some(1), ..PageRequest::default() };
        let page = page(app, &filter, &request, (Bodies::Without, &tags), now()).await.unwrap();
        let title = page.headers[0].title.clone();
        Read { racer, begun, tags, title }
    }

    fn keep(&self, Read { racer, begun, tags, title }: Read) {
        let bytes = title.len();
        self.cache.keep(&self.test.app, Box::new([racer]), (title, bytes), (begun, &tags));
    }

    /// Keeps what was begun before, and begins and keeps others in between.
    async fn during(self: Arc<Self>, mut begun: VecDeque<Read>, others: Range<u8>) {
        for racer in others {
            let other = self.begin(racer).await;
            let before = begun.len().min(2);
            for answer in begun.drain(..before).chain([other]) {
                self.keep(answer);
            }
        }
    }
}

both_databases! {
    async fn a_public_read_carries_a_tag_and_a_held_answer_is_not_sent_again(db: TestDb) {
        let node = Node::start(db).await;
        follow(&node.test.app);
        node.test.published(1, "Một", now()).await;
        let path = "/graphql?query=%7Barticles%7Bnodes%7Btitle%7D%7D%7D";
        let first = node.get(path).await;
        assert_eq!(first.header("cache-control"), "public, max-age=30, s-maxage=60, stale-while-revalidate=30, stale-if-error=600");
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 30, "{tag}");
        let held = Request::get(path).header("if-none-match", &tag).body(Body::empty()).unwrap();
        let again = node.send(held).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
        node.test.published(1, "Hai", now()).await;
        let held = Request::get(path).header("if-none-match", &tag).body(Body::empty()).unwrap();
        assert_eq!(node.send(held).await.status.as_u16(), 200);
    }

    async fn a_head_request_has_the_headers_of_get_and_leaves_its_answer_alone(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Một", now()).await;
        let path = "/graphql?query=%7Barticles%7Bnodes%7Btitle%7D%7D%7D";
        let head = node.send(Request::head(path).body(Body::empty()).unwrap()).await;
        let get = node.get(path).await;
        assert_eq!((head.body.len(), head.header("content-length")), (0, get.body.len().to_string().as_str()));
        assert_eq!(head.header("etag"), get.header("etag"));
        assert_eq!(get.data()["articles"]["nodes"][0]["title"], "Một");
    }

    async fn an_encoded_answer_does_not_tell_the_length_of_the_plain_one(db: TestDb) {
        let node = Node::start(db).await;
        for coding in ["gzip", "br", "identity"] {
            let get = Request::get("/openapi.json").header("accept-encoding", coding);
            let reply = node.send(get.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.header("content-encoding"), if coding == "identity" { "" } else { coding });
            let told = reply.header("content-length");
            assert!(told.is_empty() || told == reply.body.len().to_string(), "{coding}: {told}, not {}", reply.body.len());
        }
    }

    async fn answers_to_a_token_and_errors_are_kept_nowhere(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(lienthong_domain::access::Role::ChiefEditor, 1).await;
        let own = node.query_as(chief, LATEST, json!({})).await;
        assert_eq!(own.header("cache-control"), "private, no-store");
        for query in ["{ nonsense }", "{", "{ articles(site: \"nowhere.example\") { nodes { id } } }"] {
            let reply = node.query(query, json!({})).await;
            assert_eq!(reply.header("cache-control"), "no-store", "{query}: {reply:?}");
        }
    }

    async fn a_kept_answer_is_given_without_a_statement_and_dropped_by_a_publication_in_its_scope_only(db: TestDb) {
        // Nobody follows the log here, so that every statement counted is the query's own.
        let node = Node::start(db).await;
        node.test.published(1, "Một", now()).await;
        let cost = async || {
            node.test.catch_up().await.unwrap();
            let before = node.test.store().statements();
            let reply = node.query(LATEST, json!({})).await.data();
            (node.test.store().statements() - before, title(&reply).to_owned())
        };
        cost().await;
        assert_eq!(cost().await, (0, "Một".to_owned()));
        node.test.published(2, "Tin của xã khác", now()).await;
        assert_eq!(cost().await, (0, "Một".to_owned()));
        node.test.published(1, "Hai", now().plus_seconds(1)).await;
        assert_eq!(cost().await, (1, "Hai".to_owned()));
    }

    async fn every_answer_about_content_is_tagged_with_the_reference_data_it_was_made_from(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Một", now()).await;
        let mut paths = contents();
        assert!(paths.len() > 12, "{paths:?}");
        let missing = paths.len();
        let first = async |list: &str, key: &str| {
            let list: Value = serde_json::from_slice(&node.get(list).await.body).unwrap();
            list["data"][0][key].as_str().unwrap().to_owned()
        };
        let article = format!("/v1/articles/{}", first("/v1/articles", "id").await);
        paths.extend([format!("{article}/related"), article]);
        let slug = first("/v1/articles", "slug").await;
        paths.push(format!("/v1/sites/xuanhai.hatinh.example/articles/{slug}"));
        paths.push(format!("/v1/units/{}", first("/v1/units", "slug").await));
        paths.push(format!("/v1/topics/{}", first("/v1/topics", "code").await));
        paths.extend(["/v1/sites/xuanhai.hatinh.example", "/graphql?query=%7Btopics%7Bnodes%7Bcode%7D%7D%7D"].map(str::to_owned));
        paths.push("/feeds/sites/xuanhai.hatinh.example.rss".to_owned());
        for (number, path) in paths.iter().enumerate() {
            let reply = node.get(path).await;
            assert!(number < missing || reply.status == 200, "{path}: {reply:?}");
            let tags: Vec<&str> = reply.header("cache-tag").split(',').collect();
            assert!(REFERENCE.iter().all(|tag| tags.contains(tag)), "{path}: {tags:?}");
        }
        for path in ["/openapi.json", "/problems"] {
            assert_eq!(node.get(path).await.header("cache-tag"), "", "{path}");
        }
    }

    async fn a_kept_answer_of_rest_is_dropped_when_a_site_gets_another_name(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Một", now()).await;
        let renamed = Site { name: "Trang mới của Xuân Hải".to_owned(), ..node.test.world.sites[1].clone() };
        let paths = ["/v1/sites?first=100", "/v1/sites/xuanhai.hatinh.example", "/v1/articles?first=1"];
        let shows = async |path: &str| {
            node.test.catch_up().await.unwrap();
            let before = node.test.store().statements();
            let shown = String::from_utf8(node.get(path).await.body).unwrap().contains(&renamed.name);
            (node.test.store().statements() - before, shown)
        };
        for path in paths {
            shows(path).await;
            assert_eq!(shows(path).await, (0, false), "{path}");
        }
        let given = GivenRegistry { sites: vec![renamed.clone()], ..GivenRegistry::default() };
        put_registry(&node.test, &node.test.permit(), &given, now()).await.unwrap();
        for path in paths {
            assert!(shows(path).await.1, "{path}");
        }
    }

    async fn another_node_follows_within_a_second(db: TestDb) {
        let node = Node::start(db).await;
        follow(&node.test.app);
        let second = node.test.second_node().await;
        follow(&second);
        let front = front_of(&second);
        node.test.published(1, "Một", now()).await;
        for number in 0..5 {
            let expected = format!("Tin {number}");
            send(&front, graphql(LATEST, &json!({}), None)).await;
            node.test.published(1, &expected, now().plus_seconds(number + 1)).await;
            let published = Instant::now();
            loop {
                let reply = send(&front, graphql(LATEST, &json!({}), None)).await.data();
                if title(&reply) == expected { break }
                assert!(published.elapsed() < Duration::from_secs(1), "still {:?}", title(&reply));
                tokio::task::yield_now().await;
            }
        }
    }

    async fn a_node_that_cannot_read_the_log_answers_from_the_database(db: TestDb) {
        let node = Node::start(db).await;
        // Nobody follows the log on this node: what it keeps is good for a second at most.
        node.test.published(1, "Một", now()).await;
        node.query(LATEST, json!({})).await;
        let started = Instant::now();
        while node.test.freshness().is_confirmed() {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::task::yield_now().await;
        }
        let before = node.test.store().statements();
        node.query(LATEST, json!({})).await;
        assert_eq!(node.test.store().statements() - before, 1);
    }

    async fn readers_of_the_front_door_who_race_publications_never_read_what_was_before(db: TestDb) {
        const ROUNDS: i64 = 200;
        const READS: usize = 10_000;
        let node = Node::start(db).await;
        follow(&node.test.app);
        let mut entry = node.test.published(1, "Tin 0", now()).await;
        let acknowledged = Arc::new(AtomicI64::new(0));
        let mut readers = Vec::new();
        for _ in 0..4 {
            let (front, acknowledged) = (Arc::clone(&node.front), Arc::clone(&acknowledged));
            readers.push(tokio::spawn(async move {
                let mut reads = 0;
                while reads < READS / 4 || acknowledged.load(Ordering::SeqCst) < ROUNDS {
                    let at_least = acknowledged.load(Ordering::SeqCst);
                    let reply = send(&front, graphql(LATEST, &json!({}), None)).await.data();
                    let seen: i64 = title(&reply).trim_start_matches("Tin ").parse().unwrap();
                    assert!(seen >= at_least, "read {seen} after {at_least} was acknowledged");
                    reads += 1;
                    tokio::task::yield_now().await;
                }
            }));
        }
        for round in 1..=ROUNDS {
            entry = next_edition(&node.test, &entry, round).await;
            acknowledged.store(round, Ordering::SeqCst);
        }
        for reader in readers {
            reader.await.unwrap();
        }
    }

    async fn ten_thousand_answers_that_race_a_publication_are_not_given_after_it(db: TestDb) {
        const ROUNDS: i64 = 100;
        const BEFORE: u8 = 80;
        const DURING: u8 = 20;
        let race = Arc::new(Race::start(db).await);
        let mut entry = race.test.published(1, "Tin 0", now()).await;
        let mut raced = 0;
        for round in 1..=ROUNDS {
            let mut begun = VecDeque::new();
            for racer in 0..BEFORE {
                begun.push_back(race.begin(racer).await);
            }
            // The first half is kept while the publication is under way, beside others that are begun only then.
            let late = begun.split_off(begun.len() / 2);
            let racing = tokio::spawn(Arc::clone(&race).during(begun, BEFORE..BEFORE + DURING));
            entry = next_edition(&race.test, &entry, round).await;
            racing.await.unwrap();
            for answer in late {
                race.keep(answer);
            }
            for racer in 0..BEFORE + DURING {
                let kept = race.cache.get(&race.test.app, &[racer], now());
                assert!(kept.is_none_or(|kept| kept.value == format!("Tin {round}")), "an old answer in round {round}");
                raced += 1;
            }
        }
        assert_eq!(raced, 10_000);
        // What races nothing is kept and given: the cache was at work.
        race.test.catch_up().await.unwrap();
        race.keep(race.begin(0).await);
        assert_eq!(race.cache.get(&race.test.app, &[0], now()).unwrap().value, format!("Tin {ROUNDS}"));
    }
}
