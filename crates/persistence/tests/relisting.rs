//! The walk through the articles of a site, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use lienthong_domain::registry::Category;
use lienthong_persistence::{Record, categories, relistings};
use lienthong_test_support::{TestApp, at, both_databases};

async fn put(test: &TestApp, categories: &[Category]) {
    let tx = test.store().begin().await.unwrap();
    categories::put(&tx, categories).await.unwrap();
    tx.commit(Record::default()).await.unwrap();
}

/// The titles of the next part of the walk, two at most; `None` when no walk is due.
async fn step(test: &TestApp, keep: bool) -> Option<Vec<String>> {
    let tx = test.store().begin().await.unwrap();
    let walk = relistings::next(&tx, 2).await.unwrap()?;
    relistings::advance(&tx, &walk).await.unwrap();
    if keep {
        tx.commit(Record::default()).await.unwrap();
    }
    let mut titles: Vec<String> = walk.articles.iter().map(|listed| listed.article.title.clone()).collect();
    // Two of them were published in the same minute, and random ids decide between them.
    titles.sort();
    Some(titles)
}

both_databases! {
    async fn a_walk_goes_on_where_it_broke_off_and_begins_again_after_another_change(db: TestDb) {
        let test = TestApp::start(db).await;
        for (number, minute) in [(1, "00:01"), (2, "00:01"), (3, "00:02")] {
            test.published(1, &format!("Tin {number}"), at(&format!("2024-01-01T{minute}:00Z"))).await;
        }
        assert!(!relistings::are_due(test.store()).await.unwrap());
        assert_eq!(step(&test, true).await, None);
        let mut news = test.world.category(1, "tin-tuc-su-kien").clone();
        news.topic = None;
        put(&test, std::slice::from_ref(&news)).await;
        assert!(relistings::are_due(test.store()).await.unwrap());
        assert_eq!(step(&test, true).await.unwrap(), ["Tin 1", "Tin 2"]);
        assert_eq!(step(&test, false).await.unwrap(), ["Tin 3"]);
        assert_eq!(step(&test, true).await.unwrap(), ["Tin 3"]);
        assert_eq!(step(&test, true).await, None);
        put(&test, std::slice::from_ref(&news)).await;
        assert_eq!(step(&test, true).await, None);

        put(&test, &[test.world.category(1, "tin-tuc-su-kien").clone()]).await;
        assert_eq!(step(&test, true).await.unwrap(), ["Tin 1", "Tin 2"]);
        news.parent = Some(test.world.category(1, "thong-bao").id);
        put(&test, std::slice::from_ref(&news)).await;
        assert_eq!(step(&test, true).await.unwrap(), ["Tin 1", "Tin 2"]);
    }

    async fn sites_without_articles_and_names_that_change_are_no_reason(db: TestDb) {
        let test = TestApp::start(db).await;
        test.published(1, "Tin", at("2024-01-01T00:00:00Z")).await;
        let renamed = Category { name: "Tin mới".to_owned(), ..test.world.category(1, "tin-tuc-su-kien").clone() };
        let elsewhere = Category { topic: None, ..test.world.category(2, "thong-bao").clone() };
        put(&test, &[renamed, elsewhere]).await;
        assert!(!relistings::are_due(test.store()).await.unwrap());
    }
}
