//! One of those at work on a site, over GraphQL.

use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;

use crate::harness::Node;

pub(crate) const SITE: &str = "xuanhai.hatinh.example";
const SHOWN: &str =
    "entry { id version slug draft { number title state needsScreening isHeld publishAt } live { number title state }
    discardedAt archivedAt } errors { code field message currentVersion }";

/// One of those at work on a site.
pub(crate) struct Hand<'a> {
    pub(crate) node: &'a Node,
    pub(crate) actor: ActorId,
}

impl<'a> Hand<'a> {
    pub(crate) async fn of(node: &'a Node, role: Role) -> Self {
        Self { node, actor: node.actor(role, 1).await }
    }

    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Value {
        self.node.query_as(self.actor, document, variables).await.json()
    }

    pub(crate) async fn write(&self, title: &str) -> Value {
        done(&self.create(input(title)).await)
    }

    pub(crate) async fn create(&self, input: Value) -> Value {
        let document = format!(
            "mutation($site: String!, $input: ArticleInput!) {{ it: createArticle(site: $site, input: $input) {{ {SHOWN} }} }}"
        );
        self.ask(&document, json!({ "site": SITE, "input": input })).await["data"]["it"].clone()
    }

    /// Makes a correction of `corrected` as a draft.
    pub(crate) async fn correct(&self, corrected: &Value, title: &str) -> Value {
        let document = "mutation($site: String!, $corrects: ID, $input: ArticleInput!) {
            it: createArticle(site: $site, corrects: $corrects, input: $input) {
                entry { id version corrects draft { title } } errors { code field message } } }";
        let variables = json!({ "site": SITE, "corrects": corrected, "input": input(title) });
        self.ask(document, variables).await["data"]["it"].clone()
    }

    pub(crate) async fn edit(&self, entry: &Value, title: &str) -> Value {
        self.rewrite(entry, input(title)).await
    }

    pub(crate) async fn rewrite(&self, entry: &Value, input: Value) -> Value {
        let document = format!(
            "mutation($id: ID!, $version: Int!, $input: ArticleInput!) {{
            it: editArticle(id: $id, version: $version, input: $input) {{ {SHOWN} }} }}"
        );
        let variables = json!({ "id": entry["id"], "version": entry["version"], "input": input });
        self.ask(&document, variables).await["data"]["it"].clone()
    }

    /// Calls a mutation about an entry with more arguments as they stand in the document.
    pub(crate) async fn act(&self, mutation: &str, entry: &Value, more: &str) -> Value {
        let document = format!(
            "mutation($id: ID!, $version: Int!) {{ it: {mutation}(id: $id, version: $version{more}) {{ {SHOWN} }} }}"
        );
        let answer = self.ask(&document, json!({ "id": entry["id"], "version": entry["version"] })).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"]["it"].clone()
    }

    pub(crate) async fn entry(&self, entry: &Value, fields: &str) -> Value {
        let document = format!("query($id: ID!) {{ entry(id: $id) {{ {fields} }} }}");
        self.ask(&document, json!({ "id": entry["id"] })).await["data"]["entry"].clone()
    }
}

pub(crate) fn input(title: &str) -> Value {
    json!({ "category": format!("{SITE}/thong-bao"), "title": title, "body": format!("<p>{title}</p>") })
}

/// The entry of a payload without errors.
pub(crate) fn done(payload: &Value) -> Value {
    assert_eq!(payload["errors"], json!([]), "{payload:#}");
    payload["entry"].clone()
}

pub(crate) fn refusal(payload: &Value) -> &str {
    assert_eq!(payload["entry"], Value::Null, "{payload:#}");
    payload["errors"][0]["code"].as_str().unwrap()
}

pub(crate) async fn titles(node: &Node) -> Value {
    node.query("{ articles { nodes { title } } }", json!({})).await.data()["articles"]["nodes"].clone()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from(chrono::Utc::now())
}

/// A body as attackers write it.
pub(crate) const POISON: &str = "<p>Nhà cái 8xbet uy tín số 1: đăng ký nhận ngay 200k, nạp rút 1 phút, tài xỉu đổi thưởng. \
    <a href=\"https://8xbet77.top\">Link vào 8xbet mới nhất</a></p>";
