//! Where a site stands in its life, and what a closed one still does.

use serde_json::{Value, json};

use lienthong_app::commands::registry::{GivenRegistry, put_registry};
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::ids::ActorId;
use lienthong_domain::registry::Site;
use lienthong_domain::time::parse_day;
use lienthong_test_support::{at, both_databases};

use crate::harness::{Node, global_id};

const HOST: &str = "xuanhai.hatinh.example";
const PUBLISH: &str = "mutation($id: ID!, $version: Int!) { publishArticle(id: $id, version: $version) {
    entry { version } errors { code } } }";

/// What GraphQL and REST both say of the first commune's site.
async fn activity(node: &Node) -> Value {
    let question = format!("{{ site(host: \"{HOST}\") {{ activity {{ stage firstPublishedAt lastPublishedAt }} }} }}");
    let mut answer = node.query(&question, json!({})).await.data()["site"]["activity"].clone();
    answer["stage"] = json!(answer["stage"].as_str().unwrap().to_lowercase());
    assert_eq!(node.get(&format!("/v1/sites/{HOST}")).await.json()["activity"], answer);
    answer
}

async fn publish(node: &Node, actor: ActorId, (id, version): (uuid::Uuid, u32)) -> Value {
    let variables = json!({ "id": global_id("article", id), "version": version });
    node.query_as(actor, PUBLISH, variables).await.data()["publishArticle"].clone()
}

both_databases! {
    async fn a_site_is_never_used_then_dormant_then_active(db: TestDb) {
        let node = Node::start(db).await;
        let none = json!({ "stage": "never_used", "firstPublishedAt": null, "lastPublishedAt": null });
        assert_eq!(activity(&node).await, none);
        node.test.published(2, "Tin của xã khác", at("2024-03-01T00:00:00Z")).await;
        node.test.draft(1, "Nháp", at("2024-03-01T00:00:00Z")).await;
        assert_eq!(activity(&node).await, none);
        node.test.published(1, "Tin đầu", at("2024-03-01T00:00:00Z")).await;
        let first = json!({ "stage": "dormant",
            "firstPublishedAt": "2024-03-01T00:00:00Z", "lastPublishedAt": "2024-03-01T00:00:00Z" });
        assert_eq!(activity(&node).await, first);
        // Over the front door, whose clock is today's.
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let draft = node.test.draft(1, "Tin mới", at("2024-03-02T00:00:00Z")).await;
        assert_eq!(publish(&node, chief, (draft.id.as_uuid(), draft.version.get())).await["errors"], json!([]));
        let now = activity(&node).await;
        assert_eq!((&now["stage"], &now["firstPublishedAt"]), (&json!("active"), &first["firstPublishedAt"]));
    }

    async fn a_closed_site_stays_readable_and_takes_nothing_new(db: TestDb) {
        let node = Node::start(db).await;
        let test = &node.test;
        let (editor, chief) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let public = test.published(1, "Tin đầu", at("2024-03-01T00:00:00Z")).await;
        let draft = test.draft(1, "Tin muộn", at("2024-03-01T00:00:00Z")).await;
        let closed = Site { active_to: parse_day("2025-06-30").ok(), ..test.world.sites[1].clone() };
        let operator = Actor::operator(ActorId::new(at("2025-07-01T00:00:00Z")));
        let given = GivenRegistry { sites: vec![closed], ..GivenRegistry::default() };
        put_registry(&test.app, &operator.permit().unwrap(), &given, at("2025-07-01T00:00:00Z")).await.unwrap();
        assert_eq!(activity(&node).await["stage"], "archived");
        let refused = publish(&node, chief, (draft.id.as_uuid(), draft.version.get())).await;
        assert_eq!(refused, json!({ "entry": null, "errors": [{ "code": "WRONG_STATE" }] }));
        assert_eq!(node.get(&format!("/v1/sites/{HOST}/articles/tin-dau")).await.status.as_u16(), 200);
        // What is public can be corrected all the same.
        let (id, version) = (global_id("article", public.id.as_uuid()), public.version.get());
        let input = json!({ "category": format!("{HOST}/thong-bao"), "title": "Tin đầu, đính chính", "body": "" });
        let edited = node.query_as(editor, "mutation($id: ID!, $version: Int!, $input: ArticleInput!) {
            editArticle(id: $id, version: $version, input: $input) { entry { version } } }",
            json!({ "id": id, "version": version, "input": input })).await.data();
        let version = edited["editArticle"]["entry"]["version"].as_u64().unwrap();
        let corrected = publish(&node, chief, (public.id.as_uuid(), u32::try_from(version).unwrap())).await;
        assert_eq!(corrected["errors"], json!([]));
    }
}
