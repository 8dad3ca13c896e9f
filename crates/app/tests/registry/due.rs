//! What is due stays due until it has been done.

use lienthong_app::Error;
use lienthong_app::commands::desk;
use lienthong_domain::entry::{EntryError, Major, Publication};
use lienthong_test_support::{TestApp, at, both_databases};

/// Puts the first commune's site under quarantine.
fn quarantine(app: &TestApp) -> String {
    format!(
        "INSERT INTO quarantine (id, site_id, reason, raised_by, raised_at) \
         SELECT id, id, 'Bị tấn công', id, 0 FROM site WHERE host = '{}'",
        app.world.sites[1].host
    )
}

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

    async fn nothing_new_becomes_public_on_a_site_that_was_closed_meanwhile(db: TestDb) {
        let app = TestApp::start(db).await;
        let (written, due) = (at("2024-01-01T00:00:00Z"), at("2024-01-03T00:00:00Z"));
        let later = |at| Publication { at: Some(at), ..Major::Major.into() };
        let draft = app.draft(1, "Thông báo cắt điện", written).await;
        desk::publish(&app, &app.permit(), ((draft.id, draft.version), later(due)), written).await.unwrap();
        let host = &app.world.sites[1].host;
        assert_eq!(app.db.meddle(&format!("UPDATE site SET active_to = '2024-01-02' WHERE host = '{host}'")).await, 1);
        assert_eq!(desk::run_due(&app, due).await.unwrap(), 0);

        let draft = app.draft(1, "Tin khác", written).await;
        let schedule = async |at| desk::publish(&app, &app.permit(), ((draft.id, draft.version), later(at)), written).await;
        let refused = schedule(at("2024-01-02T17:00:00Z")).await.unwrap_err();
        assert!(matches!(refused, Error::Entry(EntryError::SiteClosed)), "{refused}");
        schedule(at("2024-01-02T16:59:59Z")).await.unwrap();
    }

    async fn what_waits_on_a_site_under_quarantine_keeps_nobody_else_waiting(db: TestDb) {
        let app = TestApp::start(db).await;
        let (written, due) = (at("2024-01-01T00:00:00Z"), at("2024-01-01T00:10:00Z"));
        let schedule = async |site: usize, title: &str, at| {
            let draft = app.draft(site, title, written).await;
            let later = Publication { at: Some(at), ..Major::Major.into() };
            desk::publish(&app, &app.permit(), ((draft.id, draft.version), later), written).await.unwrap();
        };
        for number in 0..25 {
            schedule(1, &format!("Thông báo {number}"), due).await;
        }
        schedule(2, "Của xã khác", due.plus_seconds(1)).await;
        assert_eq!(app.db.meddle(&quarantine(&app)).await, 1);
        assert_eq!(desk::run_due(&app, due.plus_seconds(2)).await.unwrap(), 1);
    }

    async fn what_cannot_be_done_at_its_moment_is_waited_for_no_longer(db: TestDb) {
        let app = TestApp::start(db).await;
        let (written, due) = (at("2024-01-01T00:00:00Z"), at("2024-01-01T00:10:00Z"));
        let draft = app.draft(1, "Thông báo cắt điện", written).await;
        let later = Publication { at: Some(due), ..Major::Major.into() };
        desk::publish(&app, &app.permit(), ((draft.id, draft.version), later), written).await.unwrap();
        // The site has come under quarantine.
        assert_eq!(app.db.meddle(&quarantine(&app)).await, 1);
        assert_eq!(desk::run_due(&app, due.plus_seconds(1)).await.unwrap(), 0);
        app.catch_up().await.unwrap();
        assert_eq!(app.next_due(), None);
    }
}
