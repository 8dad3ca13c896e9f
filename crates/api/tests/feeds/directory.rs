//! `/feeds.opml`.

use lienthong_test_support::both_databases;

use crate::portal::Portal;
use crate::registry::{CATALOGUE, COMMUNE, DISTRICT};

both_databases! {
    async fn every_public_site_stands_below_its_province_with_a_feed_that_answers(db: TestDb) {
        let portal = Portal::open(db).await;
        let before = portal.statements();
        let got = portal.get("/feeds.opml").await;
        assert_eq!(portal.statements(), before, "the directory comes from memory");
        assert_eq!(got.header("content-type"), "text/x-opml; charset=utf-8");
        let read = opml::OPML::from_str(&got.body).unwrap();
        assert_eq!(read.body.outlines.len(), 1);
        let province = &read.body.outlines[0];
        assert_eq!(province.text, "Tỉnh Hà Tĩnh");
        let urls: Vec<&str> = province.outlines.iter().filter_map(|site| site.xml_url.as_deref()).collect();
        let expected = [DISTRICT, COMMUNE].map(|host| format!("https://api.hatinh.example/feeds/sites/{host}.rss"));
        assert_eq!(urls, expected);
        assert!(!got.body.contains(CATALOGUE));
        for url in urls {
            portal.feed(url.strip_prefix("https://api.hatinh.example").unwrap()).await;
        }
    }

    async fn the_directory_is_dated_by_the_last_opening_of_a_site(db: TestDb) {
        let portal = Portal::open(db).await;
        let read = opml::OPML::from_str(&portal.get("/feeds.opml").await.body).unwrap();
        assert_eq!(read.head.unwrap().date_modified.unwrap(), "Fri, 01 Mar 2024 00:00:00 +0700");
    }
}
