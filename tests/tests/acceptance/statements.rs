//! How many statements a public read costs the database. What units, sites, categories and topics it shows comes from
//! memory, so that a list is one range scan however much of them it names.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::procedures::{ProceduresImport, import_procedures};
use lienthong_app::commands::series::record;
use lienthong_app::search::{SearchIndex, SearchPlace, SearchStatus};
use lienthong_app::{App, Keys};
use lienthong_domain::article::{ArticleInput, Cover};
use lienthong_domain::series::SeriesText;
use lienthong_test_support::{TestApp, TestDb, World, at, both_databases};

use crate::harness::{Node, Reply, front_of, global_id, library};

const NODES: &str = "nodes { id title slug summary publishedAt url category { name slug topic { name } } \
    site { name host unit { fullName parent { name } } } cover { url alt } \
    corrects { id article { title } } corrections { title url } }";

const HOST: &str = "xuanhai.hatinh.example";

/// What a portal shows of the latest hundred.
const LATEST: &str = "nodes { title slug publishedAt category { name slug } site { name host } cover { url } }";

/// Thirty articles on each of two sites.
async fn written(node: &Node) -> uuid::Uuid {
    let cover = Cover {
        media: None,
        url: "https://xuanhai.hatinh.example/bia.jpg".to_owned(),
        alt: "Trụ sở UBND xã".to_owned(),
        caption: None,
        credit: None,
        width: None,
        height: None,
    };
    let text = SeriesText { title: "Nông thôn mới".to_owned(), summary: String::new() };
    let place = (node.test.world.sites[1].id, "nong-thon-moi");
    let series = record(&node.test, &node.test.permit(), place, text, at("2024-02-01T00:00:00Z")).await.unwrap().id;
    let mut last = uuid::Uuid::nil();
    for number in 0..60 {
        let site = 1 + number % 2;
        let now = at("2024-03-01T00:00:00Z").plus_seconds(i64::try_from(number).unwrap() * 3600);
        let series = (site == 1).then_some(series);
        let input =
            ArticleInput { cover: Some(cover.clone()), series, ..node.test.input(site, &format!("Tin số {number}")) };
        let draft = node.test.draft_of(site, input, now).await;
        last = node.test.publish(&draft, now).await.id.as_uuid();
    }
    last
}

/// A node that searches.
async fn start(db: TestDb) -> Node {
    let world = World::new();
    world.save(&db.open().await).await;
    let index = SearchIndex::open(&SearchPlace::Temporary).unwrap();
    let app = App::start_with(db.open().await, Keys::of_tests(), index).await.unwrap();
    let front = front_of(&app);
    let (library, folder) = library();
    Node { test: TestApp { app, world, db }, front, library: Arc::new(library), folder }
}

/// A procedure that every commune offers.
async fn procedures(node: &Node) {
    let record = json!({
        "ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký khai sinh", "cap_thuc_hien": "Cấp xã", "linh_vuc": "Hộ tịch",
    })
    .to_string();
    let import = ProceduresImport { source: record.as_bytes(), run: Run::default() };
    import_procedures(&node.test, &node.test.permit(), import, at("2024-03-01T00:00:00Z")).await.unwrap();
    node.test.catch_up().await.unwrap();
}

/// Follows the log until the search index has everything, and then no more: what follows counts statements.
async fn indexed(node: &Node) {
    let app = Arc::clone(&node.test.app);
    let feed = tokio::spawn(async move { app.follow().await });
    let (begun, head) = (Instant::now(), node.test.store().head().await.unwrap());
    let reached = |status| matches!(status, SearchStatus::Following { position, .. } if position == head);
    while !reached(node.test.search().status()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the index does not reach the head");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    feed.abort();
    assert!(feed.await.unwrap_err().is_cancelled());
}

async fn cursor(node: &Node, list: &str) -> String {
    let answer = node.query(&format!("{{ {list} {{ pageInfo {{ endCursor }} }} }}"), json!({})).await.data();
    answer["articles"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned()
}

/// Questions in GraphQL and the statements each may cost.
fn documents(after: &str, article: &str) -> Vec<(String, u64)> {
    let site = format!("site: \"{HOST}\"");
    [
        (format!("articles({site}, first: 20) {{ {NODES} }}"), 1),
        (format!("articles({site}, first: 20, after: \"{after}\") {{ {NODES} pageInfo {{ hasNextPage }} }}"), 1),
        (format!("articles(unit: \"nghi-xuan\", first: 100) {{ {LATEST} }}"), 1),
        (format!("articles(unit: \"nghi-xuan\", first: 100, orderBy: UPDATED) {{ {LATEST} }}"), 1),
        (format!("articles(topic: \"tt.tin\", first: 50) {{ {NODES} }}"), 1),
        (
            format!("articles(series: \"{HOST}/nong-thon-moi\", first: 20) {{ nodes {{ title series {{ title }} }} }}"),
            1,
        ),
        (
            format!(
                "series(site: \"{HOST}\", slug: \"nong-thon-moi\") {{ title site {{ series {{ nodes {{ slug }} }} }} }}"
            ),
            0,
        ),
        (format!("articles({site}, first: 5) {{ nodes {{ title body }} }}"), 1),
        (format!("articles({site}, first: 3) {{ totalCount {{ value }} nodes {{ title }} }}"), 2),
        (format!("article({site}, slug: \"tin-so-2\") {{ title body category {{ name }} }}"), 1),
        (format!("article({site}, slug: \"tin-so-4\") {{ title body related(first: 5) {{ title url }} }}"), 2),
        (format!("node(id: \"{article}\") {{ id ... on Article {{ title }} }}"), 1),
        (format!("site(host: \"{HOST}\") {{ name unit {{ fullName }} categories {{ name topic {{ name }} }} }}"), 0),
        (format!("articles({site}, text: \"tin số 8\", first: 20) {{ {NODES} }}"), 1),
        ("articles(text: \"tin số\", first: 20) { nodes { title } }".to_owned(), 1),
        (
            "procedures(level: COMMUNE, field: \"ho tich\", first: 20) { nodes { code name channels { method } } }"
                .to_owned(),
            1,
        ),
        ("procedure(code: \"1.000001\") { code name channels { method description } }".to_owned(), 1),
        (format!("category(id: \"{HOST}/tin-tuc-su-kien\") {{ name parent {{ name }} topic {{ name }} }}"), 0),
        ("units { nodes { fullName parent { name } sites { name } } totalCount { value } }".to_owned(), 0),
        ("unit(code: \"42\") { fullName children(first: 100) { nodes { fullName sites { host } } } }".to_owned(), 0),
        ("topics(first: 100) { nodes { code name } pageInfo { endCursor } }".to_owned(), 0),
    ]
    .map(|(question, statements)| (format!("{{ {question} }}"), statements))
    .into()
}

/// The same over REST.
fn addresses(after: &str, article: &str) -> Vec<(String, u64)> {
    [
        ("/v1/articles?site=xuanhai.hatinh.example&first=20".to_owned(), 1),
        (format!("/v1/articles?site=xuanhai.hatinh.example&first=20&after={after}"), 1),
        ("/v1/articles?unit=nghi-xuan&first=100".to_owned(), 1),
        ("/v1/articles?unit=nghi-xuan&first=100&order=updated".to_owned(), 1),
        ("/v1/sites/xuanhai.hatinh.example/articles/tin-so-2".to_owned(), 1),
        (format!("/v1/articles/{article}"), 1),
        (format!("/v1/articles/{article}/related?first=5"), 2),
        ("/v1/articles?series=xuanhai.hatinh.example%2Fnong-thon-moi".to_owned(), 1),
        ("/v1/articles?q=tin%20s%E1%BB%91&first=20".to_owned(), 1),
        ("/v1/procedures?first=20".to_owned(), 1),
        ("/v1/procedures/1.000001".to_owned(), 1),
        ("/v1/categories/xuanhai.hatinh.example%2Ftin-tuc-su-kien".to_owned(), 0),
        ("/v1/units".to_owned(), 0),
        ("/v1/sites?first=100".to_owned(), 0),
        ("/v1/topics".to_owned(), 0),
        // The second is for what has left the list, which only Atom can say.
        ("/feeds/units/nghi-xuan.atom".to_owned(), 2),
        ("/feeds/sites/xuanhai.hatinh.example.json".to_owned(), 1),
        ("/feeds/sites/xuanhai.hatinh.example.json?q=tin%20s%E1%BB%91".to_owned(), 1),
        ("/feeds/topics/tt.tin.rss?unit=nghi-xuan&order=updated".to_owned(), 1),
    ]
    .into()
}

fn statements(node: &Node) -> u64 {
    node.test.app.store().statements()
}

/// Nothing may come from the answers that are kept: each question is asked once.
fn cost(node: &Node, (before, reply): (u64, &Reply)) -> u64 {
    assert_eq!(reply.status.as_u16(), 200, "{reply:?}");
    statements(node) - before
}

both_databases! {
    async fn no_public_read_costs_more_statements_than_its_budget(db: TestDb) {
        let node = start(db).await;
        let article = global_id("article", written(&node).await);
        procedures(&node).await;
        indexed(&node).await;
        let after = cursor(&node, "articles(site: \"xuanhai.hatinh.example\", first: 10)").await;
        for (document, budget) in documents(&after, &article) {
            let before = statements(&node);
            let reply = node.query(&document, json!({})).await;
            assert_ne!(reply.data(), Value::Null);
            assert_eq!(cost(&node, (before, &reply)), budget, "{document}");
        }
        for (address, budget) in addresses(&after, &article) {
            let before = statements(&node);
            let reply = node.get(&address).await;
            assert_eq!(cost(&node, (before, &reply)), budget, "{address}");
        }
    }
}
