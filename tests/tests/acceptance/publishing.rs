//! From a draft to the public and back, over GraphQL.

use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::harness::Node;

const CREATE: &str = "mutation($site: String!, $input: ArticleInput!) { createArticle(site: $site, input: $input) {
    entry { id version slug draft { number title body state } } errors { code field message } removed { what count } } }";
const EDIT: &str = "mutation($id: ID!, $version: Int!, $input: ArticleInput!) {
    editArticle(id: $id, version: $version, input: $input) {
    entry { id version draft { number title } live { title } } errors { code currentVersion } } }";
const PUBLISH: &str = "mutation($id: ID!, $version: Int!) { publishArticle(id: $id, version: $version) {
    entry { id version live { number title } } errors { code currentVersion messageVi } } }";
const WITHDRAW: &str = "mutation($id: ID!, $version: Int!) { withdrawArticle(id: $id, version: $version) {
    entry { id version live { number } } errors { code currentVersion } } }";
const ARTICLE: &str = "query($site: String!, $slug: String!) { article(site: $site, slug: $slug) {
    id title body url publishedAt site { name host } category { slug } topic { code } } }";
const SITE: &str = "xuanhai.hatinh.example";

fn input(title: &str) -> Value {
    json!({ "category": format!("{SITE}/thong-bao"), "title": title, "body": "<p onclick=\"this.focus()\">Nội dung</p>" })
}

async fn create(node: &Node, actor: ActorId, title: &str) -> Value {
    let reply = node.query_as(actor, CREATE, json!({ "site": SITE, "input": input(title) })).await;
    reply.data()["createArticle"].clone()
}

async fn write(node: &Node, actor: ActorId, mutation: &str, entry: &Value) -> Value {
    let reply = node.query_as(actor, mutation, json!({ "id": entry["id"], "version": entry["version"] })).await;
    let data = reply.data();
    data.as_object().unwrap().values().next().unwrap().clone()
}

both_databases! {
    async fn an_article_goes_from_draft_to_the_public_and_back(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let created = create(&node, editor, "Lịch tiếp công dân tháng 7").await;
        assert_eq!(created["errors"], json!([]));
        assert_eq!(created["removed"], json!([{ "what": "@onclick", "count": 1 }]));
        let entry = &created["entry"];
        assert_eq!(entry["slug"], "lich-tiep-cong-dan-thang-7");
        assert_eq!(entry["draft"]["body"], "<p>Nội dung</p>");

        let address = json!({ "site": SITE, "slug": entry["slug"] });
        assert_eq!(node.query(ARTICLE, address.clone()).await.data()["article"], Value::Null);

        let published = write(&node, chief, PUBLISH, entry).await;
        assert_eq!(published["entry"]["live"], json!({ "number": 1, "title": "Lịch tiếp công dân tháng 7" }));
        let article = node.query(ARTICLE, address.clone()).await.data()["article"].clone();
        assert_eq!(article["url"], format!("https://{SITE}/lich-tiep-cong-dan-thang-7"));
        assert_eq!(article["topic"]["code"], "tt.thong-bao");

        let withdrawn = write(&node, chief, WITHDRAW, &published["entry"]).await;
        assert_eq!(withdrawn["entry"]["live"], Value::Null);
        let gone = node.query(ARTICLE, address).await;
        assert_eq!((gone.error_code(), gone.json()["data"]["article"].clone()), ("GONE".to_owned(), Value::Null));
    }

    async fn a_draft_over_a_public_edition_changes_nothing_until_it_is_published(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let created = create(&node, editor, "Một").await;
        let published = write(&node, chief, PUBLISH, &created["entry"]).await["entry"].clone();
        let variables = json!({ "id": published["id"], "version": published["version"], "input": input("Hai") });
        let edited = node.query_as(editor, EDIT, variables).await.data()["editArticle"].clone();
        assert_eq!(edited["entry"]["draft"], json!({ "number": 2, "title": "Hai" }));
        let titles = "{ articles { nodes { title } } node: articles(first: 1) { edges { node { title } } } }";
        let shown = node.query(titles, json!({})).await.data();
        assert_eq!(shown["articles"]["nodes"], json!([{ "title": "Một" }]));
        write(&node, chief, PUBLISH, &edited["entry"]).await;
        let shown = node.query(titles, json!({})).await.data();
        assert_eq!(shown["articles"]["nodes"], json!([{ "title": "Hai" }]));
    }

    async fn two_writers_at_once_and_the_second_learns_of_the_first(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let created = create(&node, editor, "Một").await;
        write(&node, chief, PUBLISH, &created["entry"]).await;
        let late = write(&node, chief, PUBLISH, &created["entry"]).await;
        assert_eq!(late["entry"], Value::Null);
        assert_eq!(late["errors"][0]["code"], "VERSION_CONFLICT");
        assert_eq!(late["errors"][0]["currentVersion"], 2);
    }

    async fn nobody_writes_outside_their_own_site_or_role(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        let created = create(&node, editor, "Một").await;
        let stranger = node.actor(Role::ChiefEditor, 2).await;
        let refused = write(&node, stranger, PUBLISH, &created["entry"]).await;
        assert_eq!(refused["errors"][0]["code"], "NOT_FOUND");
        let variables = json!({ "id": created["entry"]["id"], "version": 1 });
        assert_eq!(node.query_as(editor, PUBLISH, variables.clone()).await.error_code(), "FORBIDDEN");
        assert_eq!(node.query(PUBLISH, variables.clone()).await.error_code(), "UNAUTHENTICATED");
        let elsewhere = node.query_as(stranger, CREATE, json!({ "site": SITE, "input": input("x") })).await;
        assert_eq!(elsewhere.data()["createArticle"]["errors"][0]["code"], "NOT_FOUND");
        let entry = "query($id: ID!) { entry(id: $id) { draft { title } } }";
        assert_eq!(node.query_as(stranger, entry, variables.clone()).await.error_code(), "NOT_FOUND");
        assert_eq!(node.query(entry, variables).await.error_code(), "UNAUTHENTICATED");
    }

    async fn a_demotion_works_on_the_next_request(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let created = create(&node, editor, "Một").await;
        let store = node.test.store();
        let held = lienthong_persistence::actors::held(store, chief).await.unwrap();
        let tx = store.begin().await.unwrap();
        lienthong_persistence::actors::revoke(&tx, held[0].id).await.unwrap();
        tx.commit(lienthong_persistence::Record::default()).await.unwrap();
        let variables = json!({ "id": created["entry"]["id"], "version": 1 });
        assert_eq!(node.query_as(chief, PUBLISH, variables).await.error_code(), "FORBIDDEN");
    }

    async fn every_broken_field_is_named(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let bad = json!({ "category": format!("{SITE}/thong-bao"), "title": " ", "body": "", "language": "tiếng Việt" });
        let reply = node.query_as(chief, CREATE, json!({ "site": SITE, "input": bad })).await;
        let errors = reply.data()["createArticle"]["errors"].clone();
        let fields: Vec<&str> = errors.as_array().unwrap().iter().filter_map(|e| e["field"].as_str()).collect();
        assert_eq!(fields, ["title", "language"]);
        let foreign = json!({ "category": "xuanmy.hatinh.example/thong-bao", "title": "x", "body": "" });
        let reply = node.query_as(chief, CREATE, json!({ "site": SITE, "input": foreign })).await;
        assert_eq!(reply.data()["createArticle"]["errors"][0]["field"], "category");
    }
}
