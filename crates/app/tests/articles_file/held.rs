//! What an import does with articles in which the scanner finds something.

use serde_json::json;

use lienthong_app::commands::{desk, holds};
use lienthong_domain::access::SiteScope;
use lienthong_domain::entry::{EntryKind, Major};
use lienthong_persistence::entries;
use lienthong_test_support::{TestApp, at, both_databases};

use crate::{counts, export, file, import, line, now, with};

both_databases! {
    async fn what_looks_like_injected_advertising_waits_as_a_draft_and_the_rest_is_public(db: TestDb) {
        let test = TestApp::start(db).await;
        let poison = json!({"body": "<p>Nhà cái 8xbet uy tín số 1, đăng ký nhận ngay 200k, tài xỉu đổi thưởng</p>"});
        let clean = [line(&test, "1", "Một"), line(&test, "2", "Hai")];
        let poisoned = with(&line(&test, "3", "Ba"), poison.clone());
        let source = file(&[clean[0].clone(), poisoned.clone(), clean[1].clone()]);
        let report = import(&test, source).await.unwrap();
        assert_eq!((counts(&report), report.held), ([3, 2, 0, 0, 0], 1));
        assert!(report.errors[0].to_string().starts_with("line 2: body: held, gambling"), "{}", report.errors[0]);

        // The same again changes nothing, and a public article that turns bad stays as it was.
        let turned = with(&clean[0], poison);
        let report = import(&test, file(&[turned, poisoned])).await.unwrap();
        assert_eq!((counts(&report), report.held), ([2, 0, 0, 1, 0], 1));
        let exported = export(&test, None).await;
        assert_eq!((exported.lines().count(), exported.contains("8xbet")), (2, false));

        // It keeps the date of its first publication when somebody has let it pass.
        let site = SiteScope::of([test.world.sites[1].id]);
        let tx = test.store().begin().await.unwrap();
        let id = entries::lock_by_source(&tx, test.world.sites[1].id, EntryKind::Article, "3").await.unwrap().unwrap().id;
        drop(tx);
        let held = entries::find(test.store(), &site, id).await.unwrap().unwrap();
        let second = ((id, held.version), "Tin cũ của Công an xã");
        let passed = holds::release(&test, &test.permit(), second, now()).await.unwrap();
        let published = desk::publish(&test, &test.permit(), ((id, passed.version), Major::Major), now()).await.unwrap();
        let stated = at("2024-06-28T07:05:00Z");
        assert_eq!((published.first_published_at, published.published_at), (Some(stated), Some(now())));
    }
}
