//! Corrections (đính chính): shown with what they correct wherever that is shown, and taken along when either side goes.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_app::commands::desk::run_due;
use lienthong_domain::access::Role;
use lienthong_domain::change::ChangeKind;
use lienthong_persistence::changes;
use lienthong_test_support::{at, both_databases};

use crate::hand::{Hand, SITE, done, input, now, refusal};
use crate::harness::{Node, global_id};

const BESIDE: &str =
    "title updatedAt modifiedAt corrections { id title url publishedAt } corrects { id article { title url } }";

async fn article(node: &Node, entry: &Value) -> Value {
    let document = format!("query($id: ID!) {{ article(id: $id) {{ {BESIDE} }} }}");
    node.query(&document, json!({ "id": entry["id"] })).await.data()["article"].clone()
}

/// The same article from a list.
async fn listed(node: &Node, title: &str) -> Value {
    let list = node.query(&format!("{{ articles {{ nodes {{ {BESIDE} }} }} }}"), json!({})).await.data();
    let nodes = list["articles"]["nodes"].as_array().unwrap().clone();
    nodes.into_iter().find(|one| one["title"] == title).unwrap()
}

fn titles(article: &Value) -> Vec<&str> {
    article["corrections"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

/// A published article, its correction, which is published too, and the editor and the chief who made them.
async fn corrected<'a>(node: &'a Node, titles: [&str; 2]) -> (Hand<'a>, Hand<'a>, Value, Value) {
    let (editor, chief) = (Hand::of(node, Role::Editor).await, Hand::of(node, Role::ChiefEditor).await);
    let first = done(&chief.act("publishArticle", &editor.write(titles[0]).await, "").await);
    let draft = done(&editor.correct(&first["id"], titles[1]).await);
    let correction = done(&chief.act("publishArticle", &draft, "").await);
    (editor, chief, first, correction)
}

fn item<'a>(feed: &'a Value, title: &str) -> &'a Value {
    feed["items"].as_array().unwrap().iter().find(|item| item["title"] == title).unwrap()
}

both_databases! {
    async fn a_correction_is_shown_with_what_it_corrects_from_its_publication_on(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let first = done(&chief.act("publishArticle", &editor.write("Lịch tiếp dân").await, "").await);
        let drafted = done(&editor.correct(&first["id"], "Đính chính lịch").await);
        assert_eq!(drafted["corrects"], first["id"]);
        let before = article(&node, &first).await;
        assert_eq!(before["corrections"], json!([]));
        let address = format!("/v1/articles/{}", first["id"].as_str().unwrap());
        let tag = node.get(&address).await.header("etag").to_owned();

        let correction = done(&chief.act("publishArticle", &drafted, "").await);
        let after = article(&node, &first).await;
        assert_eq!(titles(&after), ["Đính chính lịch"]);
        assert_eq!(after["corrections"][0]["id"], correction["id"]);
        let url = after["corrections"][0]["url"].as_str().unwrap();
        assert!(url.starts_with(&format!("https://{SITE}/")) && url.ends_with("/dinh-chinh-lich"), "{url}");
        // The signed date stays; the date of the last change of any kind does not.
        assert_eq!(after["updatedAt"], before["updatedAt"]);
        assert!(after["modifiedAt"].as_str() > before["modifiedAt"].as_str());
        assert_ne!(node.get(&address).await.header("etag"), tag);
        let shown = article(&node, &correction).await;
        assert_eq!(shown["corrects"]["id"], first["id"]);
        assert_eq!(shown["corrects"]["article"]["title"], "Lịch tiếp dân");
        for (title, whole) in [("Lịch tiếp dân", &after), ("Đính chính lịch", &shown)] {
            assert_eq!(&listed(&node, title).await, whole);
        }

        let rest = node.get(&address).await.json();
        assert_eq!(rest["corrections"], after["corrections"]);
        assert_eq!(rest["modifiedAt"], after["modifiedAt"]);
        let list = node.get("/v1/articles").await.json();
        assert_eq!(list["data"][0]["corrects"]["article"]["title"], "Lịch tiếp dân");
        assert_eq!(list["data"][1]["corrections"][0]["title"], "Đính chính lịch");
        let signed = node.get(&format!("/v1/articles/{}/signature", correction["id"].as_str().unwrap())).await.json();
        let payload: Value = serde_json::from_str(signed["payload"].as_str().unwrap()).unwrap();
        assert_eq!(global_id("article", payload["edition"]["corrects"].as_str().unwrap().parse().unwrap()), first["id"]);
    }

    async fn whoever_republishes_a_feed_sees_the_correction_there(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let first = node.test.published(1, "Lịch <tiếp> dân", at("2024-06-01T00:00:00Z")).await;
        let first = json!({ "id": global_id("article", first.id.as_uuid()) });
        let path = format!("/feeds/sites/{SITE}");
        let before = node.get(&format!("{path}.json")).await.json();
        let drafted = done(&editor.correct(&first["id"], "Đính chính & xin lỗi").await);
        done(&chief.act("publishArticle", &drafted, "").await);

        let feed = node.get(&format!("{path}.json")).await.json();
        let (old, new) = (item(&feed, "Lịch <tiếp> dân"), item(&feed, "Đính chính & xin lỗi"));
        assert_eq!((&new["_lienthong"]["corrects"]["id"], &old["_lienthong"]["corrections"][0]["id"]), (&old["id"], &new["id"]));
        assert_eq!(old["_lienthong"]["corrections"][0]["url"], new["url"]);
        assert!(old["_lienthong"]["updated"].as_str() > before["items"][0]["_lienthong"]["updated"].as_str());
        let line = format!("<p><strong>Đính chính:</strong> <a href=\"{}\">Đính chính &amp; xin lỗi</a> (", new["url"].as_str().unwrap());
        assert!(old["content_html"].as_str().unwrap().starts_with(&line), "{old:#}");
        let line = "<p><strong>Đính chính cho bài:</strong> <a href=";
        assert!(new["content_html"].as_str().unwrap().starts_with(line), "{new:#}");
        assert!(new["content_text"].as_str().unwrap().contains("Đính chính cho bài: Lịch <tiếp> dân"), "{new:#}");

        let text = async |format: &str| String::from_utf8(node.get(&format!("{path}.{format}")).await.body).unwrap();
        let atom = text("atom").await;
        for part in [
            format!("<vn:correction ref=\"{}\"", new["id"].as_str().unwrap()),
            format!("<vn:corrects ref=\"{}\"", old["id"].as_str().unwrap()),
            format!("<link rel=\"related\" type=\"text/html\" href=\"{}\"", new["url"].as_str().unwrap()),
        ] {
            assert!(atom.contains(&part), "{part} is not in {atom}");
        }
        let rss = text("rss").await;
        assert!(rss.contains(&format!("<dc:relation>{}</dc:relation>", new["url"].as_str().unwrap())), "{rss}");
        assert!(rss.contains("Đính chính cho bài:") && atom.contains("Đính chính cho bài:"));
    }

    async fn a_correction_that_is_withdrawn_is_no_longer_shown_and_comes_back_with_its_next_edition(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief, first, correction) = corrected(&node, ["Tin", "Đính chính"]).await;
        let with = article(&node, &first).await;
        let gone = done(&chief.act("withdrawArticle", &correction, "").await);
        let without = article(&node, &first).await;
        assert_eq!(without["corrections"], json!([]));
        assert!(without["modifiedAt"].as_str() > with["modifiedAt"].as_str());
        let again = done(&editor.edit(&gone, "Đính chính lần hai").await);
        done(&chief.act("publishArticle", &again, "").await);
        assert_eq!(titles(&article(&node, &first).await), ["Đính chính lần hai"]);
        assert_eq!(article(&node, &correction).await["corrects"]["id"], first["id"]);
    }

    async fn what_is_corrected_may_go_and_its_correction_says_only_what_it_was(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief, first, correction) = corrected(&node, ["Tin", "Đính chính"]).await;
        let renamed = done(&editor.edit(&first, "Tin đã sửa").await);
        let renamed = done(&chief.act("publishArticle", &renamed, "").await);
        assert_eq!(article(&node, &correction).await["corrects"]["article"]["title"], "Tin đã sửa");
        assert_eq!(titles(&article(&node, &first).await), ["Đính chính"]);
        let decision = ", reason: \"Sai\", decidedBy: \"UBND xã\"";
        let gone = done(&chief.act("takeDownArticle", &renamed, decision).await);
        let left = json!({ "id": first["id"], "article": null });
        assert_eq!(article(&node, &correction).await["corrects"], left);
        assert_eq!(listed(&node, "Đính chính").await["corrects"], left);
        let again = done(&editor.edit(&gone, "Tin viết lại").await);
        done(&chief.act("publishArticle", &again, "").await);
        assert_eq!(titles(&article(&node, &first).await), ["Đính chính"]);
        assert_eq!(article(&node, &correction).await["corrects"]["article"]["title"], "Tin viết lại");
    }

    async fn corrections_stand_newest_first_and_end_with_their_time(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief, first, _) = corrected(&node, ["Tin", "Một"]).await;
        let second = done(&editor.correct(&first["id"], "Hai").await);
        let until = now().plus_seconds(60);
        done(&chief.act("publishArticle", &second, &format!(", until: \"{until}\"")).await);
        assert_eq!(titles(&article(&node, &first).await), ["Hai", "Một"]);
        assert_eq!(run_due(&node.test, until).await.unwrap(), 1);
        assert_eq!(titles(&article(&node, &first).await), ["Một"]);
        // A correction can be wrong as well.
        let one = article(&node, &first).await["corrections"][0]["id"].clone();
        let third = done(&editor.correct(&one, "Đính chính của đính chính").await);
        done(&chief.act("publishArticle", &third, "").await);
        assert_eq!(titles(&article(&node, &json!({ "id": one })).await), ["Đính chính của đính chính"]);
        assert_eq!(titles(&article(&node, &first).await), ["Một"]);
    }

    async fn only_what_the_public_of_the_same_site_has_read_is_corrected(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let never = editor.write("Chưa đăng").await;
        let elsewhere = node.test.published(2, "Tin xã bên", at("2024-06-01T00:00:00Z")).await;
        let unknown = "must exist on this site";
        for (corrects, rule) in [
            (never["id"].clone(), "must be an article that is or was public on this site"),
            (json!(global_id("article", elsewhere.id.as_uuid())), unknown),
            (json!(global_id("article", uuid::Uuid::nil())), unknown),
            (json!(global_id("site", uuid::Uuid::nil())), unknown),
        ] {
            let refused = editor.correct(&corrects, "Đính chính").await;
            assert_eq!(refusal(&refused), "INVALID_INPUT");
            assert_eq!(refused["errors"][0]["field"], "corrects");
            assert_eq!(refused["errors"][0]["message"], rule);
        }
        let first = done(&chief.act("publishArticle", &never, "").await);
        done(&chief.act("withdrawArticle", &first, "").await);
        let allowed = done(&editor.correct(&first["id"], "Đính chính bài đã gỡ").await);
        let published = done(&chief.act("publishArticle", &allowed, "").await);
        assert_eq!(article(&node, &published).await["corrects"], json!({ "id": first["id"], "article": null }));
    }

    async fn the_log_tells_every_node_of_what_is_shown_beside(db: TestDb) {
        let node = Node::start(db).await;
        let (_, chief, first, correction) = corrected(&node, ["Tin", "Đính chính"]).await;
        done(&chief.act("withdrawArticle", &first, "").await);
        let log = changes::after(node.test.store(), 0, 100).await.unwrap();
        let told: Vec<_> = log.iter().filter_map(|row| Some((row.change.kind, row.change.subject?.entry.as_uuid()))).collect();
        let told: Vec<_> = told.into_iter().map(|(kind, id)| (kind, json!(global_id("article", id)))).collect();
        assert_eq!(told, [
            (ChangeKind::Published, first["id"].clone()),
            (ChangeKind::Published, correction["id"].clone()),
            (ChangeKind::Corrected, first["id"].clone()),
            (ChangeKind::Withdrawn, first["id"].clone()),
            (ChangeKind::Corrected, correction["id"].clone()),
        ]);
    }

    async fn rest_makes_a_correction_as_graphql_does_and_keeps_it_one(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let first = done(&chief.act("publishArticle", &editor.write("Tin").await, "").await);
        let with = async |method: &str, path: String, corrects: &Value| {
            let mut body = input("Đính chính");
            body["corrects"] = corrects.clone();
            let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
            let request = request.header("authorization", format!("Bearer {}", editor.actor)).header("if-match", "\"v1\"");
            node.send(request.body(Body::from(body.to_string())).unwrap()).await
        };
        let refused = with("POST", format!("/v1/sites/{SITE}/articles"), &json!("khong-co")).await;
        assert_eq!(refused.problem(), (422, "INVALID_INPUT".to_owned()));
        let made = with("POST", format!("/v1/sites/{SITE}/articles"), &first["id"]).await;
        assert_eq!((made.status.as_u16(), &made.json()["entry"]["corrects"]), (201, &first["id"]));
        let address = made.header("location").to_owned();
        assert_eq!(with("PUT", address.clone(), &first["id"]).await.status.as_u16(), 422);
        let edited = with("PUT", address, &Value::Null).await;
        assert_eq!((edited.status.as_u16(), &edited.json()["entry"]["corrects"]), (200, &first["id"]));
    }
}
