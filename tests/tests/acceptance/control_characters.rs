//! Characters that no text needs and that not every database takes: a clear refusal or a right answer, on both.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_test_support::{at, both_databases};

use crate::hand::{Hand, SITE, input};
use crate::harness::{Node, PeopleNode, Reply};

/// NUL, other control characters, what is no character, and one outside of the first plane.
const ODD: [&str; 6] = ["\0", "\u{1}", "\u{7f}", "\u{fffe}", "\u{10ffff}", "\u{202e}"];

/// Not a fault of ours: neither a status of 5xx nor such a code.
fn is_ours(reply: &Reply) -> bool {
    let codes = ["INTERNAL", "UNAVAILABLE"];
    let text = String::from_utf8_lossy(&reply.body);
    reply.status.is_server_error() || codes.iter().any(|code| text.contains(&format!("\"{code}\"")))
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"))
}

/// The text of an article with something odd in one field after the other.
fn inputs(odd: &str) -> Vec<(&'static str, Value)> {
    let text = format!("a{odd}b");
    let cover = json!({ "url": "https://a.example/b.jpg", "alt": text, "caption": text, "credit": text });
    let fields = [
        ("title", json!(text)),
        ("summary", json!(text)),
        ("body", json!(format!("<p title=\"{text}\">{text}</p>"))),
        ("tags", json!([text])),
        ("author", json!(text)),
        ("source", json!({ "name": text, "author": text, "verbatim": true })),
        ("cover", cover),
        ("slug", json!(text)),
        ("category", json!(text)),
    ];
    let with = |(name, value): (&'static str, Value)| {
        let mut all = input("Tin");
        all[name] = value;
        (name, all)
    };
    fields.into_iter().map(with).collect()
}

both_databases! {
    async fn what_is_written_with_them_is_kept_without_or_refused_by_name(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        for odd in ODD {
            for (field, input) in inputs(odd) {
                let request = Request::post(format!("/v1/sites/{SITE}/articles")).header("content-type", "application/json");
                let request = request.header("authorization", format!("Bearer {}", editor.actor));
                let reply = node.send(request.body(Body::from(input.to_string())).unwrap()).await;
                assert!(!is_ours(&reply), "{odd:?} in {field}: {reply:?}");
                if reply.status.as_u16() != 201 {
                    assert!(matches!(reply.status.as_u16(), 400 | 422), "{odd:?} in {field}: {reply:?}");
                    continue;
                }
                let entry = reply.json()["entry"].clone();
                assert!(!entry.to_string().contains("\\u000"), "{odd:?} in {field}: {entry}");
                chief.act("publishArticle", &entry, "").await;
            }
        }
        for form in ["atom", "rss", "json"] {
            let feed = node.get(&format!("/feeds/sites/{SITE}.{form}?first=100")).await;
            assert_eq!(feed.status.as_u16(), 200);
            assert!(!feed.body.contains(&0) && !feed.body.contains(&1), "{form} is not well-formed with them");
        }
    }

    async fn what_is_asked_with_them_finds_nothing_or_is_refused(db: TestDb) {
        let node = Node::start(db).await;
        node.test.published(1, "Tin", at("2024-06-01T00:00:00Z")).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        for odd in ODD {
            let (raw, text) = (format!("a{odd}"), encoded(&format!("a{odd}")));
            for path in [
                format!("/v1/sites/{SITE}/articles/{text}"), format!("/v1/sites/{text}"), format!("/v1/articles?tag={text}"), format!("/v1/articles?topic={text}"),
                format!("/v1/articles?after={text}"), format!("/v1/articles?lang={text}"), format!("/v1/articles/{text}"), format!("/v1/procedures/{text}"),
                format!("/v1/procedures?field={text}"), format!("/feeds/sites/{SITE}.atom?tag={text}"), format!("/feeds/units/{text}.rss"),
                format!("/v1/previews/{text}"), format!("/v1/agencies/{text}"), format!("/v1/topics/{text}"), format!("/media/{text}/640.webp"), format!("/v1/log/proof?leaf={text}"),
            ] {
                let reply = node.get(&path).await;
                assert!(!is_ours(&reply), "{path}: {reply:?}");
            }
            let asked = "query($text: String!, $site: String!) {
                articles(tag: $text) { nodes { id } } one: article(site: $site, slug: $text) { id } unit(code: $text) { id }
                procedures(field: $text) { nodes { code } } procedure(code: $text) { code } site(host: $text) { id } }";
            let reply = node.query(asked, json!({ "text": raw, "site": SITE })).await;
            assert!(!is_ours(&reply), "{odd:?}: {reply:?}");
            let refused = String::from_utf8_lossy(&reply.body).contains("must not hold a NUL character");
            assert_eq!(refused, odd == "\0", "the same on both databases: {reply:?}");
            let said = "mutation($id: ID!, $text: String!) { commentOnArticle(id: $id, text: $text) { errors { code } } }";
            let entry = node.test.draft(1, "Nháp", at("2024-06-01T00:00:00Z")).await;
            let id = crate::harness::global_id("article", entry.id.as_uuid());
            let reply = node.query_as(chief, said, json!({ "id": id, "text": raw })).await;
            assert!(!is_ours(&reply), "{odd:?} in a comment: {reply:?}");
        }
    }

    async fn who_signs_in_with_them_is_nobody(db: TestDb) {
        let people = PeopleNode::start(db).await;
        for odd in ODD {
            for (path, body) in [
                ("/v1/auth/sign-in", json!({ "name": format!("lan{odd}"), "password": format!("mật khẩu dài{odd}") })),
                ("/v1/auth/refresh", json!({ "refreshToken": format!("ltr_{odd}") })),
                ("/v1/auth/password", json!({ "token": format!("ltl_{odd}"), "password": format!("mật khẩu rất dài{odd}") })),
            ] {
                let reply = people.post(path, None, body).await;
                assert!(!is_ours(&reply), "{odd:?} at {path}: {reply:?}");
            }
        }
    }
}
