//! Signatures and the log, as a third party sees them.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_proof::checkpoint::Checkpoint;
use lienthong_proof::{Hash, jws, path};
use lienthong_test_support::{at, both_databases};

use crate::harness::{Node, global_id};

const NOW: &str = "2024-06-01T00:00:00Z";

pub(crate) fn hashes(proof: &Value) -> Vec<Hash> {
    let unhex = |text: &str| -> Hash {
        let bytes: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect();
        bytes.try_into().unwrap()
    };
    proof.as_array().unwrap().iter().map(|hash| unhex(hash.as_str().unwrap())).collect()
}

pub(crate) async fn checkpoint(node: &Node) -> Checkpoint {
    let reply = node.get("/v1/log/checkpoint").await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    Checkpoint::read(&String::from_utf8(reply.body).unwrap()).unwrap()
}

both_databases! {
    async fn the_signature_travels_with_the_article_in_every_form(db: TestDb) {
        let node = Node::start(db).await;
        let entry = node.test.published(1, "Lịch tiếp công dân", at(NOW)).await;
        let id = global_id("article", entry.id.as_uuid());
        let signed = node.get(&format!("/v1/articles/{id}/signature")).await.json();
        let (key, kid) = jws::read_jwk(&signed["jwk"]).unwrap();
        let (compact, payload) = (signed["jws"].as_str().unwrap(), signed["payload"].as_str().unwrap());
        assert_eq!(jws::check(compact, (&key, &kid), payload.as_bytes()), Ok(()));
        let payload: Value = serde_json::from_str(payload).unwrap();
        assert_eq!(payload["schema"], "lienthong/edition/1");
        assert_eq!(payload["edition"]["title"], "Lịch tiếp công dân");
        assert_eq!(payload["publication"]["slug"], "lich-tiep-cong-dan");
        let text = "query($id: ID!) { one: article(id: $id) { signature { keyId jws } }
            articles { nodes { signature { keyId jws } } } }";
        let answer = node.query(text, json!({ "id": id })).await.data();
        let expected = json!({ "keyId": kid, "jws": compact });
        assert_eq!((&answer["one"]["signature"], &answer["articles"]["nodes"][0]["signature"]), (&expected, &expected));
        let feed = node.get("/feeds/sites/xuanhai.hatinh.example.json").await.json();
        let signature = &feed["items"][0]["_lienthong"]["origin"]["signature"];
        assert_eq!(signature, &json!({ "key_id": kid, "value": compact }));
        let atom = String::from_utf8(node.get("/feeds/sites/xuanhai.hatinh.example.atom").await.body).unwrap();
        assert!(atom.contains(&format!("<vn:signature key=\"{kid}\"")) && atom.contains(compact), "{atom}");
    }

    async fn the_province_replaces_and_revokes_the_key_of_a_site(db: TestDb) {
        let node = Node::start(db).await;
        let province = node.actor(Role::ProvincialAdministrator, 1).await;
        let entry = node.test.published(1, "Lịch tiếp công dân", at(NOW)).await;
        let signature = format!("/v1/articles/{}/signature", global_id("article", entry.id.as_uuid()));
        let first = node.get(&signature).await.json()["jwk"]["kid"].clone();
        let variables = json!({ "site": "xuanhai.hatinh.example" });
        let rotate = "mutation($site: String!) { it: rotateSigningKey(site: $site) { key { name } errors { code } } }";
        let second = node.query_as(province, rotate, variables.clone()).await.data()["it"]["key"]["name"].clone();
        let revoke = "mutation($name: String!, $reason: String!) { it: revokeSigningKey(name: $name, reason: $reason) {
            key { revokedAt reason } errors { code field } } }";
        let blank = json!({ "name": first, "reason": " " });
        let refused = node.query_as(province, revoke, blank).await.data()["it"]["errors"].clone();
        assert_eq!(refused, json!([{ "code": "INVALID_INPUT", "field": "reason" }]));
        let given = json!({ "name": first, "reason": "Máy chủ bị xâm nhập" });
        let revoked = node.query_as(province, revoke, given).await.data()["it"]["key"].clone();
        assert_eq!((&revoked["reason"], revoked["revokedAt"].is_string()), (&json!("Máy chủ bị xâm nhập"), true));
        let list = "query($site: String!) { signingKeys(site: $site) { name replacedAt revokedAt } }";
        let keys = node.query_as(province, list, variables).await.data()["signingKeys"].clone();
        assert_eq!((&keys[0]["name"], keys[0]["replacedAt"].is_string()), (&first, true));
        assert_eq!((&keys[1]["name"], &keys[1]["replacedAt"], &keys[1]["revokedAt"]), (&second, &Value::Null, &Value::Null));
        assert_eq!(node.get(&signature).await.json()["jwk"]["kid"], first);
    }

    async fn what_is_not_public_shows_no_signature(db: TestDb) {
        let node = Node::start(db).await;
        let draft = node.test.draft(1, "Nháp", at(NOW)).await;
        let id = global_id("article", draft.id.as_uuid());
        assert_eq!(node.get(&format!("/v1/articles/{id}/signature")).await.status.as_u16(), 404);
    }

    async fn the_log_proves_what_stands_in_it_and_that_it_only_grows(db: TestDb) {
        let node = Node::start(db).await;
        for n in 0..5 {
            node.test.published(1, &format!("Tin {n}"), at(NOW)).await;
        }
        let before = checkpoint(&node).await;
        node.test.published(1, "Tin sau", at(NOW)).await;
        let after = checkpoint(&node).await;
        assert!(before.size < after.size && before.origin == after.origin);
        let proof = node.get(&format!("/v1/log/consistency?from={}&to={}", before.size, after.size)).await.json();
        let states = ((before.size, &before.root), (after.size, &after.root));
        assert_eq!(path::check_consistency(states.0, states.1, &hashes(&proof["proof"])), Ok(()));
        assert_eq!(proof["root"], lienthong_proof::hex(&after.root));
        let act = lienthong_persistence::log::act(node.test.store(), 3).await.unwrap().unwrap();
        let proof = node.get(&format!("/v1/log/proof?leaf=3&size={}", after.size)).await.json();
        let place = (3, after.size);
        assert_eq!(path::check_inclusion(act.hash, place, &hashes(&proof["proof"]), &after.root), Ok(()));
        for beyond in [format!("leaf=0&size={}", after.size + 1), format!("leaf={0}&size={0}", after.size)] {
            assert_eq!(node.get(&format!("/v1/log/proof?{beyond}")).await.status.as_u16(), 404, "{beyond}");
        }
        assert_eq!(node.get("/v1/log/consistency?from=0&to=1").await.status.as_u16(), 404);
    }

    async fn the_audit_says_from_where_and_the_evidence_is_for_those_who_may_read_it(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let entry = node.test.draft(1, "Tin", at(NOW)).await;
        let id = global_id("article", entry.id.as_uuid());
        let publish = "mutation($id: ID!, $version: Int!) { publishArticle(id: $id, version: $version) { errors { code } } }";
        let variables = json!({ "id": id, "version": entry.version.get() });
        node.query_as(chief, publish, variables).await.data();
        let trail = "query($id: ID!) { auditTrail(article: $id) { operation address leaf digestBefore digestAfter } }";
        let acts = node.query_as(chief, trail, json!({ "id": id })).await.data()["auditTrail"].clone();
        assert_eq!((&acts[0]["operation"], &acts[1]["operation"]), (&json!("publish"), &json!("create")));
        assert!(acts[0]["address"].is_string() && acts[1]["address"].is_null(), "{acts:#}");
        assert!(acts[0]["digestBefore"].is_string() && acts[0]["digestBefore"] == acts[1]["digestAfter"], "{acts:#}");
        let request = Request::get(format!("/v1/articles/{id}/evidence")).header("authorization", format!("Bearer {chief}"));
        let pack = node.send(request.body(Body::empty()).unwrap()).await;
        assert!(pack.header("content-disposition").starts_with("attachment"));
        let checked = lienthong_app::proof::evidence::check(&serde_json::from_slice(&pack.body).unwrap(), None);
        assert!(checked.holds(), "{checked:?}");
    }
}
