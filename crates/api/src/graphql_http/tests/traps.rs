use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const PERSISTED: &str = "{version}";

fn automatic(query: Option<&str>, hash_of: &str) -> Sent {
    let extension = json!({ "version": 1, "sha256Hash": DocumentHash::of(hash_of).to_string() });
    Sent::post(&json!({ "query": query, "extensions": { "persistedQuery": extension } }))
}

#[tokio::test]
async fn a_query_is_answered_with_its_cost() {
    let got = Portal::new().send(Sent::query("{articles(first:2){nodes{title}}}").modern()).await;
    let title = json!({"title": "Lịch tiếp công dân"});
    let expected = json!({
        "data": {"articles": {"nodes": [title, title]}},
        "extensions": {"cost": {"points": 3, "nodes": 2, "depth": 3, "fields": 3}},
    });
    assert_eq!((got.status, got.json), (200, expected));
}

#[tokio::test]
async fn a_mutation_by_get_is_refused_and_not_executed() {
    let portal = Portal::new();
    for text in ["query=mutation{bump}", "query=query+A{version}+mutation+B{bump}&operationName=B"] {
        let got = portal.send(Sent::get(text)).await;
        assert_eq!((got.status, got.code()), (405, "MUTATION_OVER_GET"));
        assert_eq!(got.headers[header::ALLOW], "POST");
    }
    assert_eq!(portal.writes(), 0);
}

#[tokio::test]
async fn a_mutation_that_a_form_could_send_is_refused_and_not_executed() {
    let portal = Portal::new();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let got = portal.send(Sent::query("mutation{bump}").with(header::CONTENT_TYPE, content_type)).await;
        assert_eq!((got.status, got.code()), (415, "UNSUPPORTED_MEDIA_TYPE"));
    }
    assert_eq!(portal.writes(), 0);
    assert_eq!(portal.send(Sent::query("mutation{bump}")).await.json["data"], json!({"bump": 1}));
}

#[tokio::test]
async fn the_operation_name_on_get_chooses_the_operation() {
    let got = Portal::new().send(Sent::get("query=query+A{a:version}+query+B{b:version}&operationName=B")).await;
    assert_eq!((got.status, &got.json["data"]), (200, &json!({"b": "1"})));
}

#[tokio::test]
async fn status_and_media_type_follow_accept() {
    // document, code, established +json, established json, draft +json
    let table = [
        ("{", "DOCUMENT_SYNTAX_ERROR", 400, 200, 400),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED", 400, 200, 422),
        ("query($a:Int!){articles(first:$a){nodes{title}}}", "VARIABLE_MISSING", 400, 200, 422),
        ("{articles(first:\"many\"){nodes{title}}}", "GRAPHQL_VALIDATION_FAILED", 400, 200, 422),
        ("query A{version} query B{version}", "OPERATION_NAME_REQUIRED", 400, 200, 422),
        ("subscription{a}", "SUBSCRIPTION_OVER_HTTP", 400, 200, 422),
        ("{articles(first:101){nodes{title}}}", "PAGE_SIZE_OUT_OF_RANGE", 400, 200, 422),
    ];
    let established = Portal::new();
    let draft = Portal::with(StatusProfile::Draft2026, TrustedDocuments::default(), TrustMode::Off);
    for (document, code, modern, legacy, drafted) in table {
        let legacy_got = established.send(Sent::query(document).with(header::ACCEPT, "application/json")).await;
        assert_eq!(legacy_got.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert_eq!((legacy_got.status, legacy_got.code()), (legacy, code), "{document}");
        let modern_got = established.send(Sent::query(document).modern()).await;
        assert_eq!(modern_got.headers[header::CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
        assert_eq!((modern_got.status, modern_got.code()), (modern, code), "{document}");
        let drafted_got = draft.send(Sent::query(document)).await;
        assert_eq!((drafted_got.status, drafted_got.code()), (drafted, code), "{document}");
        for got in [legacy_got, modern_got, drafted_got] {
            assert_eq!(got.json.get("data"), None, "{document}: refused before execution");
            assert_eq!(got.headers[header::CACHE_CONTROL], "no-store");
        }
    }
}

#[tokio::test]
async fn data_with_errors_is_told_from_a_refusal() {
    let draft = Portal::with(StatusProfile::Draft2026, TrustedDocuments::default(), TrustMode::Off);
    for (document, data) in [("{version broken}", json!({"version": "1", "broken": null})), ("{must}", json!(null))] {
        let old = Portal::new().send(Sent::query(document).modern()).await;
        let new = draft.send(Sent::query(document)).await;
        assert_eq!((old.status, new.status), (200, 294), "{document}");
        assert_eq!(new.json.get("data"), Some(&data), "{document}");
        assert_eq!(new.headers[header::CACHE_CONTROL], "no-store");
    }
}

/// A fault of the engine that our resolvers have to live with; when this test fails, the rule for resolvers can go.
#[tokio::test]
async fn an_error_of_a_nullable_field_takes_its_parent_unless_the_option_is_outside() {
    let portal = Portal::new();
    let kept = portal.send(Sent::query("{version broken}")).await;
    let lost = portal.send(Sent::query("{version destructive}")).await;
    assert_eq!(kept.json["data"], json!({"version": "1", "broken": null}));
    assert_eq!(lost.json["data"], json!(null));
}

#[tokio::test]
async fn a_variable_of_the_wrong_type_is_refused_before_execution() {
    let body = json!({"query": "query($a:Int){articles(first:$a){nodes{title}}}", "variables": {"a": "many"}});
    let got = Portal::new().send(Sent::post(&body).modern()).await;
    assert_eq!((got.status, got.code(), got.json.get("data")), (400, "GRAPHQL_VALIDATION_FAILED", None));
}

#[tokio::test]
async fn malformed_json_gets_a_well_formed_answer() {
    let got = Portal::new().send(Sent::post_bytes(b"{\"query\": {")).await;
    assert_eq!((got.status, got.code()), (400, "BODY_NOT_JSON"));
    assert_eq!(got.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
    assert_eq!(got.json["errors"][0]["message"], "The request is not valid JSON in UTF-8.");
}

#[tokio::test]
async fn nothing_acceptable_is_answered_406_with_a_reason() {
    let got = Portal::new().send(Sent::query("{version}").with(header::ACCEPT, "text/html")).await;
    assert_eq!((got.status, got.code()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn bombs_never_reach_the_engine() {
    let pairs = numbered(23, |n| format!(" fragment F{n} on Query{{...F{m} ...F{m}}}", m = n + 1));
    let doubling = format!("{{...F0}}{pairs} fragment F23 on Query{{version}}");
    let eights = numbered(7, |n| format!(" fragment F{n} on Query{{{}}}", format!("...F{} ", n + 1).repeat(8)));
    let eight_by_eight = format!("{{...F0}}{eights} fragment F7 on Query{{version}}");
    let aliases = numbered(20_000, |n| format!("a{n}:a "));
    let table = [
        (doubling, 400, "TOO_MANY_FRAGMENTS"),
        (eight_by_eight, 400, "TOO_MANY_SPREADS"),
        (format!("{{{aliases}}}"), 413, "DOCUMENT_TOO_LARGE"),
        (format!("{{version {}}}", "@include(if:true)".repeat(14_000)), 413, "DOCUMENT_TOO_LARGE"),
        ("{a".repeat(30_000), 400, "DOCUMENT_TOO_NESTED"),
        ("{...A} fragment A on Query{...A}".to_owned(), 400, "FRAGMENT_CYCLE"),
    ];
    let portal = Portal::new();
    for (document, status, code) in table {
        let got = portal.send(Sent::query(&document).modern()).await;
        assert_eq!((got.status, got.code()), (status, code));
    }
}

#[tokio::test]
async fn an_unknown_persisted_query_is_answered_as_apollo_clients_expect() {
    let got = Portal::new().send(automatic(None, PERSISTED)).await;
    let expected = json!({"errors": [{
        "message": "PersistedQueryNotFound",
        "extensions": {
            "code": "PERSISTED_QUERY_NOT_FOUND",
            "messageVi": "Máy chủ chưa lưu câu truy vấn này; hãy gửi lại kèm nội dung.",
        },
    }]});
    assert_eq!((got.status, got.json), (200, expected));
    assert_eq!(got.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_persisted_query_is_registered_by_sending_it_once() {
    let portal = Portal::new();
    assert_eq!(portal.send(automatic(Some(PERSISTED), PERSISTED)).await.json["data"], json!({"version": "1"}));
    assert_eq!(portal.send(automatic(None, PERSISTED)).await.json["data"], json!({"version": "1"}));
}

#[tokio::test]
async fn a_document_that_fails_validation_or_a_limit_is_not_registered() {
    let portal = Portal::new();
    for document in
        ["{nothing}", "{", "{articles(first:101){nodes{title}}}", "{version ...A} fragment A on Query{...A}"]
    {
        assert_ne!(portal.send(automatic(Some(document), document)).await.code(), "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(portal.send(automatic(None, document)).await.code(), "PERSISTED_QUERY_NOT_FOUND", "{document}");
    }
}

#[tokio::test]
async fn a_document_that_runs_into_an_error_is_registered_because_it_is_valid() {
    let portal = Portal::new();
    portal.send(automatic(Some("{must}"), "{must}")).await;
    assert_eq!(portal.send(automatic(None, "{must}")).await.json.get("data"), Some(&json!(null)));
}

#[tokio::test]
async fn a_hash_that_does_not_fit_the_document_is_refused() {
    let portal = Portal::new();
    let got = portal.send(automatic(Some("{version}"), "{other}").modern()).await;
    assert_eq!((got.status, got.code()), (400, "PERSISTED_QUERY_HASH_MISMATCH"));
    assert_eq!(portal.send(automatic(None, "{other}")).await.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn trusted_documents_are_reached_by_id_and_alone_when_enforced() {
    let hash = DocumentHash::of(PERSISTED).to_string();
    let trusted = TrustedDocuments::from_manifest(&json!({ hash.clone(): PERSISTED }).to_string()).unwrap();
    let portal = Portal::with(StatusProfile::Established, trusted, TrustMode::Enforce);
    let by_id = format!("sha256:{hash}");
    let by_path = Sent { path_document: Some(by_id.clone()), ..Sent::get("") };
    for sent in [Sent::get(&format!("documentId={by_id}")), Sent::post(&json!({"documentId": by_id})), by_path] {
        assert_eq!(portal.send(sent).await.json["data"], json!({"version": "1"}));
    }
    let unknown = portal.send(Sent::get(&format!("documentId=sha256:{}", DocumentHash::of("{x}")))).await;
    assert_eq!((unknown.status, unknown.code()), (404, "DOCUMENT_ID_UNKNOWN"));
    assert_eq!(unknown.headers[header::CACHE_CONTROL], "no-store");
    let other = portal.send(Sent::query("{v:version}")).await;
    assert_eq!((other.status, other.code()), (403, "DOCUMENT_NOT_TRUSTED"));
}

static PORTAL: LazyLock<Portal> = LazyLock::new(Portal::new);
static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().unwrap());

proptest! {
    #[test]
    fn arbitrary_bytes_are_always_answered_with_json(
        body in prop::collection::vec(any::<u8>(), 0..120),
        document in "[{}()\\[\\]\"a-c.:@$!# \n\\\\]{0,40}",
    ) {
        for sent in [Sent::post_bytes(&body), Sent::query(&document), Sent::get(&document)] {
            let got = RUNTIME.block_on(PORTAL.send(sent));
            prop_assert!(got.json.get("data").is_some() || got.json["errors"][0]["extensions"]["code"].is_string());
        }
    }
}
