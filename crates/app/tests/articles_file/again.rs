//! What comes back to the instance that it was exported from, and lines that say the same in other ways.

use std::io::Cursor;

use serde_json::{Value, json};

use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_domain::entry::{Entry, EntryKind};
use lienthong_persistence::{Record, bulk, entries};
use lienthong_test_support::{TestApp, at, both_databases};

use crate::round_trip::{record_series, varied};
use crate::{counts, export, file, import, line, log, now, run, with};

/// The line of an article in an export.
async fn line_of(test: &TestApp, title: &str) -> Value {
    let lines = export(test, None).await;
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|line| line["title"] == title).unwrap()
}

/// A correction of `corrected`, written here.
async fn correction(test: &TestApp, corrected: &Entry) -> Entry {
    let (site, input) = (test.world.sites[1].id, test.input(1, "Đính chính"));
    let new = NewArticle { site, slug: None, corrects: Some(corrected.id), input, idempotency: None };
    let draft = articles::create(test, &test.permit(), new, now()).await.unwrap().entry;
    test.publish(&draft, now()).await
}

both_databases! {
    async fn an_export_imported_where_it_was_made_changes_nothing(db: TestDb) {
        let test = TestApp::start(db).await;
        record_series(&test, &test).await;
        let lines = varied(&test);
        import(&test, file(&lines)).await.unwrap();
        import(&test, file(&[with(&lines[0], json!({"summary": "khác"}))])).await.unwrap();
        let written = test.published(1, "Viết tại đây", at("2025-03-01T02:00:00Z")).await;
        test.draft(1, "Chưa đăng", at("2025-03-02T02:00:00Z")).await;
        correction(&test, &written).await;
        let (exported, changes) = (export(&test, None).await, log(&test).await.len());
        let expected = [1_212, 0, 0, 1_212, 0];
        for dry_run in [true, false, false] {
            let report = run(&test, Cursor::new(exported.clone().into_bytes()), dry_run).await.unwrap();
            assert_eq!((counts(&report), report.errors), (expected, vec![]));
        }
        // So does the file that it was imported from, but for the line that has since been another one.
        assert_eq!(counts(&import(&test, file(&lines[1..])).await.unwrap()), [1_209, 0, 0, 1_209, 0]);
        assert_eq!((export(&test, None).await, log(&test).await.len()), (exported, changes));
        test.assert_in_order().await;
    }

    async fn a_line_that_states_what_was_made_without_it_changes_nothing(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        let stated = with(&first, json!({"slug": "mot", "language": "vi", "kind": "news", "audience": "public"}));
        for updated_at in ["2024-06-28T07:05:00Z", "2024-06-01T00:00:00Z"] {
            let stated = with(&stated, json!({"updatedAt": updated_at}));
            assert_eq!(counts(&import(&test, file(&[stated])).await.unwrap()), [1, 0, 0, 1, 0]);
        }
        assert_eq!(log(&test).await.len(), 1);
        // A later change there is one here.
        let later = with(&stated, json!({"updatedAt": "2024-08-02T03:00:00Z"}));
        assert_eq!(counts(&import(&test, file(&[later])).await.unwrap()), [1, 0, 1, 0, 0]);
        assert_eq!(line_of(&test, "Một").await["updatedAt"], "2024-08-02T03:00:00Z");
    }

    async fn a_digest_of_another_kind_costs_one_comparison_and_no_edition(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = [line(&test, "1", "Một")];
        import(&test, file(&lines)).await.unwrap();
        let site = test.world.sites[1].id;
        let writer = bulk::Writer::open(test.store()).unwrap();
        let tx = writer.begin().await.unwrap();
        let key = (site, "1".to_owned());
        let before = tx.known(EntryKind::Article, &[(site, "1")]).await.unwrap()[&key];
        drop(tx);
        let tx = test.store().begin().await.unwrap();
        bulk::remember(&tx, before.entry, [7; 16]).await.unwrap();
        tx.commit(Record::default()).await.unwrap();
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [1, 0, 0, 1, 0]);
        let tx = writer.begin().await.unwrap();
        assert_eq!(tx.known(EntryKind::Article, &[(site, "1")]).await.unwrap()[&key], before);
        drop(tx);
        assert_eq!(log(&test).await.len(), 1);
    }

    async fn an_article_that_was_written_here_is_recognised_by_its_id_and_only_its_board_changes_it(db: TestDb) {
        let test = TestApp::start(db).await;
        let written = test.published(1, "Viết tại đây", at("2025-03-01T02:00:00Z")).await;
        let exported = line_of(&test, "Viết tại đây").await;
        assert_eq!(exported["sourceId"], written.id.to_string());
        let mut changed = with(&exported, json!({"title": "Viết nơi khác"}));
        let rules = |errors: &[lienthong_app::commands::import_articles::LineError]| errors[0].to_string();
        let report = import(&test, file(std::slice::from_ref(&changed))).await.unwrap();
        assert_eq!(rules(&report.errors), "line 1: sourceId: was last written here, and only its board changes it");
        let moved = with(&exported, json!({"slug": "noi-khac"}));
        let report = import(&test, file(&[moved])).await.unwrap();
        assert_eq!(rules(&report.errors), "line 1: slug: must stay as it was first imported");
        changed.as_object_mut().unwrap().remove("slug");
        assert_eq!(counts(&import(&test, file(std::slice::from_ref(&changed))).await.unwrap()), [1, 0, 0, 0, 1]);
        // On another site it is another article.
        let elsewhere = with(&changed, json!({"site": test.world.sites[2].host.to_string()}));
        assert_eq!(counts(&import(&test, file(std::slice::from_ref(&elsewhere))).await.unwrap()), [1, 1, 0, 0, 0]);
        assert_eq!(counts(&import(&test, file(&[elsewhere])).await.unwrap()), [1, 0, 0, 1, 0]);
    }

    async fn a_correction_may_name_what_was_written_here_by_its_id(db: TestDb) {
        let test = TestApp::start(db).await;
        let written = test.published(1, "Viết tại đây", at("2024-01-01T02:00:00Z")).await;
        let new = with(&line(&test, "2", "Đính chính"), json!({"corrects": written.id.to_string()}));
        assert_eq!(counts(&import(&test, file(&[new])).await.unwrap()), [1, 1, 0, 0, 0]);
        let tx = test.store().begin().await.unwrap();
        let site = test.world.sites[1].id;
        let imported = entries::lock_by_source(&tx, site, EntryKind::Article, "2").await.unwrap().unwrap();
        assert_eq!(imported.corrects, Some(written.id));
        assert_eq!(line_of(&test, "Đính chính").await["corrects"], written.id.to_string());
    }

    async fn a_dry_run_counts_what_is_changed_and_changed_back(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        let there_and_back = [with(&first, json!({"summary": "khác"})), first.clone()];
        for dry_run in [true, false] {
            let report = run(&test, file(&there_and_back), dry_run).await.unwrap();
            assert_eq!(counts(&report), [2, 0, 2, 0, 0]);
        }
        assert_eq!(counts(&import(&test, file(&[first])).await.unwrap()), [1, 0, 0, 1, 0]);
    }
}
