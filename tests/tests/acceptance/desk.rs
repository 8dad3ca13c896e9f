//! The editorial desk, over GraphQL: from a contributor's hand to the public and out of it again.

use serde_json::{Value, json};

use lienthong_app::commands::desk::{previews, run_due};
use lienthong_domain::access::Role;
use lienthong_test_support::both_databases;

use crate::hand::{Hand, SITE, done, now, refusal, titles};
use crate::harness::Node;

both_databases! {
    async fn a_contribution_of_an_agency_goes_through_every_hand_before_the_public_sees_it(db: TestDb) {
        let node = Node::start(db).await;
        let agency = Hand::of(&node, Role::AgencyContributor).await;
        let intermediary = Hand::of(&node, Role::Intermediary).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;

        let written = agency.write("Tập huấn chuyển đổi số").await;
        assert_eq!(agency.entry(&written, "draft { state }").await["draft"]["state"], "DRAFT");
        let submitted = done(&agency.act("submitArticle", &written, "").await);
        assert_eq!(submitted["draft"]["state"], "SUBMITTED");
        assert_eq!(submitted["draft"]["needsScreening"], true);
        assert_eq!(refusal(&chief.act("approveArticle", &submitted, "").await), "WRONG_STATE");
        assert_eq!(refusal(&chief.act("publishArticle", &submitted, "").await), "WRONG_STATE");

        let screened = done(&intermediary.act("screenArticle", &submitted, "").await);
        let returned = done(&chief.act("returnArticle", &screened, ", reason: \"Thiếu ngày\\ntổ chức\"").await);
        assert_eq!(returned["draft"]["state"], "RETURNED");
        let seen = agency.entry(&returned, "remarks { kind text }").await;
        assert_eq!(seen["remarks"], json!([{ "kind": "RETURN", "text": "Thiếu ngày\ntổ chức" }]));

        let edited = done(&editor.edit(&returned, "Tập huấn chuyển đổi số ngày 05/7").await);
        assert_eq!((&edited["draft"]["number"], &edited["draft"]["state"]), (&json!(2), &json!("DRAFT")));
        let submitted = done(&editor.act("submitArticle", &edited, "").await);
        assert_eq!(submitted["draft"]["needsScreening"], false);
        let approved = done(&chief.act("approveArticle", &submitted, "").await);
        assert_eq!(titles(&node).await, json!([]));
        let published = done(&chief.act("publishArticle", &approved, ", note: \"Bổ sung ngày\"").await);
        assert_eq!(published["live"]["state"], "LIVE");
        assert_eq!(titles(&node).await, json!([{ "title": "Tập huấn chuyển đổi số ngày 05/7" }]));

        let history = chief.entry(&published, "editions { number state title changeNote }").await;
        assert_eq!(history["editions"], json!([
            { "number": 2, "state": "LIVE", "title": "Tập huấn chuyển đổi số ngày 05/7", "changeNote": "Bổ sung ngày" },
            { "number": 1, "state": "REPLACED", "title": "Tập huấn chuyển đổi số", "changeNote": null },
        ]));
    }

    async fn what_is_taken_down_answers_that_it_is_gone_and_keeps_the_reason(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let published = done(&chief.act("publishArticle", &editor.write("Tin sai").await, "").await);
        let decision = ", reason: \"Nhầm số liệu\", decidedBy: \"Chủ tịch UBND xã\"";
        let gone = done(&chief.act("takeDownArticle", &published, decision).await);
        assert_eq!((&gone["live"], titles(&node).await), (&Value::Null, json!([])));
        let article = node.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": gone["id"] })).await;
        assert_eq!(article.error_code(), "GONE");
        let remarks = chief.entry(&gone, "remarks { kind text decidedBy }").await["remarks"].clone();
        let taken_down = json!({ "kind": "TAKE_DOWN", "text": "Nhầm số liệu", "decidedBy": "Chủ tịch UBND xã" });
        assert_eq!(remarks[0], taken_down);
    }

    async fn nobody_lets_their_own_text_pass_unless_an_exception_is_recorded(db: TestDb) {
        let node = Node::start(db).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let written = chief.write("Lịch tiếp công dân").await;
        assert_eq!(refusal(&chief.act("publishArticle", &written, "").await), "OWN_WORK");
        let submitted = done(&chief.act("submitArticle", &written, "").await);
        assert_eq!(refusal(&chief.act("approveArticle", &submitted, "").await), "OWN_WORK");

        let monitor = Hand::of(&node, Role::OperationsMonitor).await;
        let list = "{ fourEyesExceptions(unit: \"xuan-hai\") { site { host } reason } }";
        assert_eq!(monitor.ask(list, json!({})).await["data"]["fourEyesExceptions"], json!([]));
        let record = "mutation($site: String!) {
            recordFourEyesException(site: $site, reason: \"Ban biên tập có một người\") { errors { code } } }";
        let site = json!({ "site": SITE });
        assert_eq!(chief.ask(record, site.clone()).await["data"]["recordFourEyesException"]["errors"], json!([]));
        let listed = json!([{ "site": { "host": SITE }, "reason": "Ban biên tập có một người" }]);
        assert_eq!(monitor.ask(list, json!({})).await["data"]["fourEyesExceptions"], listed);
        done(&chief.act("publishArticle", &submitted, "").await);

        let end = "mutation($site: String!) { endFourEyesException(site: $site) { errors { code } } }";
        assert_eq!(chief.ask(end, site).await["data"]["endFourEyesException"]["errors"], json!([]));
        let written = chief.write("Bài khác").await;
        assert_eq!(refusal(&chief.act("publishArticle", &written, "").await), "OWN_WORK");
    }

    async fn a_contributor_reads_edits_and_submits_its_own_texts_and_no_others(db: TestDb) {
        let node = Node::start(db).await;
        let contributor = Hand::of(&node, Role::Contributor).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let (own, other) = (contributor.write("Của tôi").await, editor.write("Của người khác").await);
        assert_eq!(contributor.entry(&own, "version").await, json!({ "version": 1 }));
        assert_eq!(contributor.entry(&other, "version").await, Value::Null);
        assert_eq!(refusal(&contributor.edit(&other, "x").await), "NOT_FOUND");
        assert_eq!(refusal(&contributor.act("submitArticle", &other, "").await), "NOT_FOUND");
        let edited = done(&contributor.edit(&own, "Của tôi, sửa").await);
        let submitted = done(&contributor.act("submitArticle", &edited, "").await);
        assert_eq!(submitted["draft"]["needsScreening"], false);
        let comment = "mutation($id: ID!) { commentOnArticle(id: $id, text: \"Đã sửa\") { remark { text } errors { code } } }";
        let said = contributor.ask(comment, json!({ "id": own["id"] })).await["data"]["commentOnArticle"].clone();
        assert_eq!(said, json!({ "remark": { "text": "Đã sửa" }, "errors": [] }));
        let said = contributor.ask(comment, json!({ "id": other["id"] })).await["data"]["commentOnArticle"].clone();
        assert_eq!(said["errors"][0]["code"], "NOT_FOUND");
    }

    async fn a_scheduled_article_appears_at_its_time_on_every_node_and_ends_when_it_is_over(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let other = node.test.second_node().await;
        let (soon, later) = (now().plus_seconds(40), now().plus_seconds(80));
        let written = editor.write("Thông báo cắt điện").await;
        let times = format!(", at: \"{soon}\", until: \"{later}\"");
        let scheduled = done(&chief.act("publishArticle", &written, &times).await);
        assert_eq!(scheduled["draft"]["state"], "SCHEDULED");
        other.catch_up().await.unwrap();
        // Answers given now are not kept beyond the moment at which they are no longer true.
        let reply = node.get("/v1/articles").await;
        let control = reply.header("cache-control");
        let lifetime: u32 = control.split("s-maxage=").nth(1).unwrap().split(',').next().unwrap().trim().parse().unwrap();
        assert!((30..=40).contains(&lifetime) && control.contains("must-revalidate"), "{control}");
        assert_eq!(other.next_due(), Some(soon));

        assert_eq!(run_due(&node.test, soon.plus_seconds(-1)).await.unwrap(), 0);
        let (first, second) = tokio::join!(run_due(&node.test, soon), run_due(&other, soon));
        assert_eq!(first.unwrap() + second.unwrap(), 1, "one node does it");
        assert_eq!(titles(&node).await, json!([{ "title": "Thông báo cắt điện" }]));
        assert_eq!(run_due(&other, later).await.unwrap(), 1);
        node.test.catch_up().await.unwrap();
        assert_eq!(titles(&node).await, json!([]));
        let history = chief.entry(&scheduled, "editions { state }").await;
        assert_eq!(history["editions"], json!([{ "state": "EXPIRED" }]));
    }

    async fn a_time_that_is_taken_back_passes_without_effect(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let at = now().plus_seconds(60);
        let written = editor.write("Tin").await;
        let past = format!(", until: \"{}\"", now().plus_seconds(-60));
        let refused = chief.act("publishArticle", &written, &past).await;
        assert_eq!((refusal(&refused), &refused["errors"][0]["field"]), ("INVALID_INPUT", &json!("until")));
        let scheduled = done(&chief.act("publishArticle", &written, &format!(", at: \"{at}\"")).await);
        let approved = done(&chief.act("unscheduleArticle", &scheduled, "").await);
        assert_eq!(approved["draft"]["state"], "APPROVED");
        assert_eq!(run_due(&node.test, at.plus_seconds(1)).await.unwrap(), 0);
        assert_eq!(titles(&node).await, json!([]));
    }

    async fn an_archived_article_is_read_at_its_address_and_stands_in_no_list(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let written = editor.write("Tin cũ").await;
        let published = done(&chief.act("publishArticle", &written, "").await);
        let archived = done(&chief.act("archiveArticle", &published, "").await);
        assert_ne!(archived["archivedAt"], Value::Null);
        assert_eq!(titles(&node).await, json!([]));
        let address = format!("/v1/sites/{SITE}/articles/tin-cu");
        assert_eq!(node.get(&address).await.status.as_u16(), 200);
        assert!(!String::from_utf8(node.get(&format!("/feeds/sites/{SITE}.atom")).await.body).unwrap().contains("Tin cũ"));
        done(&chief.act("archiveArticle", &archived, ", archived: false").await);
        assert_eq!(titles(&node).await, json!([{ "title": "Tin cũ" }]));
    }

    async fn a_redirected_article_says_where_it_is_found_now(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let written = editor.write("Tin chuyển").await;
        let published = done(&chief.act("publishArticle", &written, "").await);
        let refused = chief.act("redirectArticle", &published, ", to: \"javascript:alert(1)\"").await;
        assert_eq!((refusal(&refused), &refused["errors"][0]["field"]), ("INVALID_INPUT", &json!("to")));
        done(&chief.act("redirectArticle", &published, ", to: \"https://hatinh.example/tin-moi\"").await);
        let reply = node.get(&format!("/v1/sites/{SITE}/articles/tin-chuyen")).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (410, &json!("MOVED")));
        assert_eq!(reply.json()["location"], "https://hatinh.example/tin-moi");
        let question = format!("{{ article(site: \"{SITE}\", slug: \"tin-chuyen\") {{ title }} }}");
        let answer = node.query(&question, json!({})).await.json();
        assert_eq!(answer["errors"][0]["extensions"]["location"], "https://hatinh.example/tin-moi");
    }

    async fn the_trash_takes_what_is_not_public_and_gives_it_back_whole(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let secretary = Hand::of(&node, Role::Secretary).await;
        let written = editor.write("Nháp").await;
        let discarded = done(&secretary.act("discardArticle", &written, "").await);
        assert_ne!(discarded["discardedAt"], Value::Null);
        assert_eq!(refusal(&editor.edit(&discarded, "x").await), "WRONG_STATE");
        let back = done(&secretary.act("discardArticle", &discarded, ", discarded: false").await);
        assert_eq!((&back["discardedAt"], &back["draft"]["title"]), (&Value::Null, &json!("Nháp")));
    }

    async fn two_who_write_at_once_lose_nothing_and_the_second_is_told_both_versions(db: TestDb) {
        let node = Node::start(db).await;
        let (one, two) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::Editor).await);
        let written = one.write("Bản chung").await;
        let (first, second) = tokio::join!(one.edit(&written, "Của một"), two.edit(&written, "Của hai"));
        let (winner, loser) = if first["entry"] == Value::Null { (second, first) } else { (first, second) };
        assert_eq!((refusal(&loser), &loser["errors"][0]["currentVersion"]), ("VERSION_CONFLICT", &json!(2)));
        assert!(loser["errors"][0]["message"].as_str().unwrap().contains("version 1"), "{loser}");
        let kept = one.entry(&written, "version draft { title }").await;
        assert_eq!(kept, json!({ "version": 2, "draft": { "title": winner["entry"]["draft"]["title"] } }));
    }

    async fn what_was_handed_in_keeps_its_text_whatever_is_written_on(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let written = editor.write("Bản một").await;
        let submitted = done(&editor.act("submitArticle", &written, "").await);
        let edited = done(&editor.edit(&submitted, "Bản hai").await);
        let late = chief.act("approveArticle", &submitted, "").await;
        assert_eq!(refusal(&late), "VERSION_CONFLICT", "what the chief has read is no longer what stands there");
        let history = editor.entry(&edited, "editions { number state title body }").await;
        assert_eq!(history["editions"][1], json!({
            "number": 1, "state": "REPLACED", "title": "Bản một", "body": "<p>Bản một</p>",
        }));
    }

    async fn the_work_list_holds_what_is_on_its_way_and_to_each_hand_what_it_may_see(db: TestDb) {
        let node = Node::start(db).await;
        let contributor = Hand::of(&node, Role::Contributor).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let own = contributor.write("Của cộng tác viên").await;
        contributor.act("submitArticle", &own, "").await;
        for number in 1..4 {
            editor.write(&format!("Nháp {number}")).await;
        }
        done(&chief.act("publishArticle", &editor.write("Đã đăng").await, "").await);
        let list = async |hand: &Hand<'_>, arguments: &str| {
            let document = format!("{{ desk(site: \"{SITE}\"{arguments}) {{
                nodes {{ title state isPublished }} hasNextPage endCursor }} }}");
            hand.ask(&document, json!({})).await["data"]["desk"].clone()
        };
        let titles = |page: &Value| -> Vec<String> {
            page["nodes"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
        };
        let first = list(&chief, ", first: 2").await;
        assert_eq!((titles(&first), &first["hasNextPage"]), (vec!["Nháp 3".to_owned(), "Nháp 2".to_owned()], &json!(true)));
        let rest = list(&chief, &format!(", after: {}", first["endCursor"])).await;
        assert_eq!(titles(&rest), ["Nháp 1", "Của cộng tác viên"]);
        assert_eq!(titles(&list(&chief, ", states: [SUBMITTED]").await), ["Của cộng tác viên"]);
        assert_eq!(titles(&list(&contributor, "").await), ["Của cộng tác viên"], "no draft of others");
        let monitor = Hand::of(&node, Role::OperationsMonitor).await;
        assert_eq!(list(&monitor, "").await, Value::Null);
    }

    async fn an_earlier_edition_is_compared_and_brought_back_as_a_draft(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let published = done(&chief.act("publishArticle", &editor.write("Họp ngày 05/7").await, "").await);
        let edited = done(&editor.edit(&published, "Họp ngày 06/7").await);
        let shown = editor.entry(&edited, "differences(from: 1, to: 2) { field pieces { kind text } }").await;
        let pieces = json!([
            { "kind": "SAME", "text": "Họp ngày " }, { "kind": "REMOVED", "text": "05/7" }, { "kind": "ADDED", "text": "06/7" },
        ]);
        let differences = json!([{ "field": "title", "pieces": pieces }, { "field": "body", "pieces": pieces }]);
        assert_eq!(shown["differences"], differences);
        let back = done(&editor.act("restoreEdition", &edited, ", number: 1").await);
        assert_eq!(back["draft"]["title"], "Họp ngày 05/7");
        assert_eq!(refusal(&editor.act("restoreEdition", &back, ", number: 9").await), "NOT_FOUND");
    }

    async fn the_audit_tells_the_story_of_an_article(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let submitted = done(&editor.act("submitArticle", &editor.write("Tin").await, "").await);
        let approved = done(&chief.act("approveArticle", &submitted, "").await);
        let at = now().plus_seconds(60);
        done(&chief.act("publishArticle", &approved, &format!(", at: \"{at}\"")).await);
        run_due(&node.test, at).await.unwrap();
        let trail = "query($id: ID!) { auditTrail(article: $id) { actor operation site { host } } }";
        let told = chief.ask(trail, json!({ "id": approved["id"] })).await["data"]["auditTrail"].clone();
        let (editor, chief_id) = (editor.actor.to_string(), chief.actor.to_string());
        let told: Vec<(&str, &str)> = told.as_array().unwrap().iter()
            .map(|act| (act["actor"].as_str().unwrap(), act["operation"].as_str().unwrap()))
            .collect();
        assert_eq!(told, [
            ("schedule", "publish"), (&chief_id, "publish"), (&chief_id, "approve"), (&editor, "submit"), (&editor, "create"),
        ]);
    }

    async fn a_link_shows_one_draft_without_an_account_until_it_expires_or_is_taken_back(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let written = editor.write("Bản thảo mật").await;
        let share = "mutation($id: ID!, $hours: Int!) { sharePreview(id: $id, hours: $hours) {
            preview { url expiresAt } errors { code field } } }";
        let id = written["id"].clone();
        let refused = editor.ask(share, json!({ "id": id, "hours": 169 })).await["data"]["sharePreview"].clone();
        assert_eq!(refused["errors"], json!([{ "code": "BAD_REQUEST", "field": "hours" }]));
        let shared = editor.ask(share, json!({ "id": id, "hours": 1 })).await["data"]["sharePreview"].clone();
        let url = shared["preview"]["url"].as_str().unwrap();
        let path = url.strip_prefix("https://api.hatinh.example").unwrap();
        let reply = node.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
        assert_eq!(reply.json()["edition"]["title"], "Bản thảo mật");
        assert_eq!(reply.header("x-robots-tag"), "noindex, nofollow");
        let secret = path.rsplit('/').next().unwrap();
        let later = previews::show(&node.test, secret, now().plus_seconds(3_601)).await;
        assert!(matches!(later, Err(lienthong_app::Error::NotFound("preview"))));
        let guessed = node.get(&format!("/v1/previews/{}", "A".repeat(43))).await;
        assert_eq!((guessed.status.as_u16(), guessed.header("cache-control")), (404, "no-store"));
        let revoke = "mutation($id: ID!) { revokePreviews(id: $id) { revoked } }";
        assert_eq!(editor.ask(revoke, json!({ "id": id })).await["data"]["revokePreviews"]["revoked"], 1);
        assert_eq!(node.get(path).await.status.as_u16(), 404);
    }

    async fn a_link_ends_with_what_it_shows(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let share = "mutation($id: ID!) { sharePreview(id: $id, hours: 1) { preview { url } } }";
        let shared = async |title: &str| {
            let written = editor.write(title).await;
            let shared = editor.ask(share, json!({ "id": written["id"] })).await["data"]["sharePreview"].clone();
            let url = shared["preview"]["url"].as_str().unwrap();
            (written, url.strip_prefix("https://api.hatinh.example").unwrap().to_owned())
        };
        let status = async |path: &str| node.get(path).await.status.as_u16();

        let (written, path) = shared("Được đăng rồi rút").await;
        let approved = done(&chief.act("approveArticle", &done(&editor.act("submitArticle", &written, "").await), "").await);
        assert_eq!(status(&path).await, 200, "approved");
        let public = done(&chief.act("publishArticle", &approved, "").await);
        assert_eq!(status(&path).await, 200, "public, as it was shown");
        done(&chief.act("withdrawArticle", &public, "").await);
        assert_eq!(status(&path).await, 404, "withdrawn");

        let (written, path) = shared("Được viết lại sau khi nộp").await;
        let submitted = done(&editor.act("submitArticle", &written, "").await);
        done(&editor.edit(&submitted, "Được viết lại").await);
        assert_eq!(status(&path).await, 404, "replaced");

        let (written, path) = shared("Bị bỏ").await;
        let discarded = done(&chief.act("discardArticle", &written, "").await);
        assert_eq!(status(&path).await, 404, "in the trash");
        done(&chief.act("discardArticle", &discarded, ", discarded: false").await);
        assert_eq!(status(&path).await, 200, "brought back");
    }
}
