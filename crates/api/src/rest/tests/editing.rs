//! The life of an article over REST.

use axum::http::Method;
use lienthong_domain::access::{Actor, Role};
use serde_json::{Value, json};

use super::portal::{Answer, Call, Portal, somebody, text};
use super::seed::nothing;

const SITE: &str = "xuanhai.example.vn";
const CATEGORY: &str = "xuanhai.example.vn/tin-tuc";

struct Desk {
    portal: Portal,
    editor: Actor,
    chief: Actor,
}

impl Desk {
    async fn open() -> Self {
        let portal = Portal::empty().await;
        let [editor, chief] = [Role::Editor, Role::ChiefEditor].map(|role| somebody(role, portal.seeded.site(SITE).id));
        Self { portal, editor, chief }
    }

    async fn draft(&self, title: &str) -> Answer {
        let uri = format!("/v1/sites/{SITE}/articles");
        self.portal.send(Method::POST, &uri, &self.editor, &text(CATEGORY, title)).await
    }

    async fn step(&self, uri: &str, version: &str) -> Answer {
        self.portal.call(Method::POST, uri, Call::by(&self.chief).with("if-match", version)).await
    }
}

#[tokio::test]
async fn an_article_lives_from_draft_to_withdrawal() {
    let desk = Desk::open().await;
    let made = desk.draft("Lịch tiếp công dân tháng 7").await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["entry"]["id"].as_str().unwrap();
    let entry = format!("/v1/entries/{id}");
    assert_eq!((made.header("location"), made.header("etag")), (entry.as_str(), "\"v1\""));
    assert_eq!(made.body["entry"]["slug"], "lich-tiep-cong-dan-thang-7");
    assert_eq!(made.body["entry"]["draft"]["state"], "draft");

    let public = format!("/v1/articles/{id}");
    assert_eq!(desk.portal.get(&public).await.code(), (404, "NOT_FOUND"));

    let mut new = text(CATEGORY, "Lịch tiếp công dân tháng 8");
    new["topic"] = json!("tthc.bo");
    new["body"] = json!("<p onclick=\"this.focus()\">Mới</p><button onclick=\"x()\"></button>");
    let edited = desk.portal.call(Method::PUT, &entry, Call::json(&desk.editor, &new).with("if-match", "\"v1\"")).await;
    assert_eq!((edited.status.as_u16(), &edited.body["entry"]["version"]), (200, &json!(2)), "{}", edited.body);
    assert_eq!(edited.body["entry"]["draft"]["topic"]["code"], "tthc.bo");
    assert_eq!(edited.body["removed"], json!([{ "what": "@onclick", "count": 2 }, { "what": "button", "count": 1 }]));
    assert_eq!(edited.header("etag"), "", "sanitising may have changed what was put");

    let read = desk.portal.call(Method::GET, &entry, Call::by(&desk.chief)).await;
    assert_eq!((read.header("etag"), &read.body), ("\"v2\"", &edited.body["entry"]));

    let published = desk.step(&format!("{entry}/publish"), "\"v2\"").await;
    assert_eq!((published.header("etag"), published.header("content-location")), ("\"v3\"", entry.as_str()));
    assert_eq!((&published.body["draft"], &published.body["live"]["state"]), (&Value::Null, &json!("live")));
    let article = desk.portal.get(&public).await;
    assert_eq!((&article.body["title"], &article.body["body"]), (&new["title"], &json!("<p>Mới</p>")));

    let withdrawn = desk.step(&format!("{entry}/withdraw"), "\"v3\"").await;
    assert_eq!((withdrawn.status.as_u16(), &withdrawn.body["live"]), (200, &Value::Null));
    let gone = desk.portal.get(&public).await;
    assert_eq!(gone.code(), (410, "GONE"));
    assert_eq!(gone.body["goneAt"], desk.portal.now.to_string());
}

#[tokio::test]
async fn an_editor_reads_over_graphql_which_topic_is_the_articles_own() {
    let desk = Desk::open().await;
    let query = "query($id: ID!) { entry(id: $id) { draft { topic { code } } } }";
    for topic in [json!("tthc.bo"), Value::Null] {
        let mut input = text(CATEGORY, "Lịch tiếp công dân");
        input["topic"] = topic.clone();
        let uri = format!("/v1/sites/{SITE}/articles");
        let made = desk.portal.send(Method::POST, &uri, &desk.chief, &input).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let variables = json!({ "id": made.body["entry"]["id"] });
        let shown = desk.portal.graphql_as(Some(desk.chief.clone()), query, variables).await;
        let draft = &shown["data"]["entry"]["draft"];
        assert!(draft.is_object(), "{shown}");
        assert_eq!(draft["topic"]["code"], topic, "its category's topic is not its own");
    }
}

#[tokio::test]
async fn a_minor_publication_does_not_look_like_news() {
    let mut desk = Desk::open().await;
    let made = desk.draft("Một").await;
    let id = made.body["entry"]["id"].as_str().unwrap();
    let entry = format!("/v1/entries/{id}");
    desk.step(&format!("{entry}/publish"), "\"v1\"").await;
    let first = desk.portal.get(&format!("/v1/articles/{id}")).await.body;
    for (version, change, moves) in [(2, "minor", false), (4, "major", true)] {
        desk.portal.now = desk.portal.now.plus_seconds(60);
        let tag = format!("\"v{version}\"");
        let edit = Call::json(&desk.editor, &text(CATEGORY, "Hai")).with("if-match", &tag);
        assert_eq!(desk.portal.call(Method::PUT, &entry, edit).await.status, 200);
        let published = desk.step(&format!("{entry}/publish?change={change}"), &format!("\"v{}\"", version + 1)).await;
        assert_eq!(published.status, 200, "{}", published.body);
        let article = desk.portal.get(&format!("/v1/articles/{id}")).await.body;
        assert_eq!(article["updatedAt"] != first["updatedAt"], moves, "{change}");
        assert_eq!(article["modifiedAt"], desk.portal.now.to_string());
    }
}

#[tokio::test]
async fn a_write_against_another_version_fails_its_precondition_and_tells_the_current_one() {
    let desk = Desk::open().await;
    let made = desk.draft("Một").await;
    let entry = made.header("location").to_owned();
    let writes = [
        (Method::PUT, entry.clone()),
        (Method::POST, format!("{entry}/publish")),
        (Method::POST, format!("{entry}/withdraw")),
    ];
    for (method, uri) in writes {
        let call = Call::json(&desk.chief, &text(CATEGORY, "Hai"));
        let without = desk.portal.call(method.clone(), &uri, call.clone()).await;
        assert_eq!(without.code(), (428, "PRECONDITION_REQUIRED"), "{uri}");
        let stale = desk.portal.call(method.clone(), &uri, call.clone().with("if-match", "\"v7\"")).await;
        assert_eq!(stale.code(), (412, "PRECONDITION_FAILED"), "{uri}");
        assert_eq!(stale.body["currentVersion"], 1, "{uri}");
        let weak = desk.portal.call(method, &uri, call.with("if-match", "W/\"v1\"")).await;
        assert_eq!(weak.code(), (412, "PRECONDITION_FAILED"), "{uri}");
    }
    let withdraw = desk.step(&format!("{entry}/withdraw"), "\"v1\"").await;
    assert_eq!(withdraw.code(), (409, "WRONG_STATE"), "a draft is not public");
}

#[tokio::test]
async fn who_may_not_is_told_so_before_anything_else_is_looked_at() {
    let portal = Portal::empty().await;
    let chief = somebody(Role::ChiefEditor, portal.seeded.site(SITE).id);
    let entry = format!("/v1/entries/{}", nothing());
    let operations = [
        (Method::POST, format!("/v1/sites/{SITE}/articles"), Role::OperationsMonitor),
        (Method::GET, entry.clone(), Role::OperationsMonitor),
        (Method::PUT, entry.clone(), Role::Intermediary),
        (Method::POST, format!("{entry}/publish"), Role::Editor),
        (Method::POST, format!("{entry}/withdraw"), Role::Secretary),
    ];
    for (method, uri, weak) in operations {
        let nobody = portal.call(method.clone(), &uri, Call::default()).await;
        assert_eq!(nobody.code(), (401, "UNAUTHENTICATED"), "{method} {uri}");
        assert_eq!(nobody.header("www-authenticate"), "Bearer");
        let actor = somebody(weak, portal.seeded.site(SITE).id);
        let refused = portal.call(method.clone(), &uri, Call::by(&actor)).await;
        assert_eq!(refused.code(), (403, "FORBIDDEN"), "{method} {uri}");
        if uri.starts_with("/v1/entries") {
            let call = Call::json(&chief, &text(CATEGORY, "Hai")).with("if-match", "\"v1\"");
            let missing = portal.call(method.clone(), &uri, call).await;
            assert_eq!(missing.code(), (404, "NOT_FOUND"), "{method} {uri}");
        }
    }
}

#[tokio::test]
async fn another_sites_articles_do_not_exist_for_an_editor() {
    let desk = Desk::open().await;
    let made = desk.draft("Một").await;
    let entry = made.header("location");
    let stranger = somebody(Role::ChiefEditor, desk.portal.seeded.site("xuanpho.example.vn").id);
    let read = desk.portal.call(Method::GET, entry, Call::by(&stranger)).await;
    assert_eq!(read.code(), (404, "NOT_FOUND"));
    let publish = format!("{entry}/publish");
    let call = Call::by(&stranger).with("if-match", "\"v1\"");
    assert_eq!(desk.portal.call(Method::POST, &publish, call).await.code(), (404, "NOT_FOUND"));
    let uri = format!("/v1/sites/{SITE}/articles");
    let create = desk.portal.send(Method::POST, &uri, &stranger, &text(CATEGORY, "Hai")).await;
    assert_eq!(create.code(), (404, "NOT_FOUND"));
}
