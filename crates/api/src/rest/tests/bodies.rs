//! What bodies are refused, and how the answer names the field.

use axum::http::Method;
use lienthong_domain::access::{Actor, Role};
use serde_json::{Value, json};

use super::portal::{Answer, Call, Portal, somebody, text};
use crate::rest::body::MAX_BODY;

const SITE: &str = "xuanhai.example.vn";
/// Headers, body, and the status and code they are refused with.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, u16, &'a str);

const CATEGORY: &str = "xuanhai.example.vn/tin-tuc";

async fn post(portal: &Portal, actor: &Actor, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let call = Call { actor: Some(actor.clone()), headers: headers.to_vec(), body };
    portal.call(Method::POST, &format!("/v1/sites/{SITE}/articles"), call).await
}

fn with(field: &str, value: Value) -> Value {
    let mut body = text(CATEGORY, "Một");
    body[field] = value;
    body
}

#[tokio::test]
async fn fields_that_break_a_rule_are_named() {
    let portal = Portal::empty().await;
    let editor = somebody(Role::Editor, portal.seeded.site(SITE).id);
    let table = [
        (with("tieuDe", json!("x")), "tieuDe", "allowed"),
        (with("cover", json!({ "url": "https://a.example/b", "alt": "x", "src": 1 })), "cover.src", "allowed"),
        (with("cover", json!({ "url": "https://a.example/b" })), "cover.alt", "blank"),
        (with("cover", json!({ "url": "https://a.example/b", "alt": " " })), "cover.alt", "blank"),
        (with("cover", json!({ "url": "x", "alt": "x", "width": -1 })), "cover.width", "invalid value"),
        (with("source", json!({ "name": "Báo", "publishedAt": "hôm qua" })), "source.publishedAt", "RFC 3339"),
        (json!({ "title": "Một", "body": "" }), "category", "missing"),
        (with("title", json!(7)), "title", "invalid type"),
        (with("title", json!("")), "title", "blank"),
        (with("tags", json!(["a", 1])), "tags[1]", "invalid type"),
        (with("kind", json!("tin")), "kind", "`news`"),
        (with("category", json!("xuanpho.example.vn/tin-tuc")), "category", "exist on this site"),
        (with("category", json!("khong-co")), "category", "exist on this site"),
        (with("topic", json!("khong.co")), "topic", "exist on this site"),
        (with("slug", json!("Không Phải")), "slug", "a-z"),
        (with("language", json!("tiếng Việt")), "language", "language tag"),
        (json!([]), "body", "invalid"),
    ];
    for (body, name, rule) in table {
        let bytes = body.to_string().into_bytes();
        let answer = post(&portal, &editor, &[("content-type", "application/json")], bytes).await;
        assert_eq!(answer.code(), (422, "INVALID_INPUT"), "{body}: {}", answer.body);
        let error = &answer.body["errors"][0];
        assert_eq!(error["name"], name, "{body}: {}", answer.body);
        assert!(error["rule"].as_str().unwrap().contains(rule), "{body}: {error}");
    }
}

#[tokio::test]
async fn what_is_no_json_of_bounded_size_is_refused() {
    let portal = Portal::empty().await;
    let editor = somebody(Role::Editor, portal.seeded.site(SITE).id);
    let good = text(CATEGORY, "Một").to_string();
    let json = [("content-type", "application/json")];
    let huge = with("body", json!("x".repeat(MAX_BODY))).to_string();
    let long = with("body", json!("x".repeat((1 << 20) + 1))).to_string();
    let table: [Case<'_>; 10] = [
        (&[], &good, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&[("content-type", "text/plain")], &good, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&[("content-type", "application/jsonx")], &good, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&[("content-type", "application/json; charset=latin1")], &good, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&[json[0], ("content-encoding", "gzip")], &good, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&json, "", 400, "BAD_REQUEST"),
        (&json, "{", 400, "BAD_REQUEST"),
        (&json, &format!("{good}{good}"), 400, "BAD_REQUEST"),
        (&json, &huge, 413, "TOO_LARGE"),
        (&json, &long, 422, "INVALID_INPUT"),
    ];
    for (headers, body, status, code) in table {
        let answer = post(&portal, &editor, headers, body.as_bytes().to_vec()).await;
        assert_eq!(answer.code(), (status, code), "{headers:?} {:.20}: {}", body, answer.body);
    }
    let charset = [("content-type", "Application/JSON; charset=\"UTF-8\"")];
    assert_eq!(post(&portal, &editor, &charset, good.into_bytes()).await.status, 201);
}

#[tokio::test]
async fn the_address_of_an_article_is_given_when_it_is_made_and_only_then() {
    let portal = Portal::empty().await;
    let editor = somebody(Role::Editor, portal.seeded.site(SITE).id);
    let body = with("slug", json!("bai-mot"));
    let uri = format!("/v1/sites/{SITE}/articles");
    let made = portal.send(Method::POST, &uri, &editor, &body).await;
    assert_eq!((made.status.as_u16(), &made.body["entry"]["slug"]), (201, &json!("bai-mot")));
    let again = portal.send(Method::POST, &uri, &editor, &body).await;
    assert_eq!(again.code(), (409, "SLUG_TAKEN"));
    let edit = Call::json(&editor, &body).with("if-match", "\"v1\"");
    let moved = portal.call(Method::PUT, made.header("location"), edit).await;
    assert_eq!((moved.code(), &moved.body["errors"][0]["name"]), ((422, "INVALID_INPUT"), &json!("slug")));
}
