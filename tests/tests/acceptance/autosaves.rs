//! What writers are typing: theirs alone, and no act.

use serde_json::{Value, json};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use lienthong_app::commands::desk::autosaves::keep;
use lienthong_domain::access::{Role, SiteScope};
use lienthong_domain::autosave::Scratch;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::{autosaves, entries};
use lienthong_test_support::both_databases;

use crate::hand::{Hand, done, now};
use crate::harness::Node;

const TYPED: &str = "<p onclick='x()'>Đang viết <script>alert(1)</script>";

async fn autosave(hand: &Hand<'_>, entry: &Value, body: &str) -> Value {
    let document = "mutation($id: ID!, $version: Int!, $body: String!) {
        autosave(id: $id, version: $version, input: { title: \"Nhan đề\", body: $body }) { savedAt expiresAt errors { code field } } }";
    let variables = json!({ "id": entry["id"], "version": entry["version"], "body": body });
    hand.ask(document, variables).await["data"]["autosave"].clone()
}

fn entry_of(entry: &Value) -> EntryId {
    let id = String::from_utf8(URL_SAFE_NO_PAD.decode(entry["id"].as_str().unwrap()).unwrap()).unwrap();
    EntryId::from_uuid(id.strip_prefix("article:").unwrap().parse().unwrap())
}

fn refusal(payload: &Value) -> &str {
    assert_eq!(payload["savedAt"], Value::Null, "{payload:#}");
    payload["errors"][0]["code"].as_str().unwrap()
}

async fn kept(hand: &Hand<'_>, entry: &Value) -> Value {
    hand.entry(entry, "autosaved { title summary body version isStale }").await["autosaved"].clone()
}

both_databases! {
    async fn what_is_typed_is_kept_as_it_is_for_its_writer_alone_and_is_no_act(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let written = editor.write("Lịch tiếp dân").await;
        let acts = node.test.store().count_rows("audit").await.unwrap();
        for body in ["<p>Một", TYPED] {
            assert_eq!(autosave(&editor, &written, body).await["errors"], json!([]));
        }
        let expected = json!({ "title": "Nhan đề", "summary": "", "body": TYPED, "version": 1, "isStale": false });
        assert_eq!(kept(&editor, &written).await, expected);
        assert_eq!(kept(&chief, &written).await, Value::Null);
        let entry = editor.entry(&written, "version draft { body state }").await;
        assert_eq!(entry, json!({ "version": 1, "draft": { "body": "<p>Lịch tiếp dân</p>", "state": "DRAFT" } }));
        assert_eq!(node.test.store().count_rows("audit").await.unwrap(), acts);
        assert_eq!(node.test.store().count_rows("autosave").await.unwrap(), 1);
        // Somebody else saves meanwhile: the writer keeps what it typed, and is told.
        done(&chief.edit(&written, "Lịch tiếp dân, sửa").await);
        assert_eq!(kept(&editor, &written).await["isStale"], true);
    }

    async fn saving_the_draft_or_throwing_the_article_away_forgets_what_was_typed(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let written = editor.write("Tin").await;
        for hand in [&editor, &chief] {
            assert_eq!(autosave(hand, &written, TYPED).await["errors"], json!([]));
        }
        let saved = done(&editor.edit(&written, "Tin đã lưu").await);
        assert_eq!(kept(&editor, &written).await, Value::Null);
        assert_eq!(kept(&chief, &written).await["body"], TYPED);
        done(&chief.act("discardArticle", &saved, "").await);
        assert_eq!(node.test.store().count_rows("autosave").await.unwrap(), 0);
        assert_eq!(refusal(&autosave(&editor, &written, TYPED).await), "WRONG_STATE");
        let other = editor.write("Tin khác").await;
        autosave(&editor, &other, TYPED).await;
        let forget = "mutation($id: ID!) { discardAutosave(id: $id) { forgotten errors { code } } }";
        for forgotten in [true, false] {
            let answer = editor.ask(forget, json!({ "id": other["id"] })).await["data"]["discardAutosave"].clone();
            assert_eq!(answer, json!({ "forgotten": forgotten, "errors": [] }));
        }
    }

    async fn what_has_been_handed_in_is_not_typed_into(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let written = editor.write("Tin").await;
        let submitted = done(&editor.act("submitArticle", &written, "").await);
        assert_eq!(refusal(&autosave(&editor, &submitted, TYPED).await), "WRONG_STATE");
        let approved = done(&chief.act("approveArticle", &submitted, "").await);
        assert_eq!(refusal(&autosave(&editor, &approved, TYPED).await), "WRONG_STATE");
        let returned = done(&chief.act("returnArticle", &approved, ", reason: \"Thiếu ảnh\"").await);
        assert_eq!(autosave(&editor, &returned, TYPED).await["errors"], json!([]));
        // Over what is public one writes as well.
        let edited = done(&editor.edit(&returned, "Tin có ảnh").await);
        let published = done(&chief.act("publishArticle", &edited, "").await);
        assert_eq!(autosave(&editor, &published, TYPED).await["errors"], json!([]));
        let article = node.query("query($id: ID!) { article(id: $id) { body } }", json!({ "id": written["id"] })).await;
        assert_eq!(article.data()["article"]["body"], "<p>Tin có ảnh</p>");
    }

    async fn what_is_too_long_is_refused_and_what_no_database_stores_is_left_out(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let written = editor.write("Tin").await;
        let document = "mutation($id: ID!, $title: String!) {
            autosave(id: $id, version: 1, input: { title: $title }) { savedAt errors { code field } } }";
        let long = json!({ "id": written["id"], "title": "x".repeat(501) });
        let refused = editor.ask(document, long).await["data"]["autosave"].clone();
        assert_eq!(refused["errors"], json!([{ "code": "INVALID_INPUT", "field": "title" }]));
        assert_eq!(autosave(&editor, &written, "a\u{0}b").await["errors"], json!([]));
        assert_eq!(kept(&editor, &written).await["body"], "ab");
    }

    async fn what_nobody_came_back_for_is_forgotten(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let (old, new) = (editor.write("Tin cũ").await, editor.write("Tin mới").await);
        assert_eq!(autosave(&editor, &old, TYPED).await["errors"], json!([]));
        let later = now().plus_seconds(15 * 24 * 60 * 60);
        let id = entry_of(&old);
        let entry = entries::find(node.test.store(), &SiteScope::Everywhere, id).await.unwrap().unwrap();
        assert!(autosaves::find(node.test.store(), (id, editor.actor), now()).await.unwrap().is_some());
        assert_eq!(autosaves::find(node.test.store(), (id, editor.actor), later).await.unwrap(), None);
        let scratch = Scratch { title: String::new(), summary: String::new(), body: TYPED.to_owned() };
        let what = ((entry_of(&new), entry.version), scratch);
        keep(&node.test, &node.test.own_or(), what, later).await.unwrap();
        assert_eq!(node.test.store().count_rows("autosave").await.unwrap(), 1);
    }

    async fn a_contributor_types_into_its_own_texts_only(db: TestDb) {
        let node = Node::start(db).await;
        let (contributor, editor) = (Hand::of(&node, Role::Contributor).await, Hand::of(&node, Role::Editor).await);
        let (own, other) = (contributor.write("Của tôi").await, editor.write("Của người khác").await);
        assert_eq!(autosave(&contributor, &own, TYPED).await["errors"], json!([]));
        assert_eq!(kept(&contributor, &own).await["body"], TYPED);
        assert_eq!(refusal(&autosave(&contributor, &other, TYPED).await), "NOT_FOUND");
    }
}
