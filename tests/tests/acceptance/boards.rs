//! The editorial board of a site, which the law wants published.

use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::harness::Node;

const HOST: &str = "xuanhai.hatinh.example";
const RECORD: &str = "mutation($site: String!, $decision: SiteDecisionInput!, $members: [BoardMemberInput!]!) {
    recordEditorialBoard(site: $site, decision: $decision, members: $members) { errors { code field } } }";
const READ: &str = "query($site: String!) { editorialBoard(site: $site) {
    decision { requirement number signedOn } members { name position duties isAccountable } } }";

async fn record(node: &Node, actor: ActorId, members: Value) -> Value {
    let decision = json!({ "number": "12/QĐ-UBND", "signedOn": "2024-01-15" });
    let variables = json!({ "site": HOST, "decision": decision, "members": members });
    node.query_as(actor, RECORD, variables).await.data()["recordEditorialBoard"]["errors"].clone()
}

async fn public(node: &Node) -> Value {
    node.query(READ, json!({ "site": HOST })).await.data()["editorialBoard"].clone()
}

fn member(name: &str, is_accountable: bool) -> Value {
    json!({ "name": name, "position": "Thành viên", "duties": "Tin, bài", "isAccountable": is_accountable })
}

both_databases! {
    async fn everybody_reads_the_board_as_it_is_now_and_over_rest_the_same(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let path = format!("/v1/sites/{HOST}/board");
        assert_eq!(public(&node).await, Value::Null);
        assert_eq!(node.get(&path).await.status.as_u16(), 404);
        let members = json!([member("Nguyễn Văn A", true), member("Trần Thị B", false)]);
        assert_eq!(record(&node, chief, members.clone()).await, json!([]));
        let board = public(&node).await;
        assert_eq!(board["decision"], json!({ "requirement": "BOARD", "number": "12/QĐ-UBND", "signedOn": "2024-01-15" }));
        assert_eq!(board["members"], members);
        let answer = node.get(&path).await.json();
        assert_eq!((&answer["members"], &answer["decision"]["number"]), (&members, &json!("12/QĐ-UBND")));
        assert_eq!(record(&node, chief, json!([member("Lê Văn C", true)])).await, json!([]));
        assert_eq!(public(&node).await["members"], json!([member("Lê Văn C", true)]), "no kept answer is stale");
        assert_eq!(node.get(&path).await.json()["members"][0]["name"], "Lê Văn C");
        let clear = format!("mutation {{ recordSiteDecision(site: \"{HOST}\", requirement: BOARD) {{ errors {{ code }} }} }}");
        node.query_as(chief, &clear, json!({})).await.data();
        assert_eq!(public(&node).await, Value::Null, "without its decision there is no board");
        node.test.assert_in_order().await;
    }

    async fn a_board_without_one_who_answers_for_it_or_with_an_address_is_refused(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        for members in [json!([]), json!([member("A", true), member("B", true)]), json!([member("a@b.vn", true)])] {
            let errors = record(&node, chief, members).await;
            assert_eq!(errors, json!([{ "code": "INVALID_INPUT", "field": "members" }]));
        }
        assert_eq!(public(&node).await, Value::Null);
    }
}
