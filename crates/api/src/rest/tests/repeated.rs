//! Creates that are sent again under their idempotency key.

use axum::http::Method;
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestDb, both_databases};
use serde_json::{Value, json};

use super::portal::{Answer, Call, NOW, Portal, somebody, text};

const SITE: &str = "xuanhai.example.vn";
const CATEGORY: &str = "xuanhai.example.vn/tin-tuc";
const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

async fn create(portal: &Portal, actor: &Actor, key: &str, body: &Value) -> Answer {
    let uri = format!("/v1/sites/{SITE}/articles");
    portal.call(Method::POST, &uri, Call::json(actor, body).with("idempotency-key", key)).await
}

async fn open(db: TestDb) -> (Portal, Actor) {
    let portal = Portal::on(db).await;
    let editor = somebody(Role::Editor, portal.seeded.site(SITE).id);
    (portal, editor)
}

both_databases! {
    async fn a_repeated_create_makes_nothing_and_is_answered_as_the_first_time(db: TestDb) {
        let (mut portal, editor) = open(db).await;
        let mut body = text(CATEGORY, "Lịch tiếp công dân");
        body["body"] = json!("<p onclick=\"this.focus()\">Một</p>");
        let first = create(&portal, &editor, KEY, &body).await;
        assert_eq!(first.status, 201);
        let entry = first.header("location").to_owned();
        // What has become of the article meanwhile does not change the answer.
        let chief = somebody(Role::ChiefEditor, portal.seeded.site(SITE).id);
        let publish = Call::by(&chief).with("if-match", "\"v1\"");
        assert_eq!(portal.call(Method::POST, &format!("{entry}/publish"), publish).await.status, 200);
        portal.now = portal.now.plus_seconds(24 * 60 * 60 - 1);
        let quoted = format!("\"{KEY}\"");
        for key in [KEY, &quoted] {
            let again = create(&portal, &editor, key, &body).await;
            assert_eq!((again.status, again.header("etag")), (first.status, "\"v1\""), "{}", again.body);
            assert_eq!((again.header("location"), &again.body), (entry.as_str(), &first.body));
        }
        let other_slug = create(&portal, &editor, "khac", &body).await;
        assert_eq!(other_slug.body["entry"]["slug"], "lich-tiep-cong-dan-2", "only one article had been made");
    }

    async fn an_explicit_address_is_not_taken_by_its_own_first_attempt(db: TestDb) {
        let (portal, editor) = open(db).await;
        let mut body = text(CATEGORY, "Một");
        body["slug"] = json!("bai-mot");
        let first = create(&portal, &editor, KEY, &body).await;
        let again = create(&portal, &editor, KEY, &body).await;
        assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    }

    async fn a_key_used_for_something_else_is_refused(db: TestDb) {
        let (portal, editor) = open(db).await;
        create(&portal, &editor, KEY, &text(CATEGORY, "Một")).await;
        let other = create(&portal, &editor, KEY, &text(CATEGORY, "Hai")).await;
        assert_eq!(other.code(), (422, "IDEMPOTENCY_KEY_REUSED"));
        let spaced = format!("{:#}", text(CATEGORY, "Một"));
        let call = Call { body: spaced.into_bytes(), ..Call::json(&editor, &json!({})) };
        let uri = format!("/v1/sites/{SITE}/articles");
        let again = portal.call(Method::POST, &uri, call.with("idempotency-key", KEY)).await;
        assert_eq!(again.status, 201, "the same request in other spaces is the same request");
    }

    async fn keys_are_an_accounts_own_and_forgotten_after_a_day(db: TestDb) {
        let (mut portal, editor) = open(db).await;
        let body = text(CATEGORY, "Một");
        let first = create(&portal, &editor, KEY, &body).await;
        let colleague = somebody(Role::Editor, portal.seeded.site(SITE).id);
        let theirs = create(&portal, &colleague, KEY, &body).await;
        assert_ne!(theirs.header("location"), first.header("location"));
        portal.now = Timestamp::parse(NOW).unwrap().plus_seconds(24 * 60 * 60);
        let later = create(&portal, &editor, KEY, &body).await;
        assert_eq!(later.status, 201);
        assert_ne!(later.header("location"), first.header("location"));
    }

    async fn a_failed_create_does_not_use_up_its_key(db: TestDb) {
        let (portal, editor) = open(db).await;
        let mut body = text(CATEGORY, "Một");
        body["slug"] = json!("bai-mot");
        create(&portal, &editor, "first", &body).await;
        assert_eq!(create(&portal, &editor, KEY, &body).await.code(), (409, "SLUG_TAKEN"));
        body["slug"] = json!("bai-hai");
        assert_eq!(create(&portal, &editor, KEY, &body).await.status, 201);
    }

    async fn a_key_that_is_none_is_refused(db: TestDb) {
        let (portal, editor) = open(db).await;
        for key in ["", "\"\"", "hai tu"] {
            let answer = create(&portal, &editor, key, &text(CATEGORY, "Một")).await;
            assert_eq!(answer.code(), (400, "BAD_REQUEST"), "{key:?}");
            assert_eq!(answer.body["errors"][0]["name"], "Idempotency-Key");
        }
        let twice = Call::json(&editor, &text(CATEGORY, "Một")).with("idempotency-key", "a").with("idempotency-key", "b");
        let uri = format!("/v1/sites/{SITE}/articles");
        assert_eq!(portal.call(Method::POST, &uri, twice).await.code(), (400, "BAD_REQUEST"));
    }

    async fn of_many_at_once_one_makes_the_article_and_all_are_answered_alike(db: TestDb) {
        let (portal, editor) = open(db).await;
        let body = text(CATEGORY, "Một");
        let answers = futures::future::join_all((0..8).map(|_| create(&portal, &editor, KEY, &body))).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.body), (201, &answers[0].body));
        }
        let next = create(&portal, &editor, "khac", &body).await;
        assert_eq!(next.body["entry"]["slug"], "mot-2", "only one article had been made");
    }
}
