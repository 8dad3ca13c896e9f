//! What is published internally: who reads it, and that nothing public tells of it.

use axum::body::Body;
use http::{HeaderMap, Request};
use serde_json::{Value, json};

use lienthong_app::commands::registry::{GivenRegistry, put_registry};
use lienthong_app::commands::{articles, desk};
use lienthong_domain::access::Role;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::audience::Audience;
use lienthong_domain::change::ChangeKind;
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::ids::{ActorId, EntryId};
use lienthong_domain::registry::Site;
use lienthong_domain::time::{Timestamp, parse_day};
use lienthong_persistence::changes;
use lienthong_test_support::{TestApp, at, both_databases};

use crate::harness::{Node, Reply, global_id};

use ChangeKind::{Internal, Published, Withdrawn};

const HOST: &str = "xuanhai.hatinh.example";
const SECRET: &str = "Kiểm điểm nội bộ quý hai";
const SLUG: &str = "kiem-diem-noi-bo-quy-hai";
const LIST: &str = "query($site: String, $unit: String, $first: Int, $after: String, $last: Int, $before: String) {
    internalArticles(site: $site, unit: $unit, first: $first, after: $after, last: $last, before: $before) {
    nodes { title } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const ONE: &str = "query($id: ID!) { internalArticle(id: $id) { id slug title summary body kind language tags edition
    publishedAt site { host } category { slug } topic { code } } }";

fn minute(minute: i64) -> Timestamp {
    at("2024-06-01T00:00:00Z").plus_seconds(minute * 60)
}

fn input(test: &TestApp, audience: Option<Audience>, title: &str) -> ArticleInput {
    ArticleInput { audience, tags: vec!["Chuyển đổi số".to_owned()], ..test.input(1, title) }
}

async fn internal(test: &TestApp, site: usize, title: &str, now: Timestamp) -> Entry {
    let input = ArticleInput { audience: Some(Audience::Internal), ..test.input(site, title) };
    let draft = test.draft_of(site, input, now).await;
    test.publish(&draft, now).await
}

/// Publishes a new edition of `entry` for this audience, or for the one it has.
async fn revised(test: &TestApp, entry: &Entry, audience: Option<Audience>, now: Timestamp) -> Entry {
    let input = input(test, audience, entry_title(entry));
    let seen = (entry.id, entry.version);
    let edited = articles::edit(test, &test.own_or(), seen, input, now).await.unwrap().entry;
    test.publish(&edited, now).await
}

fn entry_title(entry: &Entry) -> &str {
    entry.live.as_ref().map_or(SECRET, |live| live.content.title())
}

async fn withdrawn(test: &TestApp, entry: &Entry, now: Timestamp) -> Entry {
    let seen = (entry.id, entry.version);
    desk::withdraw(test, &test.permit(), seen, now).await.unwrap()
}

async fn get_as(node: &Node, actor: ActorId, path: &str) -> Reply {
    let request = Request::get(path).header("authorization", format!("Bearer {actor}"));
    node.send(request.body(Body::empty()).unwrap()).await
}

fn titles(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap()).collect()
}

async fn kinds(test: &TestApp) -> Vec<ChangeKind> {
    let logged = changes::after(test.store(), 0, 1_000).await.unwrap();
    logged.into_iter().map(|row| row.change.kind).collect()
}

/// Every sort of list.
const LISTS: [&str; 14] = [
    "",
    "unit=nghi-xuan",
    "unit=xuan-hai&exact=true",
    "site=xuanhai.hatinh.example",
    "topic=tt.tin",
    "tag=chuy%E1%BB%83n%20%C4%91%E1%BB%95i%20s%E1%BB%91",
    "category=xuanhai.hatinh.example/tin-tuc-su-kien",
    "order=updated",
    "view=full",
    "include=total",
    "q=n%E1%BB%99i%20b%E1%BB%99",
    "kind=news",
    "lang=vi",
    "from=2024-01-01",
];

/// Every sort of question that the public can ask about the site and about one article.
fn public_addresses(id: EntryId) -> Vec<String> {
    let id = global_id("article", id.as_uuid());
    let mut all: Vec<String> = LISTS.map(|query| format!("/v1/articles?{query}")).into();
    all.extend([
        format!("/v1/articles/{id}"),
        format!("/v1/articles/{id}/related"),
        format!("/v1/sites/{HOST}"),
        format!("/v1/sites/{HOST}/articles/{SLUG}"),
        "/v1/sites".to_owned(),
        "/v1/units".to_owned(),
        "/v1/topics".to_owned(),
        "/v1/categories/xuanhai.hatinh.example%2Ftin-tuc-su-kien".to_owned(),
        "/feeds.opml".to_owned(),
        "/".to_owned(),
        format!("/sitemaps/{HOST}/index.xml"),
        format!("/sitemaps/{HOST}/news.xml"),
        format!("/sitemaps/{HOST}/2024-06.xml"),
    ]);
    let places = [format!("sites/{HOST}"), "units/nghi-xuan".to_owned(), "topics/tt.tin".to_owned()];
    let formats = ["rss", "atom", "json"];
    all.extend(places.iter().flat_map(|place| formats.map(|format| format!("/feeds/{place}.{format}"))));
    all
}

fn public_documents(id: EntryId) -> Vec<String> {
    let id = global_id("article", id.as_uuid());
    let list = "totalCount { value more } edges { cursor node { id title } } pageInfo { endCursor hasNextPage }
        nodes { title tags related(first: 5) { title } }";
    [
        format!("articles {{ {list} }}"),
        format!("articles(unit: \"nghi-xuan\", orderBy: UPDATED) {{ {list} }}"),
        format!("articles(site: \"{HOST}\", tag: \"chuyen doi so\") {{ {list} }}"),
        format!("articles(site: \"{HOST}\", text: \"nội bộ\") {{ {list} }}"),
        format!("article(site: \"{HOST}\", slug: \"{SLUG}\") {{ title }}"),
        format!("article(site: \"{HOST}\", slug: \"tin-cong-khai\") {{ title related(first: 5) {{ title }} }}"),
        format!("article(id: \"{id}\") {{ title }}"),
        format!("node(id: \"{id}\") {{ id }}"),
        format!(
            "site(host: \"{HOST}\") {{ activity {{ stage firstPublishedAt lastPublishedAt }} categories {{ name }} }}"
        ),
        "sites { nodes { name activity { lastPublishedAt } } }".to_owned(),
    ]
    .map(|document| format!("{{ {document} }}"))
    .into()
}

/// What a client can compare: all but the name of the request.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    question: String,
    status: u16,
    headers: HeaderMap,
    body: String,
}

async fn all_public(node: &Node, id: EntryId) -> Vec<Seen> {
    let mut seen = Vec::new();
    for address in public_addresses(id) {
        seen.push(comparable(&address, node.get(&address).await));
    }
    for document in public_documents(id) {
        seen.push(comparable(&document, node.query(&document, json!({})).await));
    }
    seen
}

fn comparable(question: &str, reply: Reply) -> Seen {
    let Reply { status, mut headers, body } = reply;
    let name = headers.remove("x-request-id").map(|name| name.to_str().unwrap().to_owned());
    let mut body = String::from_utf8(body).unwrap();
    if let Some(name) = name {
        body = body.replace(&name, "");
    }
    if body.contains("requestId") || body.contains("urn:uuid") {
        headers.remove("content-length");
    }
    Seen { question: question.to_owned(), status: status.as_u16(), headers, body }
}

both_databases! {
    async fn what_is_internal_is_read_with_a_permit_on_its_site_only(db: TestDb) {
        let node = Node::start(db).await;
        let (member, stranger) = (node.actor(Role::Contributor, 1).await, node.actor(Role::ChiefEditor, 2).await);
        let entry = internal(&node.test, 1, SECRET, minute(1)).await;
        node.test.published(1, "Tin công khai", minute(2)).await;
        let id = global_id("article", entry.id.as_uuid());

        let read = node.query_as(member, ONE, json!({ "id": id })).await;
        assert_eq!(read.header("cache-control"), "private, no-store");
        let read = read.data()["internalArticle"].clone();
        assert_eq!(read["body"], format!("<p>{SECRET}</p>"));
        assert_eq!((&read["site"]["host"], &read["topic"]["code"]), (&json!(HOST), &json!("tt.tin")));

        let rest = get_as(&node, member, &format!("/v1/internal/articles/{id}")).await;
        assert_eq!(rest.header("cache-control"), "private, no-store");
        for key in ["id", "slug", "title", "summary", "body", "edition", "publishedAt", "language", "tags"] {
            assert_eq!(rest.json()[key], read[key], "{key}");
        }
        for (place, query) in [(json!({}), ""), (json!({ "site": HOST }), "?site=xuanhai.hatinh.example"), (json!({ "unit": "nghi-xuan" }), "?unit=nghi-xuan")] {
            let list = node.query_as(member, LIST, place).await.data();
            assert_eq!(titles(&list["internalArticles"]["nodes"]), [SECRET], "{query}");
            let rest = get_as(&node, member, &format!("/v1/internal/articles{query}")).await.json();
            assert_eq!((titles(&rest["data"]), rest["data"][0].get("body")), (vec![SECRET], None), "{query}");
        }
        assert_eq!(node.query_as(stranger, ONE, json!({ "id": id })).await.error_code(), "NOT_FOUND");
        assert_eq!(node.query_as(stranger, LIST, json!({ "site": HOST })).await.error_code(), "NOT_FOUND");
        let around = node.query_as(stranger, LIST, json!({ "unit": "nghi-xuan" })).await.data();
        assert_eq!(around["internalArticles"]["nodes"], json!([]));
        let public = node.test.published(1, "Tin khác", minute(3)).await;
        let id = global_id("article", public.id.as_uuid());
        assert_eq!(node.query_as(member, ONE, json!({ "id": id })).await.error_code(), "NOT_FOUND");
    }

    async fn pages_of_what_is_internal_hold_each_article_once_in_both_directions(db: TestDb) {
        let node = Node::start(db).await;
        let monitor = node.actor(Role::OperationsMonitor, 1).await;
        let mut expected = Vec::new();
        for number in 0..7 {
            // Two at the same moment, so that the id has to decide.
            internal(&node.test, 1, &format!("Bài {number}"), minute(number / 2)).await;
            internal(&node.test, 2, &format!("Nơi khác {number}"), minute(number)).await;
        }
        let mut after = Value::Null;
        loop {
            let page = node.query_as(monitor, LIST, json!({ "unit": "nghi-xuan", "first": 3, "after": after })).await.data();
            let page = &page["internalArticles"];
            expected.extend(titles(&page["nodes"]).into_iter().map(str::to_owned));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false { break }
        }
        assert_eq!(expected.len(), 7);
        assert_eq!((expected[0].as_str(), expected.iter().collect::<std::collections::BTreeSet<_>>().len()), ("Bài 6", 7));
        let last = node.query_as(monitor, LIST, json!({ "unit": "nghi-xuan", "last": 2 })).await.data();
        assert_eq!(titles(&last["internalArticles"]["nodes"]), expected[5..]);
        let before = &last["internalArticles"]["pageInfo"]["startCursor"];
        let earlier = node.query_as(monitor, LIST, json!({ "unit": "nghi-xuan", "last": 4, "before": before })).await.data();
        assert_eq!(titles(&earlier["internalArticles"]["nodes"]), expected[1..5]);
        assert_eq!(earlier["internalArticles"]["pageInfo"]["hasPreviousPage"], true);
        let elsewhere = node.query_as(monitor, LIST, json!({ "site": HOST, "last": 4, "before": before })).await;
        assert_eq!(elsewhere.error_code(), "INVALID_CURSOR");
    }

    async fn a_list_of_what_is_internal_costs_one_statement(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        for number in 0..3 {
            internal(&node.test, 1, &format!("Bài {number}"), minute(number)).await;
        }
        let list = "{ internalArticles(unit: \"nghi-xuan\") { nodes { title body site { name } category { name topic { name } } } } }";
        let cost = async |document: &str| {
            let before = node.test.store().statements();
            node.query_as(chief, document, json!({})).await.data();
            node.test.store().statements() - before
        };
        // Who asks is read for every request.
        let who = cost("{ __typename }").await;
        assert_eq!(cost(list).await - who, 1);
    }

    async fn no_public_answer_tells_of_an_internal_article(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        let public = test.draft_of(1, input(test, None, "Tin công khai"), minute(0)).await;
        test.publish(&public, minute(0)).await;
        let draft = test.draft_of(1, input(test, Some(Audience::Internal), SECRET), minute(1)).await;
        let before = all_public(&node, draft.id).await;
        assert!(before.iter().any(|seen| seen.body.contains("Tin công khai")));

        let published = test.publish(&draft, minute(2)).await;
        assert_eq!(all_public(&node, draft.id).await, before);
        let edited = revised(test, &published, None, minute(3)).await;
        assert_eq!(edited.live.as_ref().unwrap().content.audience(), Audience::Internal);
        assert_eq!(all_public(&node, draft.id).await, before);
        let gone = withdrawn(test, &edited, minute(4)).await;
        assert_eq!(all_public(&node, draft.id).await, before);
        // Edited after its withdrawal by a client that knows of no audience, it is internal again.
        let back = revised(test, &gone, None, minute(5)).await;
        assert_eq!(back.live.as_ref().unwrap().content.audience(), Audience::Internal);
        assert_eq!(all_public(&node, draft.id).await, before);
        let [rest, graphql] = [format!("/v1/articles/{}", global_id("article", draft.id.as_uuid())), "{ node(".to_owned()];
        let of = |question: &str| before.iter().find(|seen| seen.question.starts_with(question)).unwrap();
        assert_eq!(of(&rest).status, 404);
        assert!(of(&graphql).body.contains("\"node\":null"), "{:?}", of(&graphql));
        assert!(before.iter().all(|seen| !seen.body.contains(SECRET)));
        // The search, which this node does not have, and the three addresses of the article itself.
        assert_eq!(before.iter().filter(|seen| seen.status != 200).count(), 4);
        // The same questions do tell of a public article.
        test.published(1, "Tin khác", minute(6)).await;
        let now = all_public(&node, draft.id).await;
        let told = now.iter().zip(&before).filter(|(now, before)| now != before).count();
        assert!(told > 25, "{told}");
    }

    async fn a_kept_answer_outlives_an_internal_publication(db: TestDb) {
        // Nobody follows the log here, so that every statement counted is the answers' own.
        let node = Node::start(db).await;
        let test = &node.test;
        test.published(1, "Tin công khai", minute(0)).await;
        let draft = test.draft_of(1, input(test, Some(Audience::Internal), SECRET), minute(1)).await;
        let cost = async |path: &str| {
            test.catch_up().await.unwrap();
            let before = test.store().statements();
            node.get(path).await;
            test.store().statements() - before
        };
        let addresses = [
            "/v1/articles".to_owned(),
            format!("/v1/articles?site={HOST}"),
            format!("/feeds/sites/{HOST}.atom"),
            format!("/v1/sites/{HOST}"),
            format!("/v1/articles/{}", global_id("article", draft.id.as_uuid())),
            format!("/v1/sites/{HOST}/articles/{SLUG}"),
        ];
        let mut kept = Vec::new();
        for address in &addresses {
            cost(address).await;
            if cost(address).await == 0 { kept.push(address) }
        }
        assert!(kept.len() >= 4, "{kept:?}");
        test.publish(&draft, minute(2)).await;
        for address in kept {
            assert_eq!(cost(address).await, 0, "{address}");
        }
    }

    async fn an_article_that_becomes_internal_is_gone_for_the_public_and_can_return(db: TestDb) {
        let node = Node::start(db).await;
        let (test, member) = (&node.test, node.actor(Role::Editor, 1).await);
        let draft = test.draft_of(1, input(test, None, SECRET), minute(0)).await;
        let entry = test.publish(&draft, minute(1)).await;
        let id = global_id("article", entry.id.as_uuid());
        let states = async || {
            let mut all = Vec::new();
            for path in [format!("/v1/articles/{id}"), format!("/v1/sites/{HOST}/articles/{SLUG}")] {
                all.push(node.get(&path).await.status.as_u16());
            }
            all.push(get_as(&node, member, &format!("/v1/internal/articles/{id}")).await.status.as_u16());
            let listed = [node.get("/v1/articles").await, get_as(&node, member, "/v1/internal/articles").await];
            all.extend(listed.map(|reply| u16::try_from(reply.json()["data"].as_array().unwrap().len()).unwrap()));
            all
        };
        assert_eq!(states().await, [200, 200, 404, 1, 0]);
        let inside = revised(test, &entry, Some(Audience::Internal), minute(2)).await;
        assert_eq!(states().await, [410, 410, 200, 0, 1]);
        let outside = revised(test, &inside, Some(Audience::Public), minute(3)).await;
        assert_eq!(states().await, [200, 200, 404, 1, 0]);
        assert_eq!((outside.first_published_at, outside.published_at), (Some(minute(1)), Some(minute(3))));
        let inside = revised(test, &outside, Some(Audience::Internal), minute(4)).await;
        withdrawn(test, &inside, minute(5)).await;
        assert_eq!(states().await, [410, 410, 404, 0, 0]);
        assert_eq!(
            kinds(test).await,
            [Published, Withdrawn, Internal, Published, Internal, Withdrawn, Internal, Internal]
        );
    }

    async fn what_was_internal_first_counts_as_published_when_it_becomes_public(db: TestDb) {
        let node = Node::start(db).await;
        let (test, monitor) = (&node.test, node.actor(Role::OperationsMonitor, 1).await);
        let sum = async |days: &str| {
            let report = get_as(&node, monitor, &format!("/v1/reports/articles?unit=xuan-hai&{days}")).await.json();
            report["sum"].as_u64().unwrap()
        };
        let (june, july) = ("from=2024-06-01&to=2024-06-30", "from=2024-07-01&to=2024-07-31");
        let entry = internal(test, 1, SECRET, at("2024-06-10T00:00:00Z")).await;
        assert_eq!([sum(june).await, sum(july).await], [0, 0]);
        let public = revised(test, &entry, Some(Audience::Public), at("2024-07-10T00:00:00Z")).await;
        assert_eq!([sum(june).await, sum(july).await], [0, 1]);
        revised(test, &public, Some(Audience::Internal), at("2024-07-11T00:00:00Z")).await;
        assert_eq!([sum(june).await, sum(july).await], [0, 0]);
    }

    async fn on_a_closed_site_nothing_becomes_public_and_what_is_public_can_become_internal(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        let inside = internal(test, 1, SECRET, minute(0)).await;
        let outside = test.published(1, "Tin công khai", minute(1)).await;
        let site = Site { active_to: parse_day("2024-06-30").ok(), ..test.world.sites[1].clone() };
        let given = GivenRegistry { sites: vec![site], ..GivenRegistry::default() };
        let later = at("2024-07-10T00:00:00Z");
        put_registry(&test.app, &test.permit(), &given, later).await.unwrap();
        let tried = async |entry: &Entry, audience| {
            let (input, seen) = (input(test, Some(audience), "Bản mới"), (entry.id, entry.version));
            let edited = articles::edit(test, &test.own_or(), seen, input, later).await.unwrap().entry;
            desk::publish(test, &test.permit(), ((edited.id, edited.version), Major::Major), later).await
        };
        let refused = tried(&inside, Audience::Public).await.unwrap_err();
        assert_eq!(refused.code().as_str(), "WRONG_STATE");
        let moved = tried(&outside, Audience::Internal).await.unwrap();
        assert_eq!(moved.live.unwrap().content.audience(), Audience::Internal);
    }

    async fn editors_see_the_audience_over_both_interfaces_and_set_it(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let create = "mutation($input: ArticleInput!) { createArticle(site: \"xuanhai.hatinh.example\", input: $input) {
            entry { id version draft { audience } live { audience } } errors { code } } }";
        let mut input = json!({ "category": format!("{HOST}/thong-bao"), "title": SECRET, "body": "", "audience": "INTERNAL" });
        let made = node.query_as(chief, create, json!({ "input": input })).await.data()["createArticle"].clone();
        assert_eq!(made["entry"]["draft"]["audience"], "INTERNAL");
        let id = made["entry"]["id"].as_str().unwrap();
        let entry = get_as(&node, chief, &format!("/v1/entries/{id}")).await.json();
        assert_eq!(entry["draft"]["audience"], "internal");

        let put = async |input: &Value, version: u32| {
            let request = Request::put(format!("/v1/entries/{id}"))
                .header("authorization", format!("Bearer {chief}"))
                .header("content-type", "application/json")
                .header("if-match", format!("\"v{version}\""));
            node.send(request.body(Body::from(input.to_string())).unwrap()).await.json()
        };
        input.as_object_mut().unwrap().remove("audience");
        assert_eq!(put(&input, 1).await["entry"]["draft"]["audience"], "internal");
        input["audience"] = json!("public");
        assert_eq!(put(&input, 2).await["entry"]["draft"]["audience"], "public");
        input["audience"] = json!("everyone");
        assert_eq!(put(&input, 3).await["code"], "INVALID_INPUT");
    }
}
