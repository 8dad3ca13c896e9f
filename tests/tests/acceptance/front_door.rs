//! What the front door negotiates with clients and tells caches and browsers, as far as it shows in the headers.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use serde_json::json;

use lienthong_api::graphql_http::{DocumentHash, TrustedDocuments};
use lienthong_api::{ApiConfig, Documents};
use lienthong_domain::access::Role;
use lienthong_test_support::{at, both_databases};

use crate::hand::{Hand, SITE, done, input, now};
use crate::harness::{Node, Reply, config, send};

const DESK: &str = "https://desk.hatinh.example";
const STRANGER: &str = "https://evil.example";
const QUERY: &str = "{ \"query\": \"{ __typename topics { nodes { code } } }\" }";

async fn ask(node: &Node, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> Reply {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    node.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn with_desk() -> ApiConfig {
    ApiConfig { origins: vec![DESK.to_owned()], ..config() }
}

both_databases! {
    async fn a_trusted_document_is_kept_for_each_media_type_by_itself(db: TestDb) {
        let node = Node::start(db).await;
        let text = "{ __typename }";
        let hash = DocumentHash::of(text).to_string();
        let trusted = TrustedDocuments::from_manifest(&json!({ &hash: text }).to_string()).unwrap();
        let documents = Documents { trusted, ..Documents::default() };
        let front = lienthong_api::front(Arc::clone(&node.test.app), config(), Arc::new(|_, _| None), documents).unwrap();
        let path = format!("/graphql/documents/sha256:{hash}");
        let accepting = async |accept: &str| {
            // Without it nothing that is kept is given.
            node.test.catch_up().await.unwrap();
            send(&front, Request::get(&path).header("accept", accept).body(Body::empty()).unwrap()).await
        };
        // Twice, so that the second answers come from memory.
        for _ in 0..2 {
            for (accept, status, media) in [
                ("application/json", 200, "application/json; charset=utf-8"),
                ("application/graphql-response+json", 200, "application/graphql-response+json; charset=utf-8"),
            ] {
                let reply = accepting(accept).await;
                assert_eq!((reply.status.as_u16(), reply.header("content-type")), (status, media), "{reply:?}");
            }
            for refused in ["image/png", "application/json;q=0"] {
                assert_eq!(accepting(refused).await.status.as_u16(), 406, "{refused}");
            }
        }
    }

    async fn public_reads_are_for_every_origin_and_everything_else_for_listed_ones(db: TestDb) {
        let node = Node::with(db, |library| library, with_desk()).await;
        let article = format!("/v1/sites/{SITE}/articles");
        for (method, path, is_public) in [
            ("GET", "/v1/articles", true),
            ("POST", "/graphql", true),
            ("POST", "/v1/auth/sign-in", false),
            ("POST", "/v1/auth/refresh", false),
            ("POST", "/v1/auth/password", false),
            ("POST", "/v1/auth/oidc/session", false),
            ("POST", article.as_str(), false),
        ] {
            for (origin, expected) in [(STRANGER, ""), (DESK, DESK)] {
                let expected = if is_public { "*" } else { expected };
                let own = [("origin", origin), ("content-type", "application/json")];
                let reply = ask(&node, (method, path), &own, QUERY).await;
                assert_eq!(reply.header("access-control-allow-origin"), expected, "{method} {path}: {reply:?}");
                let announced = [
                    ("origin", origin),
                    ("access-control-request-method", method),
                    ("access-control-request-headers", "content-type"),
                ];
                let preflight = ask(&node, ("OPTIONS", path), &announced, "").await;
                assert_eq!(preflight.status.as_u16(), 204);
                assert_eq!(preflight.header("access-control-allow-origin"), expected, "{method} {path}: {preflight:?}");
                let [methods, headers] = ["methods", "headers"].map(|of| preflight.header(&format!("access-control-allow-{of}")));
                assert_eq!(methods.contains(method) && headers.contains("Content-Type"), !expected.is_empty(), "{preflight:?}");
            }
        }
    }

    async fn what_is_not_there_is_not_kept_beyond_the_moment_at_which_something_becomes_public(db: TestDb) {
        let node = Node::start(db).await;
        let path = "/v1/articles/00000000-0000-7000-8000-000000000000";
        assert_eq!(node.get(path).await.header("cache-control"), "public, max-age=10, s-maxage=10");
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let written = editor.write("Thông báo").await;
        done(&chief.act("publishArticle", &written, &format!(", at: \"{}\"", now().plus_seconds(7))).await);
        let reply = node.get(path).await;
        let control = reply.header("cache-control");
        let lifetime: u32 = control.split("s-maxage=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
        assert!(lifetime < 7 && control.ends_with("must-revalidate"), "{control}");
        assert!(control.starts_with(&format!("public, max-age={lifetime},")), "{control}");
    }

    async fn an_answer_to_a_token_is_compressed_and_kept_nowhere_all_the_same(db: TestDb) {
        let node = Node::start(db).await;
        let token = format!("Bearer {}", node.actor(Role::ChiefEditor, 1).await);
        let get = async |coding| {
            let headers = [("authorization", token.as_str()), ("accept-encoding", coding)];
            ask(&node, ("GET", "/openapi.json"), &headers, "").await
        };
        let plain = get("identity").await;
        for coding in ["gzip", "br"] {
            let reply = get(coding).await;
            assert_eq!((reply.status.as_u16(), reply.header("content-encoding")), (200, coding));
            assert!(reply.body.len() < plain.body.len() / 2, "{coding}: {}", reply.body.len());
            assert_eq!(reply.header("cache-control"), "private, no-store");
            assert!(reply.headers.get_all("vary").iter().any(|vary| vary == "Authorization"), "{reply:?}");
        }
        let short = ask(&node, ("GET", "/v1/topics/khong-co"), &[("authorization", &token), ("accept-encoding", "br")], "").await;
        assert_eq!(short.header("content-encoding"), "");
    }

    async fn the_tag_of_a_compressed_version_names_that_version_in_a_write(db: TestDb) {
        let node = Node::start(db).await;
        let token = format!("Bearer {}", node.actor(Role::ChiefEditor, 1).await);
        let mut text = input("Lịch tiếp dân");
        text["body"] = json!(format!("<p>{}</p>", "Thứ hai, tại trụ sở. ".repeat(200)));
        let own = [("authorization", token.as_str()), ("content-type", "application/json")];
        let made = ask(&node, ("POST", &format!("/v1/sites/{SITE}/articles")), &own, &text.to_string()).await;
        let address = made.header("location").to_owned();
        let read = ask(&node, ("GET", &address), &[own[0], ("accept-encoding", "gzip")], "").await;
        assert_eq!((read.header("content-encoding"), read.header("etag")), ("gzip", "\"v1-gzip\""));
        let write = [own[0], own[1], ("if-match", read.header("etag"))];
        text["title"] = json!("Lịch tiếp dân tháng 7");
        assert_eq!(ask(&node, ("PUT", &address), &write, &text.to_string()).await.status.as_u16(), 200);
        let late = ask(&node, ("PUT", &address), &write, &text.to_string()).await;
        assert_eq!(late.problem(), (412, "PRECONDITION_FAILED".to_owned()));
    }

    async fn only_get_and_head_are_answered_that_nothing_has_changed(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Một", at("2024-06-01T00:00:00Z")).await;
        let json = [("content-type", "application/json")];
        let tag = ask(&node, ("POST", "/graphql"), &json, QUERY).await.header("etag").to_owned();
        for held in [tag.as_str(), "*"] {
            let again = ask(&node, ("POST", "/graphql"), &[json[0], ("if-none-match", held)], QUERY).await;
            assert_eq!((again.status.as_u16(), again.data()["__typename"].as_str()), (200, Some("Query")), "{held}");
        }
        let path = "/graphql?query=%7B__typename%7D";
        let tag = node.get(path).await.header("etag").to_owned();
        for method in ["GET", "HEAD"] {
            let again = ask(&node, (method, path), &[("if-none-match", &tag)], "").await;
            assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()), "{method}");
        }
    }

    async fn the_weights_of_the_client_decide_the_coding(db: TestDb) {
        let node = Node::start(db).await;
        for (accepted, coding) in [("GZIP", "gzip"), ("br;q=0.1, gzip", "gzip"), ("gzip, br", "br"), ("identity, br;q=0.5", "")] {
            let reply = ask(&node, ("GET", "/openapi.json"), &[("accept-encoding", accepted)], "").await;
            assert_eq!(reply.header("content-encoding"), coding, "{accepted}");
        }
    }
}
