//! Lists follow the reference data, over GraphQL, also where answers were kept.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use lienthong_app::App;
use lienthong_app::commands::articles::{NewArticle, create};
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::desk::publish;
use lienthong_app::commands::provision::{Provision, ProvisionReport, provision};
use lienthong_app::commands::registry::{GivenRegistry, IN_FORCE, UnitsImport, import_units, put_registry};
use lienthong_app::queries::report;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::change::ChangeKind;
use lienthong_domain::entry::Major;
use lienthong_domain::registry::{Category, Unit};
use lienthong_domain::time::{Period, Timestamp, parse_day};
use lienthong_persistence::{Record, categories, changes};
use lienthong_test_support::{TestApp, at, both_databases};

use crate::harness::{Node, front_of, graphql, send};

const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,Xã Xuân Giang
";
const HOST: &str = "nghixuan.hatinh.gov.vn";

fn now() -> Timestamp {
    at("2026-01-15T01:00:00Z")
}

async fn titles(node: &Node, place: &str) -> Vec<String> {
    let answer = node.query(&format!("{{ articles({place}) {{ nodes {{ title }} }} }}"), json!({})).await.data();
    let nodes = answer["articles"]["nodes"].as_array().unwrap().clone();
    let mut titles: Vec<String> = nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

async fn provisioned(app: &App, categories: Value) -> ProvisionReport {
    let template = serde_json::from_value(json!({ "categories": categories })).unwrap();
    let permit = operator().permit().unwrap();
    let request = Provision { unit: "18352", template: &template, active_from: None, run: Run::default() };
    provision(app, &permit, request, now()).await.unwrap()
}

fn operator() -> lienthong_domain::access::Actor {
    lienthong_domain::access::Actor::operator(lienthong_domain::ids::ActorId::new(now()))
}

/// Publishes on the provisioned site.
async fn published(app: &App, category: &str, title: &str) {
    let reference = app.reference();
    let site = reference.sites.by_host(HOST).unwrap().id;
    let category = reference.categories.by_slug(site, category).unwrap().id;
    let input = ArticleInput { category, ..input(title) };
    let new = NewArticle { site, slug: None, corrects: None, input, idempotency: None };
    let entry = create(app, &operator().permit().unwrap(), new, now()).await.unwrap().entry;
    let seen = (entry.id, entry.version);
    publish(app, &operator().permit().unwrap(), (seen, Major::Major), now()).await.unwrap();
}

fn input(title: &str) -> ArticleInput {
    ArticleInput {
        kind: lienthong_domain::article::ArticleKind::News,
        audience: None,
        category: lienthong_domain::ids::CategoryId::new(now()),
        topic: None,
        series: None,
        title: title.to_owned(),
        summary: String::new(),
        body: String::new(),
        language: None,
        tags: vec![],
        author: None,
        source: None,
        cover: None,
        attachments: vec![],
    }
}

/// The categories of the `site`-th site with the topic at `topic`.
fn mapped(test: &TestApp, site: usize, topic: usize) -> Vec<Category> {
    let of_site = test.world.categories.iter().filter(|category| category.site == test.world.sites[site].id);
    let topic = Some(test.world.topics[topic].id);
    of_site.map(|category| Category { topic, ..category.clone() }).collect()
}

async fn put(app: &App, categories: Vec<Category>) {
    let given = GivenRegistry { categories, ..GivenRegistry::default() };
    put_registry(app, &operator().permit().unwrap(), &given, now()).await.unwrap();
}

both_databases! {
    async fn after_provisioning_with_other_topics_topic_lists_hold_the_new_set(db: TestDb) {
        let node = Node::start(db).await;
        let app = &node.test.app;
        let units = UnitsImport { source: UNITS.as_bytes(), in_force: IN_FORCE, run: Run::default() };
        import_units(app, &operator().permit().unwrap(), units, now()).await.unwrap();
        provisioned(app, json!([
            {"name": "Chuyên mục xã", "topic": "tt.tin", "children": [{"name": "Hoạt động", "topic": "tt.tin"}]},
        ])).await;
        published(app, "chuyen-muc-xa", "Tin xã").await;
        published(app, "hoat-dong", "Tin hoạt động").await;
        let above = format!("category: \"{HOST}/chuyen-muc-xa\"");
        assert_eq!(titles(&node, "topic: \"tt.tin\"").await, ["Tin hoạt động", "Tin xã"]);
        assert_eq!(titles(&node, "topic: \"tt.thong-bao\"").await.len(), 0);
        assert_eq!(titles(&node, &above).await.len(), 2);

        let other = json!([
            {"name": "Chuyên mục xã", "topic": "tt.tin"},
            {"name": "Hoạt động", "topic": "tt.thong-bao"},
        ]);
        assert_eq!(provisioned(app, other.clone()).await.relisted, 1);
        assert_eq!(titles(&node, "topic: \"tt.tin\"").await, ["Tin xã"]);
        assert_eq!(titles(&node, "topic: \"tt.thong-bao\"").await, ["Tin hoạt động"]);
        assert_eq!(titles(&node, "unit: \"42\", topic: \"tt.thong-bao\", orderBy: UPDATED").await, ["Tin hoạt động"]);
        assert_eq!(titles(&node, &above).await, ["Tin xã"]);
        let answer = node.query(&format!(
            "{{ article(site: \"{HOST}\", slug: \"tin-hoat-dong\") {{ topic {{ code }} }} }}"
        ), json!({})).await.data();
        assert_eq!(answer["article"]["topic"]["code"], "tt.thong-bao");

        let head = app.store().head().await.unwrap();
        assert_eq!(provisioned(app, other).await.relisted, 0);
        assert_eq!(app.store().head().await.unwrap(), head);
        let logged = changes::after(app.store(), head.seq - 1, 10).await.unwrap();
        assert_eq!(logged.last().unwrap().change.kind, ChangeKind::Relisted);
    }

    async fn lists_and_the_report_follow_a_unit_that_moves(db: TestDb) {
        let node = Node::start(db).await;
        let app = &node.test.app;
        node.test.published(1, "Tin Xuân Hải", at("2024-03-01T00:00:00Z")).await;
        node.test.published(2, "Tin Xuân Mỹ", at("2024-03-01T00:00:00Z")).await;
        assert_eq!(titles(&node, "unit: \"nghi-xuan\"").await.len(), 2);
        assert_eq!(titles(&node, "unit: \"co-dam\"").await.len(), 0);

        // Xuân Hải becomes a part of Cổ Đạm.
        let [moved, into] = [2, 4].map(|at| node.test.world.units[at].clone());
        let moved = Unit { parent: Some(into.id), ..moved };
        let given = GivenRegistry { units: vec![moved], ..GivenRegistry::default() };
        put_registry(app, &operator().permit().unwrap(), &given, now()).await.unwrap();
        assert_eq!(titles(&node, "unit: \"co-dam\"").await, ["Tin Xuân Hải"]);
        assert_eq!(titles(&node, "unit: \"nghi-xuan\"").await.len(), 2);

        // And then Cổ Đạm leaves the district with it.
        let given = GivenRegistry {
            units: vec![Unit { parent: Some(node.test.world.units[0].id), ..into.clone() }],
            ..GivenRegistry::default()
        };
        put_registry(app, &operator().permit().unwrap(), &given, now()).await.unwrap();
        assert_eq!(titles(&node, "unit: \"nghi-xuan\"").await, ["Tin Xuân Mỹ"]);
        assert_eq!(titles(&node, "unit: \"ha-tinh\"").await.len(), 2);
        let period = Period::new(parse_day("2024-01-01").unwrap(), parse_day("2024-07-07").unwrap()).unwrap();
        let counted = report::articles(app, &operator().permit().unwrap(), (into.id, period), now()).await.unwrap();
        assert_eq!(counted.sum, 1);
    }

    async fn what_a_crash_left_undone_is_done_by_any_node_that_follows(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Tin Xuân Hải", at("2024-03-01T00:00:00Z")).await;
        assert_eq!(titles(&node, "topic: \"tt.thong-bao\"").await.len(), 0);
        let tx = node.test.store().begin().await.unwrap();
        categories::put(&tx, &mapped(&node.test, 1, 1)).await.unwrap();
        tx.commit(Record::default()).await.unwrap();

        let other = node.test.second_node().await;
        let front = front_of(&other);
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut bell = other.store().commits();
        let follows = tokio::spawn({
            let other = other.clone();
            async move { other.follow().await }
        });
        loop {
            other.catch_up().await.unwrap();
            let question = graphql("{ articles(topic: \"tt.thong-bao\") { nodes { title } } }", &json!({}), None);
            let found = send(&front, question).await.data()["articles"]["nodes"].as_array().unwrap().len();
            if found == 1 {
                break;
            }
            let left = deadline.checked_duration_since(Instant::now()).unwrap();
            // Wakes at the commit of the walk.
            tokio::time::timeout(left, bell.changed()).await.unwrap().unwrap();
        }
        follows.abort();
        // The node that did not do it has learnt of it all the same.
        node.test.catch_up().await.unwrap();
        assert_eq!(titles(&node, "topic: \"tt.thong-bao\"").await, ["Tin Xuân Hải"]);
        assert_eq!(titles(&node, "topic: \"tt.tin\"").await.len(), 0);
    }

    async fn no_publication_keeps_the_topic_that_its_category_had(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        let writing = async {
            for number in 0..25 {
                test.published(1, &format!("Tin {number:02}"), at("2024-03-01T00:00:00Z")).await;
            }
        };
        let mapping = async {
            for round in 0..15 {
                put(&test.app, mapped(test, 1, (round + 1) % 2)).await;
            }
        };
        tokio::join!(writing, mapping);
        assert_eq!(titles(&node, "topic: \"tt.thong-bao\", first: 100").await.len(), 25);
        assert_eq!(titles(&node, "topic: \"tt.tin\", first: 100").await.len(), 0);
    }
}
