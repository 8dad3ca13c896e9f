//! Injected advertising does not become public, and what is public already is taken away in one step.

use serde_json::{Value, json};

use lienthong_app::commands::holds;
use lienthong_app::proof::verify::{Known, verify};
use lienthong_domain::access::Role;
use lienthong_domain::hold::Pace;
use lienthong_test_support::{at, both_databases};

use crate::hand::{Hand, POISON, SITE, done, input, now, refusal, titles};
use crate::harness::{Node, global_id};

fn poisoned(title: &str) -> Value {
    let mut input = input(title);
    input["body"] = json!(POISON);
    input
}

const HELD: &str = "query($site: String!) { holds(site: $site) {
    slug title isPublic hold { cause findings { field rule messageVi found } } } }";

const QUARANTINE: &str = "mutation($article: ID, $site: String, $account: ID, $since: DateTime) {
    it: quarantine(article: $article, site: $site, account: $account, since: $since, reason: \"Trang bị chiếm quyền\") {
    quarantine articles errors { code field } } }";

const RELEASE: &str = "mutation($id: ID!) { it: releaseQuarantine(id: $id, reason: \"Đã kiểm tra từng bài\") {
    articles isComplete errors { code } } }";

const PASS: &str = ", reason: \"Đã xem, là tin của Công an xã\"";

impl Hand<'_> {
    async fn quarantine(&self, target: Value) -> Value {
        self.ask(QUARANTINE, target).await["data"]["it"].clone()
    }

    async fn release(&self, quarantined: &Value) -> Value {
        self.ask(RELEASE, json!({ "id": quarantined["quarantine"] })).await["data"]["it"].clone()
    }
}

async fn article(node: &Node, entry: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Article { title publishedAt firstPublishedAt updatedAt } } }";
    node.query(query, json!({ "id": entry["id"] })).await.json()
}

both_databases! {
    async fn what_looks_like_injected_advertising_waits_for_a_second_person(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let deputy = Hand::of(&node, Role::DeputyEditor).await;

        let document = "mutation($site: String!, $input: ArticleInput!) { it: createArticle(site: $site, input: $input) {
            entry { id version draft { isHeld } } findings { field rule messageVi found } errors { code } } }";
        let variables = json!({ "site": SITE, "input": poisoned("Thông báo mới") });
        let written = editor.ask(document, variables).await["data"]["it"].clone();
        let entry = done(&written);
        assert_eq!(entry["draft"]["isHeld"], true);
        let findings = written["findings"].as_array().unwrap();
        assert!(findings.iter().all(|it| it["field"] == "body" && it["messageVi"] != ""), "{findings:#?}");
        assert!(findings.iter().any(|it| it["rule"] == "link.host"), "{findings:#?}");
        let submitted = done(&editor.act("submitArticle", &entry, "").await);
        for mutation in ["publishArticle", "approveArticle"] {
            assert_eq!(refusal(&chief.act(mutation, &submitted, "").await), "HELD");
        }
        let list = chief.ask(HELD, json!({ "site": SITE })).await["data"]["holds"].clone();
        assert_eq!(list.as_array().unwrap().len(), 1, "{list:#}");
        let shown = (&list[0]["slug"], &list[0]["isPublic"], &list[0]["hold"]["cause"]);
        assert_eq!(shown, (&json!("thong-bao-moi"), &json!(false), &json!("SCAN")));
        let touched = done(&deputy.rewrite(&submitted, poisoned("Thông báo mới")).await);
        assert_eq!(refusal(&deputy.act("releaseArticle", &touched, PASS).await), "SECOND_PERSON");
        assert_eq!(titles(&node).await, json!([]));

        let mended = done(&editor.edit(&touched, "Thông báo mới").await);
        assert_eq!(mended["draft"]["isHeld"], false);
        assert_eq!(chief.ask(HELD, json!({ "site": SITE })).await["data"]["holds"], json!([]));
        done(&chief.act("publishArticle", &mended, "").await);
        assert_eq!(titles(&node).await, json!([{ "title": "Thông báo mới" }]));
    }

    async fn a_script_is_taken_out_and_its_author_looked_at(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let document = "mutation($site: String!, $input: ArticleInput!) { it: createArticle(site: $site, input: $input) {
            entry { draft { isHeld body } } removed { what } findings { rule } errors { code } } }";
        let mut input = input("Tin dán từ nơi khác");
        input["body"] = json!("<p>Tin</p><script>location='//x.example'</script>");
        let written = editor.ask(document, json!({ "site": SITE, "input": input })).await["data"]["it"].clone();
        assert_eq!(written["entry"]["draft"], json!({ "isHeld": true, "body": "<p>Tin</p>" }));
        assert_eq!((&written["removed"][0]["what"], &written["findings"][0]["rule"]),
            (&json!("script"), &json!("markup.script")));
    }

    async fn a_second_person_lets_the_same_text_pass_and_no_other(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let held = done(&editor.create(poisoned("Công an xã cảnh báo")).await);
        assert_eq!(refusal(&chief.act("publishArticle", &held, "").await), "HELD");
        let missing = chief.act("releaseArticle", &held, ", reason: \" \"").await;
        assert_eq!((refusal(&missing), &missing["errors"][0]["field"]), ("INVALID_INPUT", &json!("reason")));
        let passed = done(&chief.act("releaseArticle", &held, PASS).await);
        assert_eq!(passed["draft"]["isHeld"], false);
        assert_eq!(refusal(&chief.act("releaseArticle", &passed, PASS).await), "WRONG_STATE");

        // A word that was mended asks for nobody's second look; another link does.
        let mended = done(&editor.rewrite(&passed, poisoned("Công an xã cảnh báo nhà cái")).await);
        assert_eq!(mended["draft"]["isHeld"], false);
        let mut other = poisoned("Công an xã cảnh báo");
        other["body"] = json!(format!("{POISON}<p><a href=\"https://sunwin88.club\">Tải sunwin</a></p>"));
        let changed = done(&editor.rewrite(&mended, other).await);
        assert_eq!(changed["draft"]["isHeld"], true);
        let back = done(&editor.rewrite(&changed, poisoned("Công an xã cảnh báo")).await);
        done(&chief.act("publishArticle", &back, "").await);
        assert_eq!(titles(&node).await, json!([{ "title": "Công an xã cảnh báo" }]));
        let holds = chief.entry(&back, "holds { cause endedAt reason }").await["holds"].clone();
        assert!(holds.as_array().unwrap().iter().all(|hold| hold["endedAt"] != Value::Null), "{holds:#}");
    }

    async fn a_quarantine_takes_an_article_away_and_only_somebody_else_brings_it_back_as_it_was(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let deputy = Hand::of(&node, Role::DeputyEditor).await;
        let entry = editor.write("Tin bị chèn").await;
        let share = "mutation($id: ID!) { it: sharePreview(id: $id, hours: 1) { preview { url } } }";
        let shared = editor.ask(share, json!({ "id": entry["id"] })).await["data"]["it"]["preview"]["url"].clone();
        let preview = shared.as_str().unwrap().strip_prefix("https://api.hatinh.example").unwrap();
        let published = done(&chief.act("publishArticle", &entry, "").await);
        assert_eq!(node.get(preview).await.status.as_u16(), 200);
        let before = article(&node, &published).await;

        let taken = chief.quarantine(json!({ "article": published["id"] })).await;
        assert_eq!((&taken["articles"], &taken["errors"]), (&json!(1), &json!([])));
        assert_eq!((titles(&node).await, article(&node, &published).await["errors"][0]["extensions"]["code"].clone()),
            (json!([]), json!("GONE")));
        assert_eq!(node.get(preview).await.status.as_u16(), 404);
        assert_eq!(chief.quarantine(json!({ "article": published["id"] })).await["errors"][0]["code"], "NOT_FOUND");
        let seen = editor.entry(&published, "id version quarantinedAt live { state }").await;
        assert_eq!((&seen["live"]["state"], seen["quarantinedAt"].is_string()), (&json!("LIVE"), true));
        for mutation in ["archiveArticle", "publishArticle"] {
            let edited = done(&editor.edit(&chief.entry(&published, "id version").await, "Tin đã sửa").await);
            assert_eq!(refusal(&deputy.act(mutation, &edited, "").await), "QUARANTINED", "{mutation}");
        }
        assert_eq!(chief.release(&taken).await["errors"][0]["code"], "SECOND_PERSON");
        let given_back = deputy.release(&taken).await;
        assert_eq!(given_back, json!({ "articles": 1, "isComplete": true, "errors": [] }));
        assert_eq!(article(&node, &published).await, before);
        assert_eq!(titles(&node).await, json!([{ "title": "Tin bị chèn" }]));
        assert_eq!(deputy.release(&taken).await["errors"][0]["code"], "NOT_FOUND");
    }

    async fn a_site_under_quarantine_shows_nothing_and_nothing_becomes_public_there(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let province = Hand { node: &node, actor: node.actor(Role::ProvincialAdministrator, 1).await };
        node.test.published(2, "Tin xã bên", now()).await;
        for title in ["Một", "Hai"] {
            let entry = editor.write(title).await;
            done(&chief.act("publishArticle", &entry, "").await);
        }
        let waiting = done(&chief.act("publishArticle", &editor.write("Hẹn giờ").await, ", at: \"2100-01-01T00:00:00Z\"").await);
        let taken = chief.quarantine(json!({ "site": SITE })).await;
        assert_eq!((&taken["articles"], &taken["errors"]), (&json!(3), &json!([])));
        assert_eq!(titles(&node).await, json!([{ "title": "Tin xã bên" }]));
        assert_eq!(chief.entry(&waiting, "draft { state publishAt }").await["draft"],
            json!({ "state": "APPROVED", "publishAt": null }));
        let new = editor.write("Ba").await;
        assert_eq!(refusal(&chief.act("publishArticle", &new, "").await), "QUARANTINED");
        assert_eq!(province.release(&taken).await, json!({ "articles": 3, "isComplete": true, "errors": [] }));
        done(&chief.act("publishArticle", &new, "").await);
        let all = titles(&node).await;
        assert_eq!(all.as_array().unwrap().len(), 4, "{all:#}");
    }

    async fn everything_an_account_has_touched_since_goes_and_what_it_did_before_stays(db: TestDb) {
        let node = Node::start(db).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let stolen = Hand::of(&node, Role::Editor).await;
        let old = stolen.write("Trước khi mất mật khẩu").await;
        done(&chief.act("publishArticle", &old, "").await);
        let since = now();
        let published = done(&chief.act("publishArticle", &editor.write("Sửa trộm").await, "").await);
        let edited = stolen.edit(&published, "Sửa trộm lần hai").await;
        done(&chief.act("publishArticle", &done(&edited), "").await);
        done(&chief.act("publishArticle", &editor.write("Của người khác").await, "").await);
        done(&chief.act("publishArticle", &stolen.write("Viết trộm").await, "").await);

        let account = global_id("account", stolen.actor.as_uuid());
        let target = json!({ "account": account, "since": since.to_utc().to_rfc3339() });
        let taken = chief.quarantine(target).await;
        assert_eq!((&taken["articles"], &taken["errors"]), (&json!(2), &json!([])));
        let mut left: Vec<_> = titles(&node).await.as_array().unwrap().iter().map(|it| it["title"].clone()).collect();
        left.sort_by_key(ToString::to_string);
        assert_eq!(left, [json!("Của người khác"), json!("Trước khi mất mật khẩu")]);
        let both = chief.quarantine(json!({ "account": account, "site": SITE })).await;
        assert_eq!((&both["errors"][0]["code"], &both["errors"][0]["field"]), (&json!("BAD_REQUEST"), &json!("article")));
    }

    async fn what_was_changed_behind_the_application_is_found_by_the_next_scan_once(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let monitor = Hand::of(&node, Role::OperationsMonitor).await;
        done(&chief.act("publishArticle", &editor.write("Lịch tiếp công dân").await, "").await);
        let site = node.test.world.sites[1].id;
        let permit = node.test.permit();
        let scans = "{ siteScans(unit: \"xuan-hai\") { site { host } finishedAt articles held } }";
        let scan = monitor.ask(scans, json!({})).await["data"]["siteScans"][0].clone();
        assert_eq!((&scan["finishedAt"], &scan["site"]["host"]), (&Value::Null, &json!(SITE)));
        let clean = holds::rescan(&node.test, &permit, site, now()).await.unwrap();
        assert_eq!((clean.entries, clean.held), (1, 0));

        node.test.db.meddle(&format!("UPDATE live_body SET html = '{POISON}'")).await;
        for _ in 0..2 {
            let found = holds::rescan(&node.test, &permit, site, now()).await.unwrap();
            assert_eq!((found.entries, found.held), (1, 1));
        }
        let held = monitor.ask(HELD, json!({ "site": SITE })).await["data"]["holds"].clone();
        assert_eq!(held.as_array().unwrap().len(), 1, "{held:#}");
        assert_eq!((&held[0]["isPublic"], &held[0]["title"]), (&json!(true), &json!("Lịch tiếp công dân")));
        let scan = monitor.ask(scans, json!({})).await["data"]["siteScans"][0].clone();
        assert_eq!((scan["finishedAt"].is_string(), &scan["articles"], &scan["held"]), (true, &json!(1), &json!(1)));
    }

    async fn sites_are_scanned_one_after_another_and_none_twice_a_day(db: TestDb) {
        let node = Node::start(db).await;
        let second = node.test.second_node().await;
        let sites = node.test.world.sites.len();
        let mut scanned = Vec::new();
        for turn in 0..sites {
            let app = if turn % 2 == 0 { &node.test.app } else { &second };
            scanned.push(holds::rescan_due(app, now()).await.unwrap().unwrap().site);
        }
        scanned.sort_unstable();
        scanned.dedup();
        assert_eq!((scanned.len(), holds::rescan_due(&second, now()).await.unwrap()), (sites, None));
        let tomorrow = now().plus_seconds(25 * 60 * 60);
        assert!(holds::rescan_due(&node.test, tomorrow).await.unwrap().is_some());
    }

    async fn a_host_that_a_site_has_never_led_to_waits_for_a_second_person_once(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let leading = |title: &str, host: &str| {
            let mut input = input(title);
            input["body"] = json!(format!("<p>{title} <a href=\"https://{host}/gioi-thieu\">xem thêm</a></p>"));
            input
        };
        let first = done(&editor.create(leading("Hội thi nấu ăn", "www.bep-que.example")).await);
        assert_eq!(first["draft"]["isHeld"], true);
        let list = chief.ask(HELD, json!({ "site": SITE })).await["data"]["holds"].clone();
        let finding = &list[0]["hold"]["findings"][0];
        assert_eq!((&finding["rule"], &finding["field"], &finding["found"]), (&json!("host.new"), &json!("body"), &json!("bep-que.example")));
        let submitted = done(&editor.act("submitArticle", &first, "").await);
        let passed = done(&chief.act("releaseArticle", &submitted, PASS).await);
        let approved = done(&chief.act("approveArticle", &passed, "").await);
        done(&chief.act("publishArticle", &approved, "").await);
        for (host, held) in [("bep-que.example", false), ("xuanhai.hatinh.example", false), ("moet.gov.vn", false), ("bep.example", true)] {
            let written = done(&editor.create(leading("Kết quả hội thi", host)).await);
            assert_eq!(written["draft"]["isHeld"], held, "{host}");
        }
    }

    async fn a_host_is_known_since_the_edition_that_named_it_and_not_since_its_article(db: TestDb) {
        let node = Node::start(db).await;
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let long_ago = at("2024-06-01T00:00:00Z");
        let old = node.test.published(1, "Hội thi nấu ăn", long_ago).await;
        let old = editor.entry(&json!({ "id": global_id("article", old.id.as_uuid()) }), "id version").await;
        let mut leading = input("Hội thi nấu ăn");
        leading["body"] = json!("<p>Hội thi <a href=\"https://bep-que.example/\">nấu ăn</a></p>");
        let edited = done(&editor.rewrite(&old, leading).await);
        let submitted = done(&editor.act("submitArticle", &edited, "").await);
        let passed = done(&chief.act("releaseArticle", &submitted, PASS).await);
        let approved = done(&chief.act("approveArticle", &passed, "").await);
        done(&chief.act("publishArticle", &approved, ", change: MINOR").await);
        let of_long_ago = format!(
            "UPDATE site_host SET host = host WHERE host = 'bep-que.example' AND since <= {}",
            long_ago.plus_seconds(86_400).as_micros()
        );
        assert_eq!(node.test.db.meddle(&of_long_ago).await, 0);
        assert_eq!(node.test.db.meddle("UPDATE site_host SET host = host WHERE host = 'bep-que.example'").await, 1);
    }

    async fn whoever_publishes_or_removes_unusually_much_waits_for_a_second_person(db: TestDb) {
        let node = Node::start(db).await;
        let app = node.test.app.clone();
        let editor = Hand::of(&node, Role::Editor).await;
        let chief = Hand::of(&node, Role::ChiefEditor).await;
        let deputy = Hand::of(&node, Role::DeputyEditor).await;
        let mut approved = Vec::new();
        for title in ["Tin một", "Tin hai", "Tin ba"] {
            let submitted = done(&editor.act("submitArticle", &editor.write(title).await, "").await);
            approved.push(done(&deputy.act("approveArticle", &submitted, "").await));
        }
        app.set_pace(Pace { publishing: 2, removing: 1, ..Pace::UNLIMITED });
        let first = done(&chief.act("publishArticle", &approved[0], "").await);
        let second = done(&chief.act("publishArticle", &approved[1], "").await);
        assert_eq!(refusal(&chief.act("publishArticle", &approved[2], "").await), "HELD");
        assert_eq!(refusal(&chief.act("publishArticle", &approved[2], "").await), "HELD");
        let list = chief.ask(HELD, json!({ "site": SITE })).await["data"]["holds"].clone();
        assert_eq!(list.as_array().unwrap().len(), 1, "{list:#}");
        assert_eq!((&list[0]["hold"]["cause"], &list[0]["hold"]["findings"][0]["rule"]), (&json!("PACE"), &json!("pace.publishing")));
        assert_eq!(refusal(&chief.act("releaseArticle", &approved[2], PASS).await), "SECOND_PERSON");
        let passed = done(&deputy.act("releaseArticle", &approved[2], PASS).await);
        done(&chief.act("publishArticle", &passed, "").await);

        done(&chief.act("withdrawArticle", &first, "").await);
        assert_eq!(refusal(&chief.act("withdrawArticle", &second, "").await), "HELD");
        assert_eq!(titles(&node).await, json!([{ "title": "Tin ba" }, { "title": "Tin hai" }]));
        done(&deputy.act("withdrawArticle", &second, "").await);

        app.set_pace(Pace { writing: 3, ..Pace::UNLIMITED });
        assert_eq!(editor.write("Tin bốn").await["draft"]["isHeld"], true);
        assert_eq!(deputy.write("Tin năm").await["draft"]["isHeld"], false);
        node.test.assert_in_order().await;
    }

    async fn what_is_held_loses_its_time_and_the_log_says_so(db: TestDb) {
        let node = Node::start(db).await;
        let app = node.test.app.clone();
        let (editor, chief) = (Hand::of(&node, Role::Editor).await, Hand::of(&node, Role::ChiefEditor).await);
        let submitted = done(&editor.act("submitArticle", &editor.write("Tin hẹn giờ").await, "").await);
        let approved = done(&chief.act("approveArticle", &submitted, "").await);
        let later = format!(", at: \"{}\"", now().plus_seconds(600));
        let scheduled = done(&chief.act("publishArticle", &approved, &later).await);
        assert_eq!(scheduled["draft"]["state"], "SCHEDULED");
        app.set_pace(Pace { publishing: 1, ..Pace::UNLIMITED });
        assert_eq!(refusal(&chief.act("publishArticle", &scheduled, "").await), "HELD");
        let held = chief.entry(&scheduled, "draft { state isHeld }").await;
        assert_eq!(held["draft"], json!({ "state": "APPROVED", "isHeld": true }));
        node.test.assert_in_order().await;
        // Nobody but a second person takes the hold away, and what SQL takes away shows.
        assert_eq!(node.test.db.meddle("UPDATE edition SET is_held = false WHERE is_held").await, 1);
        let report = verify(&node.test, Known::default()).await.unwrap();
        assert!(report.findings[0].what.contains("or what stands beside it"), "{report:#?}");
    }
}
