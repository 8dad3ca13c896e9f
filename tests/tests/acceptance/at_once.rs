//! Many who write on one text at the same moment, each on a thread of its own: whoever comes second is told what has
//! happened, reads again, and nothing that anybody has written is lost.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::hand::{Hand, input};
use crate::harness::{Node, Reply};

const WRITERS: usize = 8;

/// One of those who write.
struct Writer {
    node: Arc<Node>,
    actor: ActorId,
    path: String,
    word: String,
    /// Lets all go on together once each has read.
    start: Arc<Barrier>,
}

impl Writer {
    async fn send(&self, request: http::request::Builder, body: Body) -> Reply {
        let request = request.header("authorization", format!("Bearer {}", self.actor));
        self.node.send(request.body(body).unwrap()).await
    }

    async fn read(&self) -> (u64, String) {
        let entry = self.send(Request::get(&self.path), Body::empty()).await.json();
        (entry["version"].as_u64().unwrap(), entry["draft"]["body"].as_str().unwrap().to_owned())
    }

    /// Adds the writer's word to what stands there, and tries again as long as somebody else was faster. Answers how often.
    async fn add(self) -> u64 {
        let (mut seen, mut body) = self.read().await;
        self.start.wait().await;
        let mut conflicts = 0;
        loop {
            let text = text_with(&format!("{body}<p>{}</p>", self.word));
            let request = Request::put(&self.path).header("content-type", "application/json");
            let answer =
                self.send(request.header("if-match", format!("\"v{seen}\"")), Body::from(text.to_string())).await;
            if answer.status.as_u16() == 200 {
                return conflicts;
            }
            assert_eq!(answer.problem(), (412, "PRECONDITION_FAILED".to_owned()), "{answer:?}");
            let problem = answer.json();
            let current = problem["currentVersion"].as_u64().unwrap();
            assert!(current > seen, "{problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains(&format!("version {seen}")) && detail.contains(&format!("version {current}")),
                "{detail}"
            );
            conflicts += 1;
            (seen, body) = self.read().await;
        }
    }
}

/// The text that all of them write on, with this body.
fn text_with(body: &str) -> Value {
    let mut text = input("Bản chung");
    text["body"] = json!(body);
    text
}

both_databases! {
    async fn of_many_who_save_at_once_each_conflict_names_both_versions_and_no_word_is_lost(db: TestDb) {
        let node = Arc::new(Node::start(db).await);
        let written = Hand::of(&node, Role::Editor).await.write("Bản chung").await;
        let path = format!("/v1/entries/{}", written["id"].as_str().unwrap());
        let start = Arc::new(Barrier::new(WRITERS));
        let mut all = Vec::new();
        for number in 0..WRITERS {
            let (actor, word) = (node.actor(Role::Editor, 1).await, format!("từ {number}."));
            let start = Arc::clone(&start);
            all.push(Writer { node: Arc::clone(&node), actor, path: path.clone(), word, start });
        }
        let mut writers = JoinSet::new();
        for writer in all {
            writers.spawn(writer.add());
        }
        let conflicts: u64 = writers.join_all().await.iter().sum();
        assert!(conflicts >= WRITERS as u64 - 1, "all had read the same version, and one was first: {conflicts}");
        let body = Hand::of(&node, Role::Editor).await.entry(&written, "version draft { body }").await;
        let (version, body) = (body["version"].as_u64().unwrap(), body["draft"]["body"].as_str().unwrap());
        for number in 0..WRITERS {
            assert_eq!(body.matches(&format!("từ {number}.")).count(), 1, "{body}");
        }
        assert_eq!(version, 1 + WRITERS as u64, "every save is a version, and no refusal is");
        let acts = "query($id: ID!) { auditTrail(article: $id) { operation } }";
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let acts = node.query_as(chief, acts, json!({ "id": written["id"] })).await.data()["auditTrail"].clone();
        assert_eq!(acts.as_array().unwrap().len(), 1 + WRITERS);
    }
}
