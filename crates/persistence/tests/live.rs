//! The live projection and how it is read, on both databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

use lienthong_app::commands::{articles, desk};
use lienthong_app::queries::articles::ArticleFilter;
use lienthong_domain::access::SiteScope;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::entry::{EntryKind, Gone, Major};
use lienthong_domain::ids::EntryId;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{self, Bodies, Listing, LiveHeader, Order, Part};
use lienthong_persistence::{Store, entries, live_tombstones, site_hosts};
use lienthong_test_support::{TestApp, at, both_databases};

fn listing(place: Place, subject: &Subject, order: Order) -> Listing {
    let ArticleFilter { from, to, language, kind, .. } = ArticleFilter::default();
    let scope = ScopeKey::list(EntryKind::Article, place, subject);
    Listing { scope, order, from, to, language, article_kind: kind, categories: vec![], topics: vec![] }
}

async fn titles(store: &Store, listing: &Listing, part: Part, limit: u32) -> Vec<String> {
    let read = live_entries::list(store, listing, (part, None), (limit, Bodies::Without), now()).await.unwrap();
    read.into_iter().map(|header| header.title).collect()
}

fn now() -> Timestamp {
    at("2024-07-01T00:00:00Z")
}

fn minute(minute: i64) -> Timestamp {
    at("2024-01-01T00:00:00Z").plus_seconds(minute * 60)
}

/// Notes that `site` has led to a host since then.
async fn led(app: &TestApp, site: usize, host: &str, since: Timestamp) {
    let (site, since) = (&app.world.sites[site].host, since.as_micros());
    let row = format!("SELECT id, '{host}', {since} FROM site WHERE host = '{site}'");
    assert_eq!(app.db.meddle(&format!("INSERT INTO site_host (site_id, host, since) {row}")).await, 1);
}

async fn unknown(app: &TestApp, site: usize, hosts: &[&str]) -> Vec<String> {
    let tx = app.store().begin().await.unwrap();
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    site_hosts::unknown(&tx, app.world.sites[site].id, hosts, now()).await.unwrap().into_iter().collect()
}

both_databases! {
    async fn a_host_is_known_to_who_led_there_and_to_others_by_three_witnesses_of_thirty_days(db: TestDb) {
        let app = TestApp::start(db).await;
        let (long, just_short) = (now().plus_seconds(-30 * 86_400 - 1), now().plus_seconds(-30 * 86_400));
        for (host, times) in [("a.example", [long; 3]), ("b.example", [long, long, just_short])] {
            for (site, since) in (1..).zip(times) {
                led(&app, site, host, since).await;
            }
        }
        for site in 1..3 {
            led(&app, site, "c.example", long).await;
        }
        let own = app.world.sites[2].host.to_string();
        let hosts = ["a.example", "b.example", "c.example", "d.example", own.as_str()];
        assert_eq!(unknown(&app, 0, &hosts).await, ["b.example", "c.example", "d.example"]);
        assert_eq!(unknown(&app, 1, &hosts).await, ["d.example"]);
        assert_eq!(unknown(&app, 3, &hosts).await, ["c.example", "d.example"]);
        assert_eq!(unknown(&app, 0, &[]).await, Vec::<String>::new());
    }

    async fn an_entry_reads_back_as_it_was_saved(db: TestDb) {
        let app = TestApp::start(db).await;
        let draft = app.draft(1, "Lịch tiếp công dân", minute(1)).await;
        let found = entries::find(app.store(), &SiteScope::Everywhere, draft.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&draft));
        let live = app.publish(&draft, minute(2)).await;
        let found = entries::find(app.store(), &SiteScope::Everywhere, draft.id).await.unwrap();
        assert_eq!(found, Some(live));
    }

    async fn outside_its_scope_an_entry_does_not_exist(db: TestDb) {
        let app = TestApp::start(db).await;
        let draft = app.draft(1, "Tin của xã", minute(1)).await;
        let other = SiteScope::of([app.world.sites[2].id]);
        assert_eq!(entries::find(app.store(), &other, draft.id).await.unwrap(), None);
        let tx = app.store().begin().await.unwrap();
        assert_eq!(entries::lock(&tx, &other, draft.id).await.unwrap(), None);
        assert!(entries::lock(&tx, &SiteScope::of([draft.site]), draft.id).await.unwrap().is_some());
    }

    async fn a_published_entry_stands_in_each_of_its_lists_and_nowhere_else(db: TestDb) {
        let app = TestApp::start(db).await;
        app.published(1, "Tin Xuân Hải", minute(1)).await;
        app.published(2, "Tin Xuân Mỹ", minute(2)).await;
        let (world, store) = (&app.world, app.store());
        let expected: [(Place, &[&str]); 8] = [
            (Place::Instance, &["Tin Xuân Mỹ", "Tin Xuân Hải"]),
            (Place::Unit(world.units[0].id), &["Tin Xuân Mỹ", "Tin Xuân Hải"]),
            (Place::Unit(world.units[1].id), &["Tin Xuân Mỹ", "Tin Xuân Hải"]),
            (Place::Unit(world.units[2].id), &["Tin Xuân Hải"]),
            (Place::Site(world.sites[2].id), &["Tin Xuân Mỹ"]),
            (Place::Site(world.sites[0].id), &[]),
            (Place::Category(world.category(1, "tin-tuc-su-kien").id), &["Tin Xuân Hải"]),
            (Place::Category(world.category(1, "kinh-te").id), &[]),
        ];
        for (place, titles_there) in expected {
            for order in [Order::Published, Order::Updated] {
                let found = titles(store, &listing(place, &Subject::Any, order), Part::First(None), 10).await;
                assert_eq!(found, titles_there, "{place:?}");
            }
        }
    }

    async fn a_reader_that_passes_over_so_many_rows_stands_at_the_last_of_them(db: TestDb) {
        let app = TestApp::start(db).await;
        for number in 1..=7 {
            // Pairs of them at the same time.
            app.published(1, &number.to_string(), minute(number / 2)).await;
        }
        for order in [Order::Published, Order::Updated] {
            let all = listing(Place::Instance, &Subject::Any, order);
            let whole = live_entries::list(app.store(), &all, (Part::First(None), None), (10, Bodies::Without), now()).await;
            let keys: Vec<_> = whole.unwrap().iter().map(|header| header.key(order)).collect();
            let reach = async |part, most| live_entries::reach(app.store(), &all, part, most).await.unwrap();
            assert_eq!(reach(Part::First(None), 3).await, Some(keys[2]));
            assert_eq!(reach(Part::First(Some(keys[1])), 3).await, Some(keys[4]));
            assert_eq!(reach(Part::Last(None), 3).await, Some(keys[4]));
            assert_eq!(reach(Part::Last(Some(keys[5])), 3).await, Some(keys[2]));
            assert_eq!((reach(Part::First(None), 7).await, reach(Part::First(None), 8).await), (Some(keys[6]), None));
            for (part, expected) in [(Part::First(Some(keys[0])), &keys[1..=3]), (Part::Last(Some(keys[6])), &keys[3..=5])] {
                let read = live_entries::list(app.store(), &all, (part, Some(keys[3])), (10, Bodies::Without), now()).await;
                assert_eq!(read.unwrap().iter().map(|header| header.key(order)).collect::<Vec<_>>(), expected);
            }
            let late = Listing { to: Some(keys[0].at), ..all.clone() };
            let first = live_entries::reach(app.store(), &late, Part::First(None), 1).await.unwrap();
            assert_eq!(first, keys.iter().copied().find(|key| key.at < keys[0].at));
        }
    }

    async fn moving_an_entry_to_another_category_moves_it_between_lists(db: TestDb) {
        let app = TestApp::start(db).await;
        let live = app.published(1, "Tin", minute(1)).await;
        let (news, notices) = (app.world.category(1, "tin-tuc-su-kien").id, app.world.category(1, "thong-bao").id);
        let moved = ArticleInput { category: notices, tags: vec!["Mới".to_owned()], ..app.input(1, "Tin") };
        let seen = (live.id, live.version);
        let edited = articles::edit(&app.app, &app.own_or(), seen, moved, minute(2)).await.unwrap().entry;
        app.publish(&edited, minute(3)).await;
        let store = app.store();
        let of = |place| listing(place, &Subject::Any, Order::Published);
        assert_eq!(titles(store, &of(Place::Category(news)), Part::First(None), 5).await, Vec::<String>::new());
        assert_eq!(titles(store, &of(Place::Category(notices)), Part::First(None), 5).await, ["Tin"]);
        let tagged = listing(Place::Instance, &Subject::Tag("moi".to_owned()), Order::Published);
        assert_eq!(titles(store, &tagged, Part::First(None), 5).await, ["Tin"]);
    }

    async fn a_withdrawn_entry_leaves_every_list_and_a_mark(db: TestDb) {
        let app = TestApp::start(db).await;
        let live = app.published(1, "Tin", minute(1)).await;
        let seen = (live.id, live.version);
        desk::withdraw(&app.app, &app.permit(), seen, minute(2)).await.unwrap();
        let all = listing(Place::Instance, &Subject::Any, Order::Updated);
        assert_eq!(titles(app.store(), &all, Part::First(None), 5).await, Vec::<String>::new());
        assert_eq!(app.store().count_rows("live_listing").await.unwrap(), 0);
        assert_eq!(app.store().count_rows("live_listing_updated").await.unwrap(), 0);
        let gone = live_tombstones::gone_by_slug(app.store(), live.site, live.slug.as_str()).await.unwrap().unwrap();
        assert_eq!((gone.entry, gone.gone_at, gone.why), (live.id, minute(2), Gone::Withdrawn));
    }

    async fn a_minor_change_keeps_the_place_in_the_list_by_update(db: TestDb) {
        let app = TestApp::start(db).await;
        let first = app.published(1, "Một", minute(1)).await;
        app.published(1, "Hai", minute(2)).await;
        for (major, order) in [(Major::Minor, ["Hai", "Một!"]), (Major::Major, ["Một!!", "Hai"])] {
            let title = order.iter().find(|title| title.starts_with("Một")).unwrap();
            let current = entries::find(app.store(), &SiteScope::Everywhere, first.id).await.unwrap().unwrap();
            let seen = (current.id, current.version);
            let edited = articles::edit(&app.app, &app.own_or(), seen, app.input(1, title), minute(5)).await.unwrap();
            let seen = (current.id, edited.entry.version);
            desk::publish(&app.app, &app.permit(), (seen, major), minute(6)).await.unwrap();
            let all = listing(Place::Instance, &Subject::Any, Order::Updated);
            assert_eq!(titles(app.store(), &all, Part::First(None), 5).await, order);
        }
    }

    async fn pages_in_both_directions_cover_a_list_once_even_at_equal_times(db: TestDb) {
        let app = TestApp::start(db).await;
        for number in 0..11 {
            app.published(1, &format!("Tin {number:02}"), minute(number / 4)).await;
        }
        let all = listing(Place::Instance, &Subject::Any, Order::Published);
        let whole = read(app.store(), &all, Part::First(None), 100).await;
        assert_eq!(whole.len(), 11);
        assert!(whole.is_sorted_by(|a, b| (a.published_at, a.entry) > (b.published_at, b.entry)));
        for size in 1..5 {
            let mut forwards: Vec<LiveHeader> = Vec::new();
            loop {
                let key = forwards.last().map(|header| header.key(Order::Published));
                let page = read(app.store(), &all, Part::First(key), size).await;
                if page.is_empty() { break }
                forwards.extend(page);
            }
            assert_eq!(forwards, whole);
            let mut backwards: Vec<LiveHeader> = Vec::new();
            loop {
                let key = backwards.first().map(|header| header.key(Order::Published));
                let page = read(app.store(), &all, Part::Last(key), size).await;
                if page.is_empty() { break }
                backwards.splice(0..0, page);
            }
            assert_eq!(backwards, whole);
        }
    }

    async fn both_executors_read_the_same_rows(db: TestDb) {
        let app = TestApp::start(db).await;
        for number in 0..30 {
            let input = ArticleInput { tags: vec!["Tết".to_owned()], author: Some("Thu Hà".to_owned()), ..app.input(1, &format!("Tin {number}")) };
            let draft = app.draft_of(1, input, minute(number)).await;
            app.publish(&draft, minute(number)).await;
        }
        let (threads, orm) = (app.store().clone(), app.store().reading_through_orm());
        let all = listing(Place::Instance, &Subject::Any, Order::Published);
        for bodies in [Bodies::Without, Bodies::With] {
            let one = live_entries::list(&threads, &all, (Part::First(None), None), (20, bodies), now()).await.unwrap();
            let two = live_entries::list(&orm, &all, (Part::First(None), None), (20, bodies), now()).await.unwrap();
            assert_eq!((one.len(), &one), (20, &two));
            assert_eq!(one[0].body.is_some(), bodies == Bodies::With);
        }
        let ids: Vec<EntryId> = read(&threads, &all, Part::First(None), 3).await.iter().map(|it| it.entry).collect();
        let mut one = live_entries::by_ids(&threads, EntryKind::Article, &ids, now()).await.unwrap();
        let mut two = live_entries::by_ids(&orm, EntryKind::Article, &ids, now()).await.unwrap();
        one.sort_by_key(|it| it.entry);
        two.sort_by_key(|it| it.entry);
        assert_eq!((one.len(), &one), (3, &two));
        assert_eq!(live_entries::count(&threads, (&all, None), 10, now()).await.unwrap(), (10, true));
        assert_eq!(live_entries::count(&orm, (&all, None), 100, now()).await.unwrap(), (30, false));
    }

    async fn a_list_is_one_statement_and_takes_the_same_whatever_its_length(db: TestDb) {
        let app = TestApp::start(db).await;
        let all = listing(Place::Instance, &Subject::Any, Order::Published);
        for number in 0..20 {
            app.published(1, &format!("Tin {number}"), minute(number)).await;
            let before = app.store().statements();
            read(app.store(), &all, Part::First(None), 20).await;
            assert_eq!(app.store().statements() - before, 1);
        }
    }
}

async fn read(store: &Store, listing: &Listing, part: Part, limit: u32) -> Vec<LiveHeader> {
    live_entries::list(store, listing, (part, None), (limit, Bodies::Without), now()).await.unwrap()
}
