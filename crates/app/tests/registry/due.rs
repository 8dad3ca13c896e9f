//! What is due stays due until it has been done.

use lienthong_app::commands::desk;
use lienthong_domain::entry::{Major, Publication};
use lienthong_test_support::{TestApp, at, both_databases};

both_databases! {
    async fn a_moment_that_has_passed_is_not_forgotten_before_its_work_is_done(db: TestDb) {
        let app = TestApp::start(db).await;
        let (written, due) = (at("2024-01-01T00:00:00Z"), at("2024-01-01T00:10:00Z"));
        let draft = app.draft(1, "Thông báo cắt điện", written).await;
        let later = Publication { at: Some(due), ..Major::Major.into() };
        desk::publish(&app, &app.permit(), ((draft.id, draft.version), later), written).await.unwrap();
        assert_eq!(app.next_due(), Some(due));
        // Whoever reads the log after the moment and before it has been seen to.
        app.published(1, "Tin khác", due.plus_seconds(1)).await;
        assert_eq!(app.next_due(), Some(due));
        let started_late = app.second_node().await;
        assert_eq!(started_late.next_due(), Some(due));

        assert_eq!(desk::run_due(&app, due.plus_seconds(2)).await.unwrap(), 1);
        started_late.catch_up().await.unwrap();
        assert_eq!((app.next_due(), started_late.next_due()), (None, None));
    }

    async fn what_cannot_be_done_at_its_moment_is_waited_for_no_longer(db: TestDb) {
        let app = TestApp::start(db).await;
        let (written, due) = (at("2024-01-01T00:00:00Z"), at("2024-01-01T00:10:00Z"));
        let draft = app.draft(1, "Thông báo cắt điện", written).await;
        let later = Publication { at: Some(due), ..Major::Major.into() };
        desk::publish(&app, &app.permit(), ((draft.id, draft.version), later), written).await.unwrap();
        // The site has come under quarantine.
        let quarantine = format!(
            "INSERT INTO quarantine (id, site_id, reason, raised_by, raised_at) \
             SELECT id, id, 'Bị tấn công', id, 0 FROM site WHERE host = '{}'",
            app.world.sites[1].host
        );
        assert_eq!(app.db.meddle(&quarantine).await, 1);
        assert_eq!(desk::run_due(&app, due.plus_seconds(1)).await.unwrap(), 0);
        app.catch_up().await.unwrap();
        assert_eq!(app.next_due(), None);
    }
}
