//! One thing is changed by SQL, and `verify` names it.

use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_app::commands::{desk, holds};
use lienthong_app::proof::{
    checkpoints,
    verify::{Known, verify},
};
use lienthong_domain::article::ArticleInput;
use lienthong_domain::entry::{Major, Publication};
use lienthong_domain::hold::Target;
use lienthong_test_support::{TestApp, at, both_databases};

use crate::{Story, looked_at, now, told};

/// What is done to the database of [`Story`], and the beginning of each finding. There are no others.
const MEDDLING: &[(&str, &[&str])] = &[
    ("UPDATE live_entry SET title = 'Lịch tiếp công dân tháng 3'", &["live_entry {first}: title"]),
    ("UPDATE live_entry SET slug = 'khac'", &["live_entry {first}: slug"]),
    ("UPDATE live_entry SET visible_until = 1", &["live_entry {first}: visible_until"]),
    ("UPDATE live_entry SET topic_id = NULL", &["live_entry {first}: topic_id"]),
    (
        "UPDATE live_entry SET signature = NULL, signed_by = NULL",
        &["live_entry {first}: signed_by", "live_entry {first}: signature"],
    ),
    ("UPDATE live_body SET html = '<p>Lịch tiếp công dân tháng 2</p> '", &["live_body {first}: html"]),
    ("DELETE FROM live_entry", &["live_entry {first}: the row is missing"]),
    ("DELETE FROM live_body", &["live_body {first}: the row is missing"]),
    (
        "UPDATE edition SET body = '<p>Khác</p>' WHERE state = 'live'",
        &["edition {live}: is not what act", "edition {live}: is not what its site signed", "live_body {first}: html"],
    ),
    (
        "UPDATE edition SET body = '<p>Khác</p>' WHERE state = 'superseded'",
        &["edition {superseded}: is not what act", "edition {superseded}: is not what its site signed"],
    ),
    (
        "UPDATE edition SET title = 'Khác' WHERE state = 'withdrawn'",
        &["edition {withdrawn}: this program would write title"],
    ),
    (
        "UPDATE edition SET content = content || ' ' WHERE state = 'draft'",
        &["edition {draft}: this program would write content"],
    ),
    ("UPDATE edition SET content = 'x' WHERE state = 'draft'", &["edition {draft}: table edition holds", "entry"]),
    ("UPDATE edition SET body = '<p>Khác</p>' WHERE state = 'draft'", &["edition {draft}: is not what act"]),
    ("UPDATE edition SET state = 'approved' WHERE state = 'draft'", &["edition {draft}: is not what act"]),
    (
        "UPDATE edition SET change_note = 'x' WHERE state = 'superseded'",
        &["edition {superseded}: is not what act", "edition {superseded}: is not what its site signed"],
    ),
    (
        "UPDATE edition SET signature = NULL, signed_by = NULL, run_at = NULL, major_at = NULL WHERE state = 'withdrawn'",
        &["edition {withdrawn}: is not what act", "edition {withdrawn}: was published and has no signature"],
    ),
    (
        "UPDATE edition SET run_at = run_at + 1 WHERE state = 'live'",
        &[
            "edition {live}: is not what act",
            "edition {live}: is not what its site signed",
            "entry {first}: published_at or updated_at",
        ],
    ),
    (
        "UPDATE entry SET published_at = published_at + 1 WHERE slug = 'lich-tiep-cong-dan'",
        &[
            "entry {first}: its row",
            "entry {first}: published_at or updated_at",
            "live_entry {first}: published_at",
            "live_listing {first}: a row is missing",
        ],
    ),
    (
        "UPDATE live_listing SET published_at = published_at - 1 WHERE scope = (SELECT scope FROM live_listing ORDER BY scope LIMIT 1)",
        &["live_listing {first}: a row is missing"],
    ),
    (
        "DELETE FROM live_listing_updated WHERE scope = (SELECT scope FROM live_listing_updated ORDER BY scope LIMIT 1)",
        &["live_listing_updated {first}: a row is missing"],
    ),
    (
        "INSERT INTO live_listing (scope, published_at, entry_id) SELECT id, 5, (SELECT entry_id FROM live_entry) \
         FROM site WHERE host = 'xuanhai.hatinh.example'",
        &["live_listing {first}: stands in a list in which it does not belong"],
    ),
    (
        "UPDATE entry SET tag_uri = tag_uri || 'x' WHERE slug = 'thong-bao-cat-dien'",
        &["edition {withdrawn}: is not what its site signed", "entry {gone}: its row"],
    ),
    ("UPDATE entry SET trashed_at = 1 WHERE slug = 'thong-bao-cat-dien'", &["entry {gone}: its row"]),
    ("UPDATE live_gone SET location = 'https://khac.example/'", &["entry {gone}: its row, or what stands beside it"]),
    ("DELETE FROM live_gone", &["entry {gone}: its row, or what stands beside it"]),
    (
        "INSERT INTO remark (id, entry_id, site_id, kind, text, decided_by, actor_id, at) \
         SELECT id, entry_id, site_id, 'take-down', 'Theo đề nghị', 'Người lạ', author_id, 0 FROM edition WHERE state = 'live'",
        &["entry {first}: its row, or what stands beside it"],
    ),
    (
        "INSERT INTO live_gone (entry_id, site_id, kind, slug, reason, tag_uri, location, gone_at) \
         SELECT site_id, site_id, 'article', 'khuyen-mai', 'redirected', 'tag:x', 'https://khac.example/', 0 \
         FROM edition WHERE state = 'live'",
        &["live_gone {site}: what it belongs to does not exist"],
    ),
    (
        "INSERT INTO preview (id, digest, entry_id, edition_id, site_id, actor_id, made_at, expires_at) \
         SELECT id, signature, entry_id, id, site_id, author_id, 0, 4102444800000000 FROM edition WHERE state = 'live'",
        &["entry {first}: its row, or what stands beside it"],
    ),
];

both_databases! {
    async fn what_the_application_wrote_is_in_order(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        assert!(checkpoints::keep(&test, now()).await.unwrap());
        let report = looked_at(&test).await;
        assert_eq!(told(&report), [""; 0]);
        assert_eq!((report.entries, report.editions, report.signatures, report.checkpoints), (3, 4, 3, 1));
        assert!(report.acts >= 10 && report.first_bad_leaf.is_none(), "{report:?}");
    }

    async fn what_was_taken_away_held_and_brought_back_is_in_order_too(db: TestDb) {
        let test = TestApp::start(db).await;
        let story = Box::pin(Story::told_on(&test)).await;
        let later = Publication { at: Some(at("2100-01-01T00:00:00Z")), ..Publication::now(Major::Major) };
        let waiting = test.draft(1, "Hẹn giờ", now()).await;
        let seen = (waiting.id, waiting.version);
        desk::publish(&test, &test.permit(), (seen, later), now()).await.unwrap();
        let target = (Target::Site(story.first.site), "Trang bị chiếm quyền");
        let taken = holds::quarantine(&test, &test.permit(), target, now().plus_seconds(400)).await.unwrap();
        assert_eq!((taken.articles, told(&looked_at(&test).await)), (2, Vec::new()));
        let released = (taken.id, "Đã xem");
        holds::release_quarantine(&test, &test.permit(), released, now().plus_seconds(500)).await.unwrap();
        assert_eq!(told(&looked_at(&test).await), [""; 0]);

        let body = "<p>Nhà cái 8xbet uy tín số 1, đăng ký nhận ngay 200k, tài xỉu đổi thưởng</p>".to_owned();
        let held = test.draft_of(1, ArticleInput { body, ..test.input(1, "Tin bị chèn") }, now()).await;
        let passed = ((held.id, held.version), "Tin của Công an xã");
        let passed = holds::release(&test, &test.permit(), passed, now().plus_seconds(600)).await.unwrap();
        test.publish(&passed, now().plus_seconds(700)).await;
        holds::rescan(&test, &test.permit(), story.first.site, now()).await.unwrap();
        assert_eq!(told(&looked_at(&test).await), [""; 0]);
    }

    async fn each_change_of_a_row_is_named_and_nothing_else(db: TestDb) {
        for (sql, expected) in MEDDLING {
            let test = TestApp::start(db.another().await).await;
            let story = Story::told_on(&test).await;
            assert_eq!(test.db.meddle(sql).await, 1, "{sql}");
            let told = told(&looked_at(&test).await);
            let expected: Vec<String> = expected.iter().map(|beginning| story.named(beginning)).collect();
            let fits = told.iter().zip(&expected).all(|(one, beginning)| one.starts_with(beginning));
            assert!(told.len() == expected.len() && fits, "{sql}: {told:#?} {expected:#?}");
        }
    }

    async fn a_correction_that_was_hidden_or_put_elsewhere_is_named(db: TestDb) {
        for (sql, expected) in [
            ("UPDATE live_entry SET corrections = NULL WHERE corrections IS NOT NULL", vec!["live_entry {first}: corrections"]),
            ("UPDATE live_entry SET corrected = NULL WHERE corrected IS NOT NULL", vec!["live_entry {second}: corrected"]),
            (
                "UPDATE live_entry SET corrects = NULL, corrected = NULL WHERE corrects IS NOT NULL",
                vec!["live_entry {first}: corrections", "live_entry {second}: corrects"],
            ),
            (
                "UPDATE entry SET corrects = NULL WHERE corrects IS NOT NULL",
                vec![
                    "edition {live}: is not what act",
                    "edition {live}: is not what its site signed",
                    "entry {second}: its row",
                    "live_entry {second}: corrects",
                ],
            ),
        ] {
            let test = TestApp::start(db.another().await).await;
            let first = test.published(1, "Lịch tiếp công dân", now()).await;
            let (site, slug, corrects) = (test.world.sites[1].id, None, Some(first.id));
            let new = NewArticle { site, slug, corrects, input: test.input(1, "Đính chính"), idempotency: None };
            let draft = articles::create(&test, &test.permit(), new, now().plus_seconds(1)).await.unwrap().entry;
            let second = test.publish(&draft, now().plus_seconds(2)).await;
            assert_eq!(told(&looked_at(&test).await), [""; 0]);
            assert_eq!(test.db.meddle(sql).await, 1, "{sql}");
            let told = told(&looked_at(&test).await);
            let live = second.live.unwrap().id;
            let named = |text: &str| {
                let text = text.replace("{first}", &first.id.to_string()).replace("{second}", &second.id.to_string());
                text.replace("{live}", &live.to_string())
            };
            let fits = told.iter().zip(&expected).all(|(one, beginning)| one.starts_with(&named(beginning)));
            assert!(told.len() == expected.len() && fits, "{sql}: {told:#?}");
        }
    }

    async fn what_is_done_with_an_edition_does_not_hide_that_it_was_changed(db: TestDb) {
        let test = TestApp::start(db).await;
        let draft = test.draft(1, "Chưa đăng", now()).await;
        assert_eq!(test.db.meddle("UPDATE edition SET body = '<p>Khác</p>'").await, 1);
        let submitted = ((draft.id, draft.version), None);
        desk::submit(&test, &test.own_or(), submitted, now().plus_seconds(60)).await.unwrap();
        let report = looked_at(&test).await;
        let [finding] = &report.findings[..] else { panic!("{report:#?}") };
        assert_eq!((finding.table, finding.id.clone()), ("edition", draft.draft.unwrap().id.to_string()));
        assert!(finding.what.contains("of the log came upon what act"), "{report:#?}");
        assert_eq!(finding.act, Some(report.acts - 1));
    }

    async fn a_changed_act_is_the_first_bad_leaf(db: TestDb) {
        for (leaf, column) in [
            (3, "note = note || 'x'"),
            (3, "operation = 'approve'"),
            (3, "at = at + 1"),
            (3, "address = '::1'"),
            (3, "rows_after = NULL"),
            (14, "rows_after = rows_before"),
            (14, "digest_after = NULL"),
        ] {
            let test = TestApp::start(db.another().await).await;
            Story::told_on(&test).await;
            test.db.unlock("audit").await;
            test.db.meddle(&format!("UPDATE audit SET {column} WHERE leaf = {leaf}")).await;
            let report = looked_at(&test).await;
            assert_eq!(report.first_bad_leaf, Some(leaf), "{column}: {report:?}");
            assert!(told(&report)[0].starts_with(&format!("audit {leaf}: was changed")), "{column}: {report:?}");
        }
    }

    async fn an_act_that_was_removed_is_missed(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        test.db.unlock("audit").await;
        assert_eq!(test.db.meddle("DELETE FROM audit WHERE leaf = 2").await, 1);
        let report = looked_at(&test).await;
        assert_eq!((report.first_bad_leaf, told(&report)[0].as_str()), (Some(2), "audit 2: the row is missing"));
    }

    async fn an_act_whose_hash_was_made_to_fit_is_found_by_the_tree(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        test.db.unlock("audit").await;
        // The leaf of another act: content and hash fit each other, and the tree is another one.
        let copy = "UPDATE audit SET (id, actor_id, address, operation, site_id, entry_id, edition_id, note, matter, \
             rows_before, rows_after, digest_before, digest_after, at, hash) = (SELECT id, actor_id, address, operation, site_id, entry_id, edition_id, \
             note, matter, rows_before, rows_after, digest_before, digest_after, at, hash FROM audit o WHERE o.leaf = 1) WHERE leaf = 2";
        test.db.meddle(copy).await;
        let report = looked_at(&test).await;
        assert_eq!(report.first_bad_leaf, Some(0), "{report:?}");
        assert!(told(&report).iter().any(|one| one.starts_with("change_head 1: leaves from 0 on")), "{report:?}");
    }

    async fn an_edition_that_was_removed_is_missed(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        assert_eq!(test.db.meddle("DELETE FROM edition WHERE state = 'superseded'").await, 1);
        let told = told(&looked_at(&test).await);
        assert!(told[0].starts_with("edition") && told[0].contains("the row is missing; act"), "{told:?}");
        assert!(told.len() == 2 && told[1].starts_with("entry"), "{told:?}");
    }

    async fn an_edition_that_nobody_wrote_is_found(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        let copy = if test.db.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        test.db.meddle(&format!(
            "INSERT INTO edition (id, entry_id, site_id, number, state, title, content, body, author_id, needs_screening, is_held, minor, created_at) \
             SELECT {copy}, entry_id, site_id, 99, 'withdrawn', title, content, body, author_id, needs_screening, is_held, minor, created_at \
             FROM edition WHERE state = 'draft'"
        )).await;
        let told = told(&looked_at(&test).await);
        assert!(told.iter().any(|one| one.ends_with("no act in the log made it")), "{told:?}");
        assert!(told.iter().any(|one| one.ends_with("was published and has no signature")), "{told:?}");
    }

    async fn a_log_that_was_cut_off_contradicts_what_it_said_before(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        let (checkpoint, note) = checkpoints::current(&test, now()).await.unwrap();
        // Everything is put back to an empty log: nothing inside the database tells.
        test.db.unlock("audit").await;
        test.db.meddle("DELETE FROM audit").await;
        test.db.meddle("UPDATE change_head SET leaves = 0, frontier = NULL").await;
        let report = verify(&test, Known { checkpoint: Some(&note), until: None }).await.unwrap();
        let cut = format!("checkpoint the given one: had {} leaves, the log has 0: it was cut off", checkpoint.size);
        assert!(told(&report).contains(&cut), "{report:?}");
    }

    async fn a_rewritten_log_contradicts_a_state_that_was_kept(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        checkpoints::keep(&test, now()).await.unwrap();
        let other = TestApp::start(test.db.another().await).await;
        Story::told_on(&other).await;
        let (_, of_other) = checkpoints::current(&other, now()).await.unwrap();
        let report = verify(&test, Known { checkpoint: Some(&of_other), until: None }).await.unwrap();
        assert_eq!(told(&report), ["checkpoint the given one: the checkpoint is that of another log"]);
        test.db.unlock("checkpoint").await;
        test.db.meddle("UPDATE checkpoint SET note = replace(note, 'log-', 'lag-')").await;
        assert!(told(&looked_at(&test).await)[0].starts_with("checkpoint"));
    }

    async fn the_tables_of_the_log_refuse_to_be_changed(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        for sql in ["UPDATE audit SET note = ''", "DELETE FROM audit"] {
            assert!(test.db.try_to_meddle(sql).await.is_err(), "{sql}");
        }
        assert!(looked_at(&test).await.is_clean());
    }
}
