use std::fs::File;

use lienthong_app::App;
use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::registry::{TopicsImport, TopicsReport, import_topics};
use lienthong_test_support::both_databases;

use crate::harness::{app, last_change, now, permit, shared_data};

const HEADER: &str = "code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes\n";

const TWO: &str = "\
tt.tin,Tin tức – sự kiện,News and events,T X H,,none,D,30,
tthc.bo,Thủ tục hành chính,Administrative procedures,T X H,NĐ224 Đ9k1a,on change,L,1,permanent
";

async fn import(app: &App, rows: &str, dry_run: bool) -> TopicsReport {
    let source = format!("{HEADER}{rows}");
    let run = Run { dry_run, ..Run::default() };
    import_topics(app, &permit(), TopicsImport { source: source.as_bytes(), unit: None, run }, now()).await.unwrap()
}

both_databases! {
    async fn topics_are_recognised_by_their_codes(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        assert_eq!(import(&app, TWO, false).await.topics, Tally { created: 2, changed: 0, unchanged: 0 });
        let id = app.reference().topics.by_code("tt.tin").unwrap().id;
        let stale = TWO.replace(",D,30,", ",D,7,");
        assert_eq!(import(&app, &stale, false).await.topics, Tally { created: 0, changed: 1, unchanged: 1 });
        let topic = app.reference().topics.by_code("tt.tin").unwrap().clone();
        assert_eq!((topic.id, topic.max_stale_days), (id, Some(7)));
    }

    async fn a_wrong_topic_is_reported_and_a_dry_run_leaves_nothing(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let rows = format!("{TWO}tin,Tin,News,T,,none,D,1,\ntt.tin,Tin,News,T,,none,D,1,\n");
        let report = import(&app, &rows, true).await;
        assert_eq!((report.topics.created, report.refused.len()), (2, 2));
        assert_eq!((last_change(&app).await, app.reference().topics.all().len()), (0, 0));
    }

    async fn the_real_catalogue_is_imported_once(db: TestDb) {
        let store = db.open().await;
        let Some(path) = shared_data("topics.csv") else { return };
        let app = app(store).await;
        for expected in [Tally { created: 60, changed: 0, unchanged: 0 }, Tally { created: 0, changed: 0, unchanged: 60 }] {
            let import = TopicsImport { source: File::open(&path).unwrap(), unit: None, run: Run::default() };
            assert_eq!(import_topics(&app, &permit(), import, now()).await.unwrap().topics, expected);
            assert_eq!(last_change(&app).await, 1);
        }
    }
}
