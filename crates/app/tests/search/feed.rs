//! How the index comes to be and keeps up.

use std::time::{Duration, Instant};

use lienthong_app::Error;
use lienthong_app::commands::{articles, desk};
use lienthong_app::queries::Tags;
use lienthong_app::queries::articles::{ArticleFilter, count};
use lienthong_app::search::SearchStatus;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::audience::Audience;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::Location;
use lienthong_test_support::{TestApp, TestDb, both_databases};

use crate::harness::{
    Feed, catch_up, entry, folder, found, minute, node, now, portal, temporary, texts, titles, until, up_to_date,
};

async fn withdraw(app: &TestApp, id: EntryId) {
    let entry = entry(app, id).await;
    desk::withdraw(app, &app.permit(), (id, entry.version), now()).await.unwrap();
}

/// Every live title, from the database alone.
async fn live(app: &TestApp) -> Vec<String> {
    titles(app, &ArticleFilter::default()).await.unwrap()
}

both_databases! {
    async fn without_an_index_and_before_it_is_built_a_search_is_refused(db: TestDb) {
        let app = portal(db, &temporary()).await;
        app.published(1, "Tin xã", minute(1)).await;
        let without = app.second_node().await;
        assert_eq!(without.search().status(), SearchStatus::Absent);
        for node in [&app.app, &without] {
            assert!(matches!(titles(node, &texts("tin")).await, Err(Error::SearchNotReady)));
            let counted = count(node, &texts("tin"), &Tags::default(), now()).await;
            assert!(matches!(counted, Err(Error::SearchNotReady)));
            assert_eq!(titles(node, &ArticleFilter::default()).await.unwrap(), ["Tin xã"]);
        }
        catch_up(&app.app).await;
        assert_eq!(found(&app, "tin").await, ["Tin xã"]);
    }

    async fn what_is_published_is_found_within_a_second_and_leaves_when_it_is_withdrawn(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let _feed = Feed::start(&app.app);
        up_to_date(&app).await;
        let begun = Instant::now();
        let entry = app.published(1, "Khánh thành cầu", minute(1)).await;
        until("it is found", async || found(&app, "khánh thành").await == ["Khánh thành cầu"]).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        withdraw(&app, entry.id).await;
        // The database no longer has it, whatever the index says.
        assert_eq!(found(&app, "khánh thành").await, Vec::<String>::new());
        up_to_date(&app).await;
        assert_eq!(count(&app, &texts("khánh thành"), &Tags::default(), now()).await.unwrap().value, 0);
    }

    async fn whoever_has_published_finds_it_with_the_next_question(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let _feed = Feed::start(&app.app);
        up_to_date(&app).await;
        for number in 1..=8 {
            app.published(1, &format!("Khánh thành cầu {number}"), minute(number)).await;
            assert_eq!(found(&app, "khánh thành").await.len(), usize::try_from(number).unwrap());
            let counted = count(&app.app, &texts("khánh thành"), &Tags::default(), now()).await.unwrap();
            assert_eq!(i64::from(counted.value), number);
        }
    }

    async fn what_is_internal_is_not_in_the_index_and_leaves_it_when_it_becomes_so(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let _feed = Feed::start(&app.app);
        let inside = |title| ArticleInput { audience: Some(Audience::Internal), ..app.input(1, title) };
        let draft = app.draft_of(1, inside("Kiểm điểm nội bộ"), minute(1)).await;
        app.publish(&draft, minute(1)).await;
        let public = app.published(1, "Kiểm tra công khai", minute(2)).await;
        up_to_date(&app).await;
        // Counts ask the index alone.
        let counted = async |node| count(node, &texts("kiểm"), &Tags::default(), now()).await.unwrap().value;
        assert_eq!((found(&app, "kiểm").await, counted(&app.app).await), (vec!["Kiểm tra công khai".to_owned()], 1));
        let edit = (public.id, public.version);
        let edited = articles::edit(&app, &app.own_or(), edit, inside("Kiểm tra"), minute(3)).await.unwrap().entry;
        app.publish(&edited, minute(4)).await;
        up_to_date(&app).await;
        assert_eq!(counted(&app.app).await, 0);
        // One that is built from nothing does not find them either.
        let another = node(&app.db, &temporary()).await;
        catch_up(&another).await;
        assert_eq!(counted(&another).await, 0);
    }

    async fn a_draft_is_never_found(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let _feed = Feed::start(&app.app);
        app.draft(1, "Nháp chưa duyệt", minute(1)).await;
        let live = app.published(1, "Bản đã đăng", minute(2)).await;
        let edit = app.input(1, "Bản sửa nháp");
        articles::edit(&app, &app.own_or(), (live.id, live.version), edit, minute(3)).await.unwrap();
        up_to_date(&app).await;
        assert_eq!(found(&app, "nháp").await, Vec::<String>::new());
        assert_eq!(found(&app, "bản").await, ["Bản đã đăng"]);
        let edited = entry(&app, live.id).await;
        app.publish(&edited, minute(4)).await;
        up_to_date(&app).await;
        assert_eq!(found(&app, "nháp").await, ["Bản sửa nháp"]);
        assert_eq!(found(&app, "đã đăng").await, Vec::<String>::new());
    }

    async fn changes_that_arrive_while_the_index_is_built_are_not_lost(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let mut entries = Vec::new();
        for (number, site) in (0..40).zip((0..4).cycle()) {
            entries.push(app.published(site, &format!("Tin số {number}"), minute(number)).await);
        }
        let feed = Feed::start(&app.app);
        for (number, old) in (40..60).zip(&entries) {
            app.published(1, &format!("Tin số {number}"), minute(number)).await;
            withdraw(&app, old.id).await;
        }
        up_to_date(&app).await;
        feed.stop().await;
        assert_eq!(found(&app, "tin số").await, live(&app).await);
        assert_eq!(count(&app, &texts("tin số"), &Tags::default(), now()).await.unwrap().value, 40);
    }

    async fn a_build_that_is_cut_short_is_begun_again_and_an_interrupted_feed_goes_on(db: TestDb) {
        let files = tempfile::tempdir().unwrap();
        let app = portal(db, &folder(files.path())).await;
        for number in 0..30 {
            app.published(1, &format!("Tin số {number}"), minute(number)).await;
        }
        let begun = |status| !matches!(status, SearchStatus::Building { entries: 0 });
        let feed = Feed::start(&app.app);
        until("the build has begun", async || begun(app.search().status())).await;
        feed.stop().await;
        let TestApp { app, world, db } = app;
        release(app).await;
        let app = TestApp { app: node(&db, &folder(files.path())).await, world, db };
        catch_up(&app.app).await;
        assert_eq!(found(&app, "tin").await, live(&app).await);

        app.published(1, "Tin lúc nghỉ", minute(31)).await;
        let TestApp { app, world, db } = app;
        release(app).await;
        let app = TestApp { app: node(&db, &folder(files.path())).await, world, db };
        assert!(matches!(titles(&app, &texts("tin")).await, Err(Error::SearchNotReady)));
        catch_up(&app.app).await;
        assert_eq!(found(&app, "tin").await.first().map(String::as_str), Some("Tin lúc nghỉ"));
    }

    async fn another_node_finds_what_this_one_publishes(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let second = node(&app.db, &temporary()).await;
        let _feed = Feed::start(&second);
        up_to_date(&second).await;
        app.published(1, "Tin liên thông", minute(1)).await;
        until("the other node finds it", async || found(&second, "liên thông").await.len() == 1).await;
    }
}

/// Drops a node, and with it the lock on its index, once nothing uses it any more.
async fn release(app: std::sync::Arc<lienthong_app::App>) {
    let weak = std::sync::Arc::downgrade(&app);
    drop(app);
    until("the node is gone", async || weak.strong_count() == 0).await;
}

/// As after a restore: the epoch is another one, and entries are gone that the log says nothing of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_history_of_the_database_is_indexed_anew_while_serving() {
    let app = portal(TestDb::sqlite().await, &temporary()).await;
    let _feed = Feed::start(&app.app);
    app.published(1, "Tin cũ", minute(1)).await;
    app.published(1, "Tin còn", minute(2)).await;
    up_to_date(&app).await;
    let Location::File(file) = app.db.location() else { panic!("a file") };
    let other = "UPDATE change_head SET epoch = epoch + 1; DELETE FROM live_entry WHERE title = 'Tin cũ'";
    rusqlite::Connection::open(file).unwrap().execute_batch(other).unwrap();
    up_to_date(&app).await;
    // Counts come from the index alone.
    assert_eq!(count(&app, &texts("tin"), &Tags::default(), now()).await.unwrap().value, 1);
    assert_eq!(found(&app, "tin").await, ["Tin còn"]);
}
