//! Release bundles: articles that become public together, or not at all.

use serde_json::{Value, json};

use lienthong_app::commands::desk::run_due;
use lienthong_domain::access::Role;
use lienthong_domain::hold::Pace;
use lienthong_persistence::changes;
use lienthong_test_support::both_databases;

use crate::hand::{Hand, SITE, done, now, titles};
use crate::harness::Node;

const SHOWN: &str = "bundle { id version name state publishAt publishedAt articles { id slug title putIn version state }
    failure { at problems { id slug code reason } } } errors { code field message currentVersion } problems { id slug code reason }";

/// The desk of one site.
struct Desk<'a> {
    editor: Hand<'a>,
    chief: Hand<'a>,
}

impl<'a> Desk<'a> {
    async fn of(node: &'a Node) -> Self {
        Self { editor: Hand::of(node, Role::Editor).await, chief: Hand::of(node, Role::ChiefEditor).await }
    }

    async fn approved(&self, title: &str) -> Value {
        let submitted = done(&self.editor.act("submitArticle", &self.editor.write(title).await, "").await);
        done(&self.chief.act("approveArticle", &submitted, "").await)
    }

    /// Calls a mutation about a bundle with more arguments as they stand in the document.
    async fn call(&self, mutation: &str, bundle: &Value, more: &str) -> Value {
        let document = format!(
            "mutation($id: ID!, $version: Int!) {{ it: {mutation}(id: $id, version: $version{more}) {{ {SHOWN} }} }}"
        );
        let answer = self.chief.ask(&document, json!({ "id": bundle["id"], "version": bundle["version"] })).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"]["it"].clone()
    }

    async fn create(&self, name: &str) -> Value {
        let document = format!(
            "mutation($site: String!, $name: String!) {{ it: createBundle(site: $site, name: $name) {{ {SHOWN} }} }}"
        );
        self.chief.ask(&document, json!({ "site": SITE, "name": name })).await["data"]["it"].clone()
    }

    async fn add(&self, bundle: &Value, entry: &Value) -> Value {
        self.call("addToBundle", bundle, &format!(", article: {}, articleVersion: {}", entry["id"], entry["version"]))
            .await
    }

    /// A bundle with these articles.
    async fn bundle(&self, entries: &[&Value]) -> Value {
        let mut bundle = changed(&self.create("Bầu cử 2026").await);
        for entry in entries {
            bundle = changed(&self.add(&bundle, entry).await);
        }
        bundle
    }

    async fn read(&self, bundle: &Value) -> Value {
        let document = "query($id: ID!) { bundle(id: $id) { state publishAt failure { problems { slug code } } articles { state } } }";
        self.chief.ask(document, json!({ "id": bundle["id"] })).await["data"]["bundle"].clone()
    }
}

/// The bundle of a payload without errors.
fn changed(payload: &Value) -> Value {
    assert_eq!((&payload["errors"], &payload["problems"]), (&json!([]), &json!([])), "{payload:#}");
    payload["bundle"].clone()
}

fn refused(payload: &Value) -> &str {
    assert_eq!(payload["bundle"], Value::Null, "{payload:#}");
    payload["errors"][0]["code"].as_str().unwrap()
}

both_databases! {
    async fn a_bundle_of_more_than_a_person_publishes_in_an_hour_waits_for_a_second_person(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let deputy = Hand::of(&node, Role::DeputyEditor).await;
        let [one, two, three] = [desk.approved("Một").await, desk.approved("Hai").await, desk.approved("Ba").await];
        let bundle = desk.bundle(&[&one, &two]).await;
        node.test.app.set_pace(Pace { publishing: 2, ..Pace::UNLIMITED });
        done(&desk.chief.act("publishArticle", &three, "").await);
        let soon = format!(", at: \"{}\"", now().plus_seconds(600));
        for (mutation, more) in [("publishBundle", ""), ("scheduleBundle", soon.as_str()), ("publishBundle", "")] {
            let refused = desk.call(mutation, &bundle, more).await;
            assert_eq!(refused["errors"][0]["code"], "HELD", "{refused:#}");
        }
        assert_eq!(desk.read(&bundle).await["state"], "OPEN");
        assert_eq!(titles(&node).await, json!([{ "title": "Ba" }]));
        for entry in [&one, &two] {
            done(&deputy.act("releaseArticle", entry, ", reason: \"Đúng kế hoạch\"").await);
        }
        let published = changed(&desk.call("publishBundle", &bundle, "").await);
        assert_eq!(published["state"], "PUBLISHED");
        assert_eq!(titles(&node).await.as_array().unwrap().len(), 3);
    }

    async fn the_articles_of_a_bundle_become_public_in_one_transaction(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let (one, two) = (desk.approved("Danh sách cử tri").await, desk.approved("Danh sách ứng cử").await);
        let bundle = desk.bundle(&[&one, &two]).await;
        assert_eq!((&bundle["state"], bundle["articles"].as_array().unwrap().len()), (&json!("OPEN"), 2));
        assert_eq!(titles(&node).await, json!([]));
        let head = node.test.store().head().await.unwrap().seq;
        let published = changed(&desk.call("publishBundle", &bundle, "").await);
        assert_eq!(published["state"], "PUBLISHED");
        let mut shown: Vec<Value> = titles(&node).await.as_array().unwrap().clone();
        shown.sort_by_key(ToString::to_string);
        assert_eq!(shown, [json!({ "title": "Danh sách cử tri" }), json!({ "title": "Danh sách ứng cử" })]);
        // One moment for all, as everything in one transaction has.
        let logged = changes::after(node.test.store(), head, 10).await.unwrap();
        assert_eq!((logged.len(), logged[0].change.at), (2, logged[1].change.at));
        assert_eq!(refused(&desk.call("publishBundle", &published, "").await), "WRONG_STATE");
        assert_eq!(refused(&desk.add(&published, &one).await), "WRONG_STATE");
    }

    async fn one_article_that_cannot_be_published_keeps_all_of_them_back(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let [fine, edited, quarantined, gone] =
            [desk.approved("Tin tốt").await, desk.approved("Tin sửa").await, desk.approved("Tin giữ").await, desk.approved("Tin bỏ").await];
        let bundle = desk.bundle(&[&fine, &edited, &quarantined, &gone]).await;
        done(&desk.editor.edit(&edited, "Tin sửa lại").await);
        let take_away = "mutation($id: ID!) { quarantine(article: $id, reason: \"Nghi ngờ\") { errors { code } } }";
        let scheduled = format!(", at: \"{}\"", now().plus_seconds(600));
        done(&desk.chief.act("publishArticle", &quarantined, &scheduled).await);
        desk.chief.ask(take_away, json!({ "id": quarantined["id"] })).await;
        done(&desk.chief.act("discardArticle", &gone, "").await);

        let payload = desk.call("publishBundle", &bundle, "").await;
        assert_eq!(refused(&payload), "BUNDLE_REFUSED");
        let mut problems: Vec<_> = payload["problems"].as_array().unwrap().iter()
            .map(|one| (one["id"].clone(), one["code"].as_str().unwrap())).collect();
        problems.sort_by_key(|(id, _)| [&edited, &quarantined, &gone].iter().position(|one| one["id"] == *id));
        assert_eq!(problems, [
            (edited["id"].clone(), "VERSION_CONFLICT"),
            (quarantined["id"].clone(), "VERSION_CONFLICT"),
            (gone["id"].clone(), "VERSION_CONFLICT"),
        ]);
        assert_eq!(titles(&node).await, json!([]));
        assert_eq!(desk.read(&bundle).await["state"], "OPEN");
        let mut left = bundle;
        for entry in [&edited, &quarantined, &gone] {
            left = changed(&desk.call("removeFromBundle", &left, &format!(", article: {}", entry["id"])).await);
        }
        changed(&desk.call("publishBundle", &left, "").await);
        assert_eq!(titles(&node).await, json!([{ "title": "Tin tốt" }]));
    }

    async fn what_stands_in_the_way_of_the_site_is_named_for_each_article(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let one = desk.approved("Tin một").await;
        let bundle = desk.bundle(&[&one]).await;
        let close = "mutation($site: String!) { quarantine(site: $site, reason: \"Trang bị chiếm\") { errors { code } } }";
        desk.chief.ask(close, json!({ "site": SITE })).await;
        let payload = desk.call("publishBundle", &bundle, "").await;
        assert_eq!((refused(&payload), &payload["problems"][0]["code"]), ("BUNDLE_REFUSED", &json!("QUARANTINED")));
        assert_eq!(payload["problems"][0]["slug"], one["slug"]);
    }

    async fn a_scheduled_bundle_is_published_once_at_its_time_and_caches_hear_of_it_before(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let other = node.test.second_node().await;
        let (one, two) = (desk.approved("Tin một").await, desk.approved("Tin hai").await);
        let bundle = desk.bundle(&[&one, &two]).await;
        let at = now().plus_seconds(40);
        let past = desk.call("scheduleBundle", &bundle, &format!(", at: \"{}\"", now().plus_seconds(-1))).await;
        assert_eq!((refused(&past), &past["errors"][0]["field"]), ("INVALID_INPUT", &json!("at")));
        let scheduled = changed(&desk.call("scheduleBundle", &bundle, &format!(", at: \"{at}\"")).await);
        assert_eq!(scheduled["state"], "SCHEDULED");
        let delete = "mutation($id: ID!, $version: Int!) { deleteBundle(id: $id, version: $version) { errors { code } } }";
        let kept = desk.chief.ask(delete, json!({ "id": scheduled["id"], "version": scheduled["version"] })).await;
        assert_eq!(kept["data"]["deleteBundle"]["errors"][0]["code"], "WRONG_STATE");
        other.catch_up().await.unwrap();
        assert_eq!((node.test.next_due(), other.next_due()), (Some(at), Some(at)));
        let control = node.get("/v1/articles").await.header("cache-control").to_owned();
        assert!(control.contains("must-revalidate"), "{control}");

        assert_eq!(run_due(&node.test, at.plus_seconds(-1)).await.unwrap(), 0);
        let (first, second) = tokio::join!(run_due(&node.test, at), run_due(&other, at));
        assert_eq!(first.unwrap() + second.unwrap(), 2, "one node publishes both");
        node.test.catch_up().await.unwrap();
        assert_eq!(titles(&node).await.as_array().unwrap().len(), 2);
        assert_eq!(desk.read(&bundle).await["state"], "PUBLISHED");
    }

    async fn a_scheduled_bundle_that_cannot_be_published_says_why_and_is_not_tried_again(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let (one, two) = (desk.approved("Tin một").await, desk.approved("Tin hai").await);
        let bundle = desk.bundle(&[&one, &two]).await;
        let at = now().plus_seconds(40);
        changed(&desk.call("scheduleBundle", &bundle, &format!(", at: \"{at}\"")).await);
        let returned = done(&desk.chief.act("returnArticle", &two, ", reason: \"Thiếu ảnh\"").await);
        assert_eq!(run_due(&node.test, at).await.unwrap(), 0);
        assert_eq!((titles(&node).await, node.test.next_due()), (json!([]), None));
        let read = desk.read(&bundle).await;
        assert_eq!((&read["state"], &read["publishAt"]), (&json!("OPEN"), &Value::Null));
        let problem = json!({ "slug": two["slug"], "code": "VERSION_CONFLICT" });
        assert_eq!(read["failure"]["problems"], json!([problem]));
        assert_eq!(run_due(&node.test, at.plus_seconds(60)).await.unwrap(), 0);

        // Mended, approved and put in again, it is published.
        let again = done(&desk.editor.edit(&returned, "Tin hai, đủ ảnh").await);
        let again = done(&desk.editor.act("submitArticle", &again, "").await);
        let again = done(&desk.chief.act("approveArticle", &again, "").await);
        let list = "query($site: String!) { bundles(site: $site) { id version failure { at } articles { putIn version } } }";
        let listed = desk.chief.ask(list, json!({ "site": SITE })).await["data"]["bundles"][0].clone();
        assert_ne!(listed["failure"], Value::Null);
        let stale = |one: &Value| one["putIn"] != one["version"];
        assert_eq!(listed["articles"].as_array().unwrap().iter().filter(|one| stale(one)).count(), 1);
        let filled = changed(&desk.add(&listed, &again).await);
        let published = changed(&desk.call("publishBundle", &filled, "").await);
        assert_eq!((&published["failure"], titles(&node).await.as_array().unwrap().len()), (&Value::Null, 2));
    }

    async fn only_what_is_approved_is_put_in_and_waits_in_one_bundle(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let draft = desk.editor.write("Nháp").await;
        let bundle = desk.bundle(&[]).await;
        assert_eq!(refused(&desk.add(&bundle, &draft).await), "WRONG_STATE");
        assert_eq!(refused(&desk.call("publishBundle", &bundle, "").await), "WRONG_STATE");
        let one = desk.approved("Tin một").await;
        let filled = changed(&desk.add(&bundle, &one).await);
        let conflict = desk.add(&bundle, &one).await;
        assert_eq!((refused(&conflict), &conflict["errors"][0]["currentVersion"]), ("VERSION_CONFLICT", &filled["version"]));
        let second = desk.bundle(&[]).await;
        assert_eq!(refused(&desk.add(&second, &one).await), "WRONG_STATE");
        let scheduled = changed(&desk.call("scheduleBundle", &filled, ", at: \"2100-01-01T00:00:00Z\"").await);
        let open = changed(&desk.call("unscheduleBundle", &scheduled, "").await);
        let delete = "mutation($id: ID!, $version: Int!) { deleteBundle(id: $id, version: $version) { errors { code } } }";
        let deleted = desk.chief.ask(delete, json!({ "id": open["id"], "version": open["version"] })).await;
        assert_eq!(deleted["data"]["deleteBundle"]["errors"], json!([]));
        changed(&desk.add(&second, &one).await);
    }

    async fn the_trail_tells_what_was_done_with_a_bundle(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let one = desk.approved("Tin một").await;
        let bundle = desk.bundle(&[&one]).await;
        changed(&desk.call("publishBundle", &bundle, "").await);
        let trail = "query($site: String!) { auditTrail(site: $site, first: 4) { operation note } }";
        let acts = desk.chief.ask(trail, json!({ "site": SITE })).await["data"]["auditTrail"].clone();
        let notes: Vec<&str> = acts.as_array().unwrap().iter().map(|act| act["note"].as_str().unwrap()).collect();
        let named = |version: u32| format!("bundle {} at version {version}: Bầu cử 2026", bundle["id"].as_str().unwrap());
        // The first signature of the site makes its key.
        assert!(notes.contains(&one["slug"].as_str().unwrap()), "{notes:?}");
        assert!(notes.contains(&named(3).as_str()) && acts[0]["operation"] == "publish", "{acts:#}");
    }
}
