//! A province's own topics and synonyms, and the categories that map to nothing.

use serde_json::{Value, json};

use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::registry::{
    GivenRegistry, SynonymsImport, SynonymsReport, TopicsImport, TopicsReport, import_synonyms, import_topics,
    put_registry,
};
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::article::ArticleInput;
use lienthong_domain::ids::{ActorId, UnitId};
use lienthong_domain::registry::{Category, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, at, both_databases};

use crate::harness::Node;

const HEADER: &str = "code,parent,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes\n";

fn now() -> Timestamp {
    at("2026-01-15T01:00:00Z")
}

fn operator() -> Actor {
    Actor::operator(ActorId::new(now()))
}

async fn own_topics(test: &TestApp, province: &str, rows: &str) -> TopicsReport {
    let source = format!("{HEADER}{rows}");
    let import = TopicsImport { source: source.as_bytes(), unit: Some(province), run: Run::default() };
    import_topics(&test.app, &operator().permit().unwrap(), import, now()).await.unwrap()
}

async fn synonyms(test: &TestApp, (unit, rows): (Option<&str>, &str), dry_run: bool) -> SynonymsReport {
    let source = format!("name,topic\n{rows}");
    let run = Run { dry_run, ..Run::default() };
    let import = SynonymsImport { source: source.as_bytes(), unit, run };
    import_synonyms(&test.app, &operator().permit().unwrap(), import, now()).await.unwrap()
}

/// Another province beside Hà Tĩnh.
async fn another_province(test: &TestApp) {
    let unit = Unit {
        id: UnitId::new(now()),
        code: Some("51".parse().unwrap()),
        slug: "quang-ngai".parse().unwrap(),
        name: "Quảng Ngãi".to_owned(),
        ..test.world.units[0].clone()
    };
    put(test, GivenRegistry { units: vec![unit], ..GivenRegistry::default() }).await;
}

/// Takes the topic from the category `slug` of the `site`-th site and gives it another name.
async fn unmap(test: &TestApp, (site, slug): (usize, &str), name: &str) {
    let category = Category { topic: None, name: name.to_owned(), ..test.world.category(site, slug).clone() };
    put(test, GivenRegistry { categories: vec![category], ..GivenRegistry::default() }).await;
}

async fn put(test: &TestApp, given: GivenRegistry) {
    put_registry(&test.app, &operator().permit().unwrap(), &given, now()).await.unwrap();
}

async fn count(node: &Node, list: &str) -> usize {
    let answer = node.query(&format!("{{ articles({list}) {{ nodes {{ id }} }} }}"), json!({})).await.data();
    answer["articles"]["nodes"].as_array().unwrap().len()
}

async fn codes(node: &Node, unit: &str) -> Vec<String> {
    let over_rest = node.get(&format!("/v1/topics?unit={unit}")).await.json()["data"].clone();
    let answer = node.query(&format!("{{ topics(unit: \"{unit}\") {{ nodes {{ code }} }} }}"), json!({})).await.data();
    let read = |list: &Value| {
        list.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(read(&over_rest), read(&answer["topics"]["nodes"]));
    read(&over_rest)
}

both_databases! {
    async fn a_provinces_own_topics_exist_on_its_sites_only(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        another_province(test).await;
        let rows = "ht.bien,tt.tin,Kinh tế biển,Maritime,X,,none,D,30,\nht.rung,,Rừng,Forest,X,,none,D,30,\n";
        assert_eq!(own_topics(test, "42", rows).await.topics, Tally { created: 2, changed: 0, unchanged: 0 });
        assert_eq!(own_topics(test, "ha-tinh", rows).await.topics, Tally { created: 0, changed: 0, unchanged: 2 });
        let taken = format!("{rows}tt.tin,,Tin,News,X,,none,D,30,\nqn.la,ht.rung,Lá,Leaf,X,,none,D,30,\n");
        let refused = own_topics(test, "51", &taken).await;
        assert_eq!((refused.topics, refused.refused.len()), (Tally::default(), 4));
        own_topics(test, "51", "qn.que,,Quế,Cinnamon,X,,none,D,30,\n").await;

        assert_eq!(codes(&node, "xuan-hai").await, ["ht.bien", "ht.rung", "tt.thong-bao", "tt.tin"]);
        assert_eq!(codes(&node, "51").await, ["qn.que", "tt.thong-bao", "tt.tin"]);
        let topic = node.query("{ topic(code: \"ht.bien\") { unit { slug } parent { code } } }", json!({})).await.data();
        assert_eq!(topic["topic"], json!({ "unit": { "slug": "ha-tinh" }, "parent": { "code": "tt.tin" } }));
        let chief = node.actor(Role::ChiefEditor, 1).await;
        for (code, error) in [("ht.rung", None), ("qn.que", Some("topic"))] {
            let answer = node.query_as(chief, "mutation($topic: String!) { createArticle(site: \"xuanhai.hatinh.example\", \
                input: { category: \"xuanhai.hatinh.example/thong-bao\", title: \"Tin\", body: \"\", topic: $topic }) \
                { errors { field } } }", json!({ "topic": code })).await.data();
            assert_eq!(answer["createArticle"]["errors"][0]["field"].as_str(), error, "{code}");
        }
        node.test.assert_in_order().await;
    }

    async fn the_lists_of_a_national_topic_hold_what_stands_below_it(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        own_topics(test, "42", "ht.bien,,Kinh tế biển,Maritime,X,,none,D,30,\n").await;
        let topic = test.reference().topics.by_code("ht.bien").unwrap().id;
        let notices = test.world.category(1, "thong-bao").id;
        let tags = vec!["Biển".to_owned()];
        let input = ArticleInput { topic: Some(topic), category: notices, tags, ..test.input(1, "Ra khơi") };
        let draft = test.draft_of(1, input, at("2024-03-01T00:00:00Z")).await;
        test.publish(&draft, at("2024-03-01T00:00:00Z")).await;
        let below = ["topic: \"tt.tin\"", "unit: \"nghi-xuan\", topic: \"tt.tin\"",
            "category: \"xuanhai.hatinh.example/thong-bao\", topic: \"tt.tin\"", "topic: \"tt.tin\", language: \"vi\""];
        for list in below {
            assert_eq!(count(&node, list).await, 0, "{list}");
        }
        // The topic moves below the national one, and what is published moves with it.
        let moved = own_topics(test, "42", "ht.bien,tt.tin,Kinh tế biển,Maritime,X,,none,D,30,\n").await;
        assert_eq!(moved.relisted, 1);
        for list in below.into_iter().chain(["topic: \"ht.bien\""]) {
            assert_eq!(count(&node, list).await, 1, "{list}");
        }
    }

    async fn synonyms_give_topics_to_the_categories_that_have_none(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        another_province(test).await;
        test.published(1, "Tin Xuân Hải", at("2024-03-01T00:00:00Z")).await;
        unmap(test, (1, "tin-tuc-su-kien"), "Bản tin Xuân Hải").await;
        unmap(test, (2, "thong-bao"), "Mục lạ").await;
        assert_eq!(count(&node, "topic: \"tt.tin\"").await, 0);

        let rows = "bản tin xuân hải,tt.tin\nTin,xx.yy\nBản  tin Xuân Hải,tt.thong-bao\n";
        let elsewhere = synonyms(test, (Some("51"), rows), false).await;
        assert_eq!((elsewhere.synonyms.created, elsewhere.mapped, elsewhere.unmapped), (1, 0, 0));
        assert_eq!(elsewhere.refused.len(), 2);
        let dry = synonyms(test, (Some("42"), rows), true).await;
        assert_eq!((dry.synonyms.created, dry.mapped, dry.unmapped, dry.relisted), (1, 1, 1, 1));
        assert_eq!(count(&node, "topic: \"tt.tin\"").await, 0);
        let real = synonyms(test, (Some("42"), rows), false).await;
        assert_eq!(SynonymsReport { dry_run: true, ..real }, dry);
        assert_eq!(count(&node, "topic: \"tt.tin\"").await, 1);
        let again = synonyms(test, (Some("42"), rows), false).await;
        assert_eq!((again.synonyms.unchanged, again.mapped, again.unmapped), (1, 0, 1));
        // A synonym for all sites, and another topic for a name that is known.
        let national = synonyms(test, (None, "MỤC LẠ,tt.thong-bao\n"), false).await;
        assert_eq!((national.mapped, national.unmapped), (1, 0));
        assert_eq!(synonyms(test, (None, "Mục lạ,tt.tin\n"), false).await.synonyms.changed, 1);
        node.test.assert_in_order().await;
    }

    async fn unmapped_categories_are_findings_for_those_who_may_read_reports(db: TestDb) {
        let node = Node::start(db).await;
        unmap(&node.test, (1, "kinh-te"), "Kinh tế xã").await;
        unmap(&node.test, (2, "thong-bao"), "Thông báo lạ").await;
        let monitor = node.actor(Role::OperationsMonitor, 1).await;
        let question = "query($unit: String!) { unmappedCategories(unit: $unit) {
            sum categories sites rows { path category { slug } site { host } } } }";
        let answer = node.query_as(monitor, question, json!({ "unit": "nghi-xuan" })).await.data();
        let expected = json!({ "sum": 1, "categories": 3, "sites": 1, "rows": [{
            "path": "Tin tức – sự kiện › Kinh tế xã",
            "category": { "slug": "kinh-te" }, "site": { "host": "xuanhai.hatinh.example" },
        }] });
        assert_eq!(answer["unmappedCategories"], expected);
        let request = http::Request::get("/v1/reports/unmapped-categories?unit=nghi-xuan")
            .header("authorization", format!("Bearer {monitor}"));
        let over_rest = node.send(request.body(axum::body::Body::empty()).unwrap()).await.json();
        for field in ["sum", "categories", "sites"] {
            assert_eq!(over_rest[field], expected[field]);
        }
        assert_eq!(over_rest["rows"][0]["path"], expected["rows"][0]["path"]);
        assert_eq!(over_rest["rows"][0]["site"]["host"], "xuanhai.hatinh.example");
        let nobody = node.query(question, json!({ "unit": "nghi-xuan" })).await;
        assert_eq!(nobody.error_code(), "UNAUTHENTICATED");
    }
}
