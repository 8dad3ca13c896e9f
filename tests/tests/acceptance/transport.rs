//! GraphQL over HTTP through the front door, and what hostile or clumsy clients send.

use axum::body::Body;
use http::Request;
use serde_json::json;

use lienthong_test_support::{at, both_databases};

use crate::harness::{Node, Reply};

async fn post(node: &Node, content_type: &str, body: String) -> Reply {
    node.send(Request::post("/graphql").header("content-type", content_type).body(Body::from(body)).unwrap()).await
}

async fn raw(node: &Node, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request =
        headers.iter().fold(Request::builder().method(method).uri(path), |r, (name, value)| r.header(*name, *value));
    node.send(request.body(Body::empty()).unwrap()).await
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"))
}

both_databases! {
    async fn methods_and_media_types_are_held_to_the_specification(db: TestDb) {
        let node = Node::start(db).await;
        let query = json!({ "query": "{ __typename }" }).to_string();
        assert_eq!(post(&node, "application/json", query.clone()).await.status.as_u16(), 200);
        assert_eq!(post(&node, "text/plain", query.clone()).await.status.as_u16(), 415);
        assert_eq!(post(&node, "application/json", format!("[{query}]")).await.status.as_u16(), 400);
        assert_eq!(post(&node, "application/json", "{\"query\":".to_owned()).await.status.as_u16(), 400);
        let refused = raw(&node, "DELETE", "/graphql", &[]).await;
        assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, "GET, HEAD, POST"));
        let mutation = encoded("mutation { withdrawArticle(id: \"x\", version: 1) { errors { code } } }");
        let refused = raw(&node, "GET", &format!("/graphql?query={mutation}"), &[]).await;
        assert_eq!(refused.status.as_u16(), 405);
        let two = encoded("query A { topics { nodes { code } } } query B { __typename }");
        let named = node.get(&format!("/graphql?query={two}&operationName=B")).await;
        assert_eq!(named.data(), json!({ "__typename": "Query" }));
        let modern = &[("accept", "application/graphql-response+json")];
        let answer = raw(&node, "GET", &format!("/graphql?query={}", encoded("{ nonsense }")), modern).await;
        assert_eq!(answer.status.as_u16(), 400);
        assert_eq!(answer.header("content-type"), "application/graphql-response+json; charset=utf-8");
        assert_eq!(raw(&node, "GET", &format!("/graphql?query={two}"), &[("accept", "image/png")]).await.status.as_u16(), 406);
    }

    async fn errors_carry_the_id_of_the_request_and_what_caches_keep_does_not(db: TestDb) {
        let node = Node::start(db).await;
        let own = &[("x-request-id", "portal-0000-0001")];
        let problem = raw(&node, "GET", "/v1/articles?first=0", own).await;
        assert_eq!((problem.header("x-request-id"), &problem.json()["requestId"]), ("portal-0000-0001", &json!("portal-0000-0001")));
        // Refused before it runs, by validation, by a resolver, and by what a scalar cannot be.
        for document in [
            "{",
            "{ nonsense }",
            "{ articles(first: 0) { nodes { id } } }",
            "{ articles(after: \"x\") { nodes { id } } }",
            "{ articles(from: \"mai\") { nodes { id } } }",
            "{ unit(code: \"42\", asOf: \"2025\") { id } }",
        ] {
            let answer = raw(&node, "GET", &format!("/graphql?query={}", encoded(document)), own).await;
            let extensions = &answer.json()["errors"][0]["extensions"];
            assert_eq!(extensions["requestId"], "portal-0000-0001", "{document}: {answer:?}");
            assert!(extensions["code"].is_string(), "{document}: {answer:?}");
        }
        let made = node.get("/v1/articles?first=0").await;
        assert_eq!(made.json()["requestId"].as_str(), Some(made.header("x-request-id")));
        let absent = raw(&node, "GET", "/v1/sites/nowhere.example", own).await;
        assert_eq!((absent.status.as_u16(), &absent.json()["requestId"]), (404, &json!(null)));
        assert_eq!(absent.header("x-request-id"), "portal-0000-0001");
        let undecoded = raw(&node, "GET", "/graphql/documents/%FF", own).await;
        assert!(undecoded.json()["errors"][0]["extensions"]["code"].is_string(), "{undecoded:?}");
        let no_asset = raw(&node, "GET", "/docs/assets/%FF", own).await;
        assert_eq!((no_asset.status.as_u16(), &no_asset.json()["code"]), (404, &json!("NOT_FOUND")));
    }

    async fn a_document_is_registered_once_it_is_valid_and_then_read_by_its_hash(db: TestDb) {
        let node = Node::start(db).await;
        let document = "{ __typename topics { nodes { code } } }";
        let hash = "4aa7fdd8f1a9e2e49ad5c4ac9ff6bde6b6ca1bb1cf6d95cba0ef5ff1b3e4c0d2";
        let by_hash = |hash: &str| format!("/graphql?extensions={}", encoded(&json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } }).to_string()));
        let unknown = node.get(&by_hash(hash)).await;
        assert_eq!((unknown.error_code().as_str(), unknown.header("cache-control")), ("PERSISTED_QUERY_NOT_FOUND", "no-store"));
        let wrong = json!({ "query": document, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
        let refused = post(&node, "application/json", wrong.to_string()).await;
        assert!(refused.json()["errors"][0]["extensions"]["code"].as_str().unwrap().contains("HASH"), "{refused:?}");
        let own = sha256(document);
        let right = json!({ "query": document, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": own } } });
        post(&node, "application/json", right.to_string()).await.data();
        assert_eq!(node.get(&by_hash(&own)).await.data()["__typename"], "Query");
    }

    async fn the_answer_tells_its_cost_and_the_headers_what_is_left(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Tin", at("2024-06-01T00:00:00Z")).await;
        let answer = node.query("{ articles(first: 50) { nodes { title category { name } } } }", json!({})).await;
        let cost = answer.json()["extensions"]["cost"].clone();
        assert_eq!((&cost["nodes"], &cost["points"]), (&json!(100), &json!(101)), "{cost}");
        assert!(answer.header("x-request-id").len() >= 8);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }

    async fn bombs_are_refused_before_they_are_executed(db: TestDb) {
        let node = Node::start(db).await;
        let before = node.test.store().statements();
        let fragments = (0..24).map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1));
        let doubling = format!("{{ ...f0 }} {} fragment f24 on Query {{ __typename }}", fragments.collect::<Vec<_>>().join(" "));
        let bombs = [
            doubling,
            "{ articles(first: 100) { nodes { category { site { categories { site { categories { site { id } } } } } } } } }".to_owned(),
            format!("{{ {} }}", (0..10_000).map(|n| format!("a{n}: __typename ")).collect::<Vec<_>>().concat()),
            format!("{{ __typename {} }}", "@include(if: true)".repeat(10_000)),
            "{".repeat(100_000),
            format!("{{ units {{ nodes {{ {} id {} }} }} }}", "children { nodes { ".repeat(6), "} }".repeat(6)),
            "{ articles(first: 1000) { nodes { id } } }".to_owned(),
        ];
        for bomb in bombs {
            let reply = node.query(&bomb, json!({})).await;
            let start = &bomb[..60.min(bomb.len())];
            assert!(reply.json().get("data").is_none_or(serde_json::Value::is_null), "{start}");
            assert!(!reply.error_code().is_empty(), "{start}: {reply:?}");
        }
        node.test.catch_up().await.unwrap();
        assert_eq!(node.test.store().statements() - before, 1, "only the look at the log");
    }

    async fn clumsy_requests_get_a_clear_answer_and_never_a_fault(db: TestDb) {
        let node = Node::start(db).await;
        for (path, status) in [
            ("/nowhere", 404),
            ("/graphql", 400),
            ("/graphql?query=", 400),
            ("/graphql?query=%FF%FE", 400),
            ("/graphql?variables=%7B", 400),
            ("/graphql/documents/sha256:00", 400),
            ("/%2e%2e/etc/passwd", 404),
        ] {
            let reply = node.get(path).await;
            assert_eq!(reply.status.as_u16(), status, "{path}: {reply:?}");
            assert_ne!(reply.header("content-type"), "", "{path}");
        }
        let large = post(&node, "application/json", format!("{{\"query\":\"{}\"}}", "x".repeat(300 << 10))).await;
        assert_eq!(large.status.as_u16(), 413);
        for token in ["Bearer x", "Basic YTpi", "Bearer ", "\u{7f}"] {
            let Ok(value) = token.parse::<http::HeaderValue>() else { continue };
            let request = Request::get("/graphql?query=%7Btopics%7Bnodes%7Bcode%7D%7D%7D").header("authorization", value);
            let reply = node.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (401, "no-store"), "{token}");
        }
        for cursor in ["", "x", "AAAA", "💥", "AXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"] {
            let reply = node.query("query($after: String) { articles(after: $after) { nodes { id } } }", json!({ "after": cursor })).await;
            assert_eq!(reply.error_code(), "INVALID_CURSOR", "{cursor}");
        }
    }

    async fn a_list_takes_one_place_and_one_subject_and_says_so(db: TestDb) {
        let node = Node::start(db).await;
        for (arguments, parameter) in [
            ("site: \"xuanhai.hatinh.example\", unit: \"nghi-xuan\"", "site"),
            ("topic: \"tt.tin\", tag: \"x\"", "topic"),
            ("site: \"nowhere.example\"", "site"),
            ("unit: \"99999\"", "unit"),
            ("exact: true", "exact"),
            ("first: 5, last: 5", "first"),
            ("last: 5, after: \"x\"", "after"),
            ("language: \"tiếng Việt\"", "language"),
        ] {
            let reply = node.query(&format!("{{ articles({arguments}) {{ nodes {{ id }} }} }}"), json!({})).await;
            assert_eq!(reply.error_code(), "BAD_REQUEST", "{arguments}: {reply:?}");
            assert_eq!(reply.json()["errors"][0]["extensions"]["argument"], parameter, "{arguments}");
        }
    }

    async fn what_only_needs_time_says_when_to_try_again(db: TestDb) {
        let node = Node::start(db).await;
        let reply = node.query("{ articles(text: \"tin\") { nodes { id } } }", json!({})).await;
        assert_eq!((reply.error_code().as_str(), &reply.headers["retry-after"]), ("SEARCH_NOT_READY", &"5".parse().unwrap()));
        assert!(!node.query("{ article(id: \"x\") { id } }", json!({})).await.headers.contains_key("retry-after"));
    }

    async fn the_console_can_read_the_schema(db: TestDb) {
        let node = Node::start(db).await;
        let types = "query { __schema { queryType { name } types { name kind fields { name type { name kind ofType { name kind ofType { name } } } } } } }";
        let schema = node.query(types, json!({})).await.data();
        assert_eq!(schema["__schema"]["queryType"]["name"], "Query");
        let sdl = node.get("/graphql/schema.graphql").await;
        assert_eq!(String::from_utf8(sdl.body).unwrap(), lienthong_api::sdl());
    }
}

fn sha256(text: &str) -> String {
    lienthong_api::graphql_http::DocumentHash::of(text).to_string()
}
