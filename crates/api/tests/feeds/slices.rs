//! The two reads behind sitemaps, by both executors.

use lienthong_domain::entry::EntryKind;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_addresses::{self, Slice};
use lienthong_test_support::both_databases;

use crate::portal::{Portal, article, at};

/// Five articles on the first five days of August, at 08:00 UTC.
async fn five_days(portal: &Portal) -> ScopeKey {
    for day in 1..=5 {
        let input = article(portal.registry.news, &format!("Tin {day}"));
        portal.publish(input, at(&format!("2025-08-0{day}T08:00:00Z"))).await;
    }
    ScopeKey::list(EntryKind::Article, Place::Site(portal.registry.commune), &Subject::Any)
}

fn noon(day: u8) -> Timestamp {
    at(&format!("2025-08-0{day}T12:00:00Z"))
}

both_databases! {
    async fn a_slice_goes_on_where_the_one_before_it_ended(db: TestDb) {
        let portal = Portal::open(db).await;
        let scope = five_days(&portal).await;
        let all = Slice { scope, span: (noon(1), noon(5)), latest_first: false, limit: 3, offset: 0 };
        let latest = Slice { latest_first: true, ..all };
        for store in [portal.store().clone(), portal.store().reading_through_orm()] {
            for (slice, expected) in [
                (all, &["tin-2", "tin-3", "tin-4"][..]),
                (Slice { offset: 3, ..all }, &["tin-5"]),
                (Slice { offset: 4, ..all }, &[]),
                (latest, &["tin-5", "tin-4", "tin-3"]),
            ] {
                let read = live_addresses::read(&store, slice, noon(9)).await.unwrap();
                let slugs: Vec<&str> = read.iter().map(|address| address.slug.as_str()).collect();
                assert_eq!(slugs, expected, "{slice:?}");
            }
        }
    }

    async fn spans_are_counted_in_their_order_and_only_so_far(db: TestDb) {
        let portal = Portal::open(db).await;
        let scope = five_days(&portal).await;
        let spans = [(noon(3), noon(5)), (noon(1), noon(2)), (noon(5), noon(9)), (noon(1), noon(5))];
        for store in [portal.store().clone(), portal.store().reading_through_orm()] {
            assert_eq!(live_addresses::first(&store, scope).await.unwrap(), Some(at("2025-08-01T08:00:00Z")));
            assert_eq!(live_addresses::counts(&store, scope, &spans, 3).await.unwrap(), [2, 1, 0, 3]);
            assert!(live_addresses::counts(&store, scope, &[], 3).await.unwrap().is_empty());
        }
    }

    async fn an_index_of_a_hundred_years_is_one_statement(db: TestDb) {
        let portal = Portal::open(db).await;
        let scope = five_days(&portal).await;
        let spans = vec![(noon(1), noon(5)); 1_200];
        assert_eq!(live_addresses::counts(portal.store(), scope, &spans, 9).await.unwrap(), [4; 1_200]);
    }
}
