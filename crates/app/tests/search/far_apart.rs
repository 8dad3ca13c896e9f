//! Lists with conditions that rarely meet.

use lienthong_app::queries::articles::{self, ArticleFilter, ArticleSubject};
use lienthong_app::queries::{Bodies, Page, PageRequest, Tags};
use lienthong_domain::article::{ArticleInput, ArticleKind};
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, both_databases};

use crate::harness::{minute, now};

/// Notices of another topic, more than a page passes over.
const OTHERS: u32 = 4_100;

fn filter(app: &TestApp) -> ArticleFilter {
    let subject = Some(ArticleSubject::Topic(app.world.topics[1].id));
    ArticleFilter { subject, kind: Some(ArticleKind::Notice), ..ArticleFilter::default() }
}

async fn page(app: &TestApp, request: PageRequest) -> (Vec<String>, Page) {
    let tags = Tags::default();
    let page = articles::page(app, &filter(app), &request, (Bodies::Without, &tags), now()).await.unwrap();
    (page.headers.iter().map(|header| header.title.clone()).collect(), page)
}

async fn notice(app: &TestApp, (title, category): (&str, &str), at: Timestamp) {
    let category = app.world.category(1, category).id;
    let input = ArticleInput { kind: ArticleKind::Notice, category, ..app.input(1, title) };
    let draft = app.draft_of(1, input, at).await;
    app.publish(&draft, at).await;
}

both_databases! {
    async fn what_lies_far_apart_in_a_list_is_found_by_going_on(db: TestDb) {
        let app = TestApp::start(db).await;
        notice(&app, ("Của chủ đề khác", "kinh-te"), minute(0)).await;
        app.db.multiply_lists(OTHERS).await;
        notice(&app, ("Cũ", "thong-bao"), minute(0)).await;

        let (titles, start) = page(&app, PageRequest { first: Some(5), ..PageRequest::default() }).await;
        assert_eq!((titles, start.has_next, start.has_previous), (vec![], true, false));
        assert_eq!(start.start_cursor(&app), None);
        let after = start.end_cursor(&app);
        let (titles, rest) = page(&app, PageRequest { first: Some(5), after, ..PageRequest::default() }).await;
        assert_eq!((titles, rest.has_next), (vec!["Cũ".to_owned()], false));

        let (titles, end) = page(&app, PageRequest { last: Some(5), ..PageRequest::default() }).await;
        assert_eq!((titles, end.has_previous, end.has_next), (vec!["Cũ".to_owned()], true, false));
        let before = end.start_cursor(&app);
        let (titles, rest) = page(&app, PageRequest { last: Some(5), before, ..PageRequest::default() }).await;
        assert_eq!((titles, rest.has_previous), (vec![], false));

        let total = articles::count(&app, &filter(&app), &Tags::default(), now()).await.unwrap();
        assert_eq!((total.value, total.more), (1, false));

        // A page that is just full where it stops goes on as well.
        notice(&app, ("Mới", "thong-bao"), minute(1)).await;
        let (titles, start) = page(&app, PageRequest { first: Some(1), ..PageRequest::default() }).await;
        assert_eq!((titles, start.has_next), (vec!["Mới".to_owned()], true));
        let after = start.end_cursor(&app);
        let (titles, rest) = page(&app, PageRequest { first: Some(1), after, ..PageRequest::default() }).await;
        assert_eq!((titles, rest.has_next), (vec!["Cũ".to_owned()], false));
    }

    async fn totals_with_conditions_are_of_the_first_ten_thousand_rows(db: TestDb) {
        let app = TestApp::start(db).await;
        let other = ("Của chủ đề khác", "kinh-te");
        notice(&app, other, minute(1)).await;
        app.db.multiply_lists(9_998).await;
        notice(&app, ("Cũ", "thong-bao"), minute(0)).await;
        let total = async || {
            let total = articles::count(&app, &filter(&app), &Tags::default(), now()).await.unwrap();
            (total.value, total.more)
        };
        assert_eq!(total().await, (1, false));
        notice(&app, other, minute(2)).await;
        assert_eq!(total().await, (1, true));
        notice(&app, other, minute(3)).await;
        assert_eq!(total().await, (0, true));
    }
}
