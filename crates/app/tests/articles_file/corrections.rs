//! Corrections in a file: they name what they correct by its source id.

use serde_json::json;

use lienthong_app::{App, Keys};
use lienthong_domain::change::ChangeKind::{Corrected, Published};
use lienthong_test_support::{TestApp, TestDb, both_databases};

use crate::{counts, export, file, import, line, log, run, with};

both_databases! {
    async fn a_correction_is_imported_with_what_it_corrects_and_exported_again(db: TestDb) {
        let elsewhere = if db.is_postgres() { TestDb::postgres().await } else { TestDb::sqlite().await };
        let test = TestApp::start(db).await;
        let correction = with(
            &line(&test, "2", "Đính chính"),
            json!({"corrects": "1", "publishedAt": "2024-06-29T00:00:00Z"}),
        );
        let again = with(
            &line(&test, "3", "Đính chính lần hai"),
            json!({"corrects": "2", "publishedAt": "2024-06-30T00:00:00Z"}),
        );
        let lines = [line(&test, "1", "Tin"), correction, again];
        assert_eq!(counts(&run(&test, file(&lines), true).await.unwrap()), [3, 3, 0, 0, 0]);
        assert_eq!(log(&test).await.len(), 0);
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [3, 3, 0, 0, 0]);
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [3, 0, 0, 3, 0]);
        let kinds: Vec<_> = log(&test).await.iter().map(|row| row.change.kind).collect();
        assert_eq!(kinds, [Published, Published, Corrected, Published, Corrected]);
        let exported = export(&test, None).await;
        assert_eq!((exported.matches(r#""corrects":"1""#).count(), exported.matches(r#""corrects":"2""#).count()), (1, 1));

        let store = elsewhere.open().await;
        test.world.save(&store).await;
        let other = App::start(store, Keys::of_tests()).await.unwrap();
        let report = import(&other, std::io::Cursor::new(exported.clone().into_bytes())).await.unwrap();
        assert_eq!(counts(&report), [3, 3, 0, 0, 0]);
        assert_eq!(export(&other, None).await, exported);
    }

    async fn what_is_corrected_has_to_be_there_and_stays_what_it_was(db: TestDb) {
        let test = TestApp::start(db).await;
        let elsewhere = with(&line(&test, "1", "Tin xã bên"), json!({"site": test.world.sites[2].host.to_string()}));
        let correction = with(&line(&test, "2", "Đính chính"), json!({"corrects": "1"}));
        let refused = import(&test, file(&[elsewhere, correction.clone()])).await.unwrap();
        assert_eq!((refused.created, refused.refused), (1, 1));
        assert_eq!(refused.errors[0].to_string(),
            "line 2: corrects: must be the source id of an article that is published on this site before");
        // Once it is there, the same file is simply imported again.
        let first = line(&test, "1", "Tin");
        assert_eq!(import(&test, file(&[first, correction.clone()])).await.unwrap().created, 2);

        let third = line(&test, "3", "Tin khác");
        let changed = with(&correction, json!({"corrects": "3"}));
        let refused = import(&test, file(&[third, changed])).await.unwrap();
        assert_eq!((refused.created, refused.updated, refused.refused), (1, 0, 1));
        assert_eq!(refused.errors[0].to_string(), "line 2: corrects: must stay as it was first imported");
        let changed = with(&correction, json!({"title": "Đính chính, sửa"}));
        assert_eq!(import(&test, file(&[changed])).await.unwrap().updated, 1);
    }
}
