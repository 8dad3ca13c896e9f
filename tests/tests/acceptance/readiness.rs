//! What was decided for sites before they go live.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::harness::Node;

const HOST: &str = "xuanhai.hatinh.example";
const RECORD: &str = "mutation($site: String!, $what: SiteRequirement!, $decision: SiteDecisionInput) {
    recordSiteDecision(site: $site, requirement: $what, decision: $decision) { errors { code field } } }";
const READ: &str = "{ siteReadiness(unit: \"xuan-hai\") { incomplete rows { site { host } missing
    decisions { requirement number signedOn agency url } } } }";

async fn record(node: &Node, actor: ActorId, what: &str, decision: Value) -> Value {
    let variables = json!({ "site": HOST, "what": what, "decision": decision });
    node.query_as(actor, RECORD, variables).await.data()["recordSiteDecision"]["errors"].clone()
}

fn decision(number: &str) -> Value {
    json!({ "number": number, "signedOn": "2024-01-15", "agency": "UBND xã Xuân Hải", "url": "https://xuanhai.hatinh.example/12.pdf" })
}

async fn report(node: &Node, actor: ActorId) -> Value {
    node.query_as(actor, READ, json!({})).await.data()["siteReadiness"].clone()
}

both_databases! {
    async fn a_site_is_ready_when_board_regulation_and_budget_are_decided(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let none = json!({ "incomplete": 1, "rows": [
            { "site": { "host": HOST }, "missing": ["BOARD", "REGULATION", "BUDGET"], "decisions": [] }] });
        assert_eq!(report(&node, chief).await, none);
        assert_eq!(record(&node, chief, "BUDGET", decision("99/QĐ-UBND")).await, json!([]));
        assert_eq!(record(&node, chief, "BOARD", decision("11/QĐ-UBND")).await, json!([]));
        assert_eq!(record(&node, chief, "BOARD", decision("12/QĐ-UBND")).await, json!([]));
        let now = report(&node, chief).await;
        assert_eq!((&now["incomplete"], &now["rows"][0]["missing"]), (&json!(1), &json!(["REGULATION"])));
        assert_eq!(now["rows"][0]["decisions"][0], json!({ "requirement": "BOARD", "number": "12/QĐ-UBND",
            "signedOn": "2024-01-15", "agency": "UBND xã Xuân Hải", "url": "https://xuanhai.hatinh.example/12.pdf" }));
        assert_eq!(record(&node, chief, "REGULATION", decision("13/QĐ-UBND")).await, json!([]));
        assert_eq!(report(&node, chief).await["incomplete"], 0);
        assert_eq!(record(&node, chief, "BOARD", Value::Null).await, json!([]));
        assert_eq!(report(&node, chief).await["rows"][0]["missing"], json!(["BOARD"]));
        node.test.assert_in_order().await;
    }

    async fn a_wrong_decision_is_refused_field_by_field_and_leaves_nothing(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let wrong = json!({ "number": " ", "signedOn": "2999-01-01", "url": "/12.pdf" });
        let errors = record(&node, chief, "BOARD", wrong).await;
        let fields: Vec<_> = errors.as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["number", "signedOn", "url"]);
        assert_eq!(report(&node, chief).await["incomplete"], 1);
    }

    async fn rest_tells_the_same(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        record(&node, chief, "BOARD", decision("12/QĐ-UBND")).await;
        let request = Request::get("/v1/reports/readiness?unit=xuan-hai").header("authorization", format!("Bearer {chief}"));
        let answer = node.send(request.body(Body::empty()).unwrap()).await.json();
        assert_eq!((&answer["incomplete"], &answer["rows"][0]["missing"]), (&json!(1), &json!(["regulation", "budget"])));
        assert_eq!(answer["rows"][0]["site"]["host"], HOST);
        assert_eq!(answer["rows"][0]["decisions"][0]["number"], "12/QĐ-UBND");
        assert_eq!(answer["rows"][0]["decisions"][0]["requirement"], "board");
        let request = Request::get("/v1/reports/readiness?unit=xuan-hai&format=csv");
        let request = request.header("authorization", format!("Bearer {chief}")).body(Body::empty()).unwrap();
        let file = node.send(request).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        let text = String::from_utf8(file.body).unwrap();
        let row = format!("Trang Thông tin điện tử xã xuân hải,{HOST},12/QĐ-UBND ngày 15/01/2024,,,2\r\n");
        assert!(text.starts_with('\u{feff}') && text.ends_with(&row), "{text}");
    }
}
