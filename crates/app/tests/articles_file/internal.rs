//! Lines that are meant for the offices themselves.

use std::sync::Arc;

use serde_json::{Value, json};

use lienthong_app::commands::articles;
use lienthong_app::queries::internal::{self, InternalArticle, InternalPlace};
use lienthong_app::queries::{Bodies, LiveHeader, PageRequest, Tags, articles as public};
use lienthong_domain::access::SiteScope;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::audience::Audience;
use lienthong_domain::change::ChangeKind;
use lienthong_domain::entry::Entry;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::entries;
use lienthong_test_support::{TestApp, both_databases};

use ChangeKind::{Internal, Published, Withdrawn};

use crate::{counts, export, file, import, line, log, now, with};

async fn inside(test: &TestApp) -> Vec<InternalArticle> {
    let request = PageRequest::default();
    let place = (InternalPlace::default(), &request);
    internal::page(test, &test.permit(), place, Bodies::With).await.unwrap().articles
}

async fn outside(test: &TestApp) -> Vec<LiveHeader> {
    let (filter, tags) = (public::ArticleFilter::default(), Tags::default());
    let page = public::page(test, &filter, &PageRequest::default(), (Bodies::With, &tags), now()).await;
    page.unwrap().headers.into_iter().map(Arc::unwrap_or_clone).collect()
}

async fn kinds(test: &TestApp) -> Vec<ChangeKind> {
    log(test).await.into_iter().map(|row| row.change.kind).collect()
}

async fn found(test: &TestApp, id: EntryId) -> Entry {
    entries::find(test.store(), &SiteScope::Everywhere, id).await.unwrap().unwrap()
}

/// A board's own edition for another audience.
async fn republish(test: &TestApp, id: EntryId, audience: Audience) {
    let entry = found(test, id).await;
    let input = ArticleInput { audience: Some(audience), ..test.input(1, "Sửa tại đây") };
    let edited = articles::edit(test, &test.own_or(), (id, entry.version), input, now()).await.unwrap().entry;
    test.publish(&edited, now()).await;
}

both_databases! {
    async fn an_internal_line_is_read_internally_under_its_own_date_and_nowhere_else(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = [line(&test, "1", "Công khai"), with(&line(&test, "2", "Nội bộ"), json!({"audience": "internal"}))];
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [2, 2, 0, 0, 0]);
        let [one] = inside(&test).await.try_into().unwrap();
        assert_eq!((one.article.title.as_str(), one.article.body.as_str()), ("Nội bộ", "<p>Nội bộ</p>"));
        assert_eq!(json!([one.published_at, one.updated_at]), json!(["2024-06-28T07:05:00Z", "2024-06-28T07:05:00Z"]));
        assert_eq!(outside(&test).await.len(), 1);
        let mut kinds = kinds(&test).await;
        kinds.sort_by_key(|kind| kind.as_str());
        assert_eq!(kinds, [ChangeKind::Internal, ChangeKind::Published]);
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [2, 0, 0, 2, 0]);
    }

    async fn a_line_may_move_an_article_into_the_public_and_out_of_it_and_it_keeps_its_first_date(db: TestDb) {
        let test = TestApp::start(db).await;
        let inner = with(&line(&test, "1", "Một"), json!({"audience": "internal"}));
        let outer = with(&inner, json!({"audience": "public"}));
        for (line, numbers) in [(&inner, [0, 1]), (&outer, [1, 0]), (&inner, [0, 1])] {
            import(&test, file(std::slice::from_ref(line))).await.unwrap();
            assert_eq!([outside(&test).await.len(), inside(&test).await.len()], numbers);
            let exported: Value = serde_json::from_str(export(&test, None).await.trim()).unwrap();
            assert_eq!(exported["publishedAt"], "2024-06-28T07:05:00Z");
            assert_eq!(exported.get("audience").is_some(), numbers == [0, 1]);
        }
        assert_eq!(kinds(&test).await, [Internal, Published, Internal, Withdrawn, Internal]);
    }

    async fn a_line_that_names_no_audience_leaves_an_article_internal(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(&[with(&first, json!({"audience": "internal"}))])).await.unwrap();
        let changed = with(&first, json!({"summary": "khác"}));
        assert_eq!(counts(&import(&test, file(&[changed])).await.unwrap()), [1, 0, 1, 0, 0]);
        assert_eq!(outside(&test).await, []);
        assert_eq!(inside(&test).await[0].article.summary, "khác");
    }

    async fn naming_the_audience_is_not_the_same_as_leaving_it_out(db: TestDb) {
        let test = TestApp::start(db).await;
        let silent = line(&test, "1", "Một");
        let [inner, outer] = ["internal", "public"].map(|audience| with(&silent, json!({"audience": audience})));
        for (line, expected) in [(inner, [1, 1, 0, 0, 0]), (silent, [1, 0, 0, 1, 0]), (outer, [1, 0, 1, 0, 0])] {
            assert_eq!(counts(&import(&test, file(&[line])).await.unwrap()), expected);
        }
        assert_eq!(outside(&test).await.len(), 1);
    }

    async fn what_has_left_the_public_is_not_brought_back_by_the_file(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        republish(&test, outside(&test).await[0].entry, Audience::Internal).await;
        let stated = with(&first, json!({"summary": "khác", "audience": "public"}));
        let report = import(&test, file(&[stated])).await.unwrap();
        let rule = "line 1: audience: was taken out of the public here, and only its board brings it back";
        assert_eq!(report.errors[0].to_string(), rule);
        assert_eq!(outside(&test).await, []);
    }

    async fn what_a_board_made_public_is_not_taken_back_by_the_file(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = with(&line(&test, "1", "Một"), json!({"audience": "internal"}));
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        republish(&test, inside(&test).await[0].entry, Audience::Public).await;
        let report = import(&test, file(&[with(&first, json!({"summary": "khác"}))])).await.unwrap();
        assert_eq!(
            report.errors[0].to_string(),
            "line 1: audience: was made public here, and only its board takes it back"
        );
    }

    async fn an_unknown_audience_is_named(db: TestDb) {
        let test = TestApp::start(db).await;
        let wrong = with(&line(&test, "1", "Một"), json!({"audience": "everybody"}));
        let report = import(&test, file(&[wrong])).await.unwrap();
        assert!(report.errors[0].to_string().starts_with("line 1: audience: "), "{:?}", report.errors);
    }
}
