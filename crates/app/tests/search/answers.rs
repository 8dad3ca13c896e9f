//! Pages, cursors, counts and the response cache.

use lienthong_app::Error;
use lienthong_app::cache::{Begun, ResponseCache};
use lienthong_app::commands::desk;
use lienthong_app::queries::articles::{self, ArticleFilter, ArticlePlace, ArticleSubject, count};
use lienthong_app::queries::{Bodies, Order, PageRequest, Tags};
use lienthong_domain::article::{ArticleInput, ArticleKind};
use lienthong_test_support::{TestApp, both_databases};

use crate::harness::{Feed, catch_up, entry, minute, now, page, portal, temporary, texts, titles, up_to_date};

fn first(first: u32, after: Option<String>) -> PageRequest {
    PageRequest { first: Some(first), after, ..PageRequest::default() }
}

fn last(last: u32, before: Option<String>) -> PageRequest {
    PageRequest { last: Some(last), before, ..PageRequest::default() }
}

/// Twelve articles on three sites; pairs of them at the same time.
async fn many(app: &TestApp) {
    for (number, site) in (0..12).zip((0..3).cycle()) {
        let input = ArticleInput {
            kind: if number % 4 == 0 { ArticleKind::Photo } else { ArticleKind::News },
            audience: None,
            language: (number % 5 == 0).then(|| "en".to_owned()),
            tags: if number % 2 == 0 { vec!["Nông thôn".to_owned()] } else { vec![] },
            category: app.world.category(site, ["tin-tuc-su-kien", "kinh-te", "thong-bao"][site]).id,
            ..app.input(site, &format!("Bản tin {number}"))
        };
        let draft = app.draft_of(site, input, minute(0)).await;
        app.publish(&draft, minute(number / 2)).await;
    }
}

/// One filter of each kind that a list can have.
fn filters(app: &TestApp) -> Vec<ArticleFilter> {
    let filter = ArticleFilter::default;
    let world = &app.world;
    let places = [
        Some(ArticlePlace::Site(world.sites[1].id)),
        Some(ArticlePlace::Unit(world.units[1].id)),
        Some(ArticlePlace::Unit(world.units[0].id)),
        Some(ArticlePlace::Category(world.category(1, "kinh-te").id)),
        Some(ArticlePlace::Category(world.category(0, "tin-tuc-su-kien").id)),
    ];
    let subjects =
        [Some(ArticleSubject::Topic(world.topics[0].id)), Some(ArticleSubject::Tag("nong thon".to_owned())), None];
    let mut filters = vec![
        filter(),
        ArticleFilter { kind: Some(ArticleKind::Photo), ..filter() },
        ArticleFilter { language: Some("en".to_owned()), ..filter() },
        ArticleFilter { from: Some(minute(2)), to: Some(minute(4)), ..filter() },
        ArticleFilter { order: Order::Updated, ..filter() },
    ];
    for place in places {
        for subject in &subjects {
            let narrowed = ArticleFilter { place, subject: subject.clone(), ..filter() };
            filters.push(ArticleFilter { kind: Some(ArticleKind::News), ..narrowed.clone() });
            filters.push(narrowed);
        }
    }
    filters
}

both_databases! {
    async fn a_word_that_all_articles_have_leaves_every_list_as_it_is(db: TestDb) {
        let app = portal(db, &temporary()).await;
        many(&app).await;
        catch_up(&app.app).await;
        let mut lengths = 0;
        for filter in filters(&app) {
            let whole = titles(&app, &filter).await.unwrap();
            let narrowed = ArticleFilter { text: Some("bản tin".to_owned()), ..filter };
            assert_eq!(titles(&app, &narrowed).await.unwrap(), whole, "{narrowed:?}");
            let counted = count(&app, &narrowed, &Tags::default(), now()).await.unwrap();
            assert_eq!((counted.value as usize, counted.more), (whole.len(), false), "{narrowed:?}");
            lengths += whole.len();
        }
        assert!(lengths > 60, "the lists must not be empty: {lengths}");
    }

    async fn pages_of_a_search_join_in_both_directions_with_one_statement_each(db: TestDb) {
        let app = portal(db, &temporary()).await;
        many(&app).await;
        catch_up(&app.app).await;
        let filter = texts("bản tin");
        let whole = titles(&app, &filter).await.unwrap();
        for size in [1, 5, 12] {
            let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
            let (mut after, mut before) = (None, None);
            loop {
                let statements = app.store().statements();
                let page = page(&app, &filter, &first(size, after.clone())).await.unwrap();
                assert_eq!(app.store().statements() - statements, 1);
                assert_eq!(page.has_previous, after.is_some());
                after = page.headers.last().map(|header| page.cursor(&app, header));
                forwards.extend(page.headers.into_iter().map(|header| header.title.clone()));
                if !page.has_next { break }
            }
            loop {
                let page = page(&app, &filter, &last(size, before.clone())).await.unwrap();
                before = page.headers.first().map(|header| page.cursor(&app, header));
                backwards.splice(0..0, page.headers.into_iter().map(|header| header.title.clone()));
                if !page.has_previous { break }
            }
            assert_eq!((&forwards, &backwards), (&whole, &whole), "pages of {size}");
        }
    }

    async fn a_cursor_belongs_to_its_search(db: TestDb) {
        let app = portal(db, &temporary()).await;
        many(&app).await;
        catch_up(&app.app).await;
        let start = page(&app, &texts("Bản tin"), &first(2, None)).await.unwrap();
        let cursor = start.cursor(&app, &start.headers[1]);
        assert!(page(&app, &texts("ban TIN"), &first(2, Some(cursor.clone()))).await.is_ok());
        for other in [texts("tin"), texts("\"bản tin\""), ArticleFilter::default()] {
            let refused = page(&app, &other, &first(2, Some(cursor.clone()))).await;
            assert!(matches!(refused, Err(Error::InvalidCursor)), "{other:?}");
        }
    }

    async fn what_cannot_be_searched_for_is_refused_even_where_nothing_is(db: TestDb) {
        let app = portal(db, &temporary()).await;
        for text in [" ", "🙂", "\u{7}", &"x".repeat(10_240), &"a ".repeat(17)] {
            let refused = page(&app, &texts(text), &first(2, None)).await;
            assert!(matches!(refused, Err(Error::BadRequest { parameter: "text", .. })), "{text:?}");
        }
    }

    async fn entries_that_vanish_behind_the_index_make_room_for_the_next(db: TestDb) {
        let app = portal(db, &temporary()).await;
        many(&app).await;
        catch_up(&app.app).await;
        let gone = page(&app, &texts("bản tin"), &first(3, None)).await.unwrap().headers;
        for header in &gone {
            let entry = entry(&app, header.entry).await;
            desk::withdraw(&app, &app.permit(), (entry.id, entry.version), now()).await.unwrap();
        }
        let rest = titles(&app, &ArticleFilter::default()).await.unwrap();
        let page = page(&app, &texts("bản tin"), &first(2, None)).await.unwrap();
        let shown: Vec<&String> = page.headers.iter().map(|header| &header.title).collect();
        assert_eq!(shown, [&rest[0], &rest[1]]);
        assert!(page.has_next);
    }

    async fn an_answer_from_an_index_behind_the_log_is_not_kept(db: TestDb) {
        let app = portal(db, &temporary()).await;
        many(&app).await;
        catch_up(&app.app).await;
        let cache = ResponseCache::new(1_000_000);
        let ask = async |text: Option<&str>| {
            let filter = ArticleFilter { text: text.map(str::to_owned), ..ArticleFilter::default() };
            let (begun, tags) = (Begun::now(&app, now()), Tags::default());
            let page = articles::page(&app, &filter, &PageRequest::default(), (Bodies::Without, &tags), now()).await;
            let key = text.unwrap_or_default().as_bytes();
            cache.keep(&app, key.into(), (page.unwrap().headers.len(), 1), (begun, &tags));
            cache.get(&app, key, now()).map(|kept| kept.value)
        };
        app.catch_up().await.unwrap();
        assert_eq!((ask(None).await, ask(Some("bản tin")).await), (Some(12), Some(12)));
        app.published(1, "Bản tin mới", minute(20)).await;
        assert_eq!((ask(None).await, ask(Some("bản tin")).await), (Some(13), None));
        let feed = Feed::start(&app.app);
        up_to_date(&app).await;
        feed.stop().await;
        app.catch_up().await.unwrap();
        assert_eq!(ask(Some("bản tin")).await, Some(13));
    }
}
