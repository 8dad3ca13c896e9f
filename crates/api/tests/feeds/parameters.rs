//! What narrows a feed.

use http::StatusCode;
use lienthong_domain::article::{ArticleInput, ArticleKind};
use lienthong_domain::entry::Major;
use lienthong_test_support::both_databases;
use serde_json::Value;

use crate::portal::{Portal, article, at};
use crate::registry::{COMMUNE, DISTRICT};

/// Three articles of the commune, one of each sort.
async fn three_kinds(portal: &Portal) {
    let registry = &portal.registry;
    let tagged = ArticleInput { tags: vec!["Kỳ họp".to_owned()], ..article(registry.news, "Kỳ họp thứ hai") };
    let notice = ArticleInput {
        kind: ArticleKind::Notice,
        audience: None,
        tags: vec!["Kỳ họp".to_owned()],
        ..article(registry.digital, "Thông báo")
    };
    let english = ArticleInput { language: Some("en".to_owned()), ..article(registry.digital, "Digital signatures") };
    portal.publish(tagged, at("2025-08-01T00:00:00+07:00")).await;
    portal.publish(notice, at("2025-08-31T23:59:59+07:00")).await;
    portal.publish(english, at("2025-09-01T00:00:00+07:00")).await;
}

async fn titles(portal: &Portal, target: &str) -> Vec<String> {
    portal.feed(target).await.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

both_databases! {
    async fn parameters_combine_with_the_place_and_with_one_another(db: TestDb) {
        let portal = Portal::open(db).await;
        three_kinds(&portal).await;
        let all = ["Digital signatures", "Thông báo", "Kỳ họp thứ hai"];
        for (query, expected) in [
            ("", &all[..]),
            ("tag=ky%20hop", &all[1..]),
            ("topic=cd.so", &all[..2]),
            ("kind=notice", &all[1..2]),
            ("lang=en", &all[..1]),
            ("topic=cd.so&kind=notice", &all[1..2]),
            ("tag=Kỳ+họp&kind=news", &all[2..]),
            ("from=2025-08-01&to=2025-08-31", &all[1..]),
            ("from=2025-08-01T00:00:01%2B07:00&to=2025-09-01T00:00:00+07:00", &all[1..2]),
            ("topic=cd.so&lang=en&from=2025-09-01&first=1", &all[..1]),
            ("tag=khong-co", &[]),
        ] {
            let query = query.replace("Kỳ+họp", "K%E1%BB%B3+h%E1%BB%8Dp");
            for place in ["units/42".to_owned(), format!("sites/{COMMUNE}"), format!("categories/{}", portal.registry.news)]
            {
                assert_eq!(titles(&portal, &format!("/feeds/{place}.atom?{query}")).await, expected, "{place} {query}");
            }
        }
    }

    async fn the_feed_of_a_topic_takes_one_place(db: TestDb) {
        let portal = Portal::open(db).await;
        three_kinds(&portal).await;
        let registry = &portal.registry;
        portal.publish_on(registry.district, article(registry.archive, "Tin huyện"), at("2025-05-01T08:00:00Z")).await;
        assert_eq!(titles(&portal, "/feeds/topics/cd.so.rss?lang=en").await, ["Digital signatures"]);
        for (query, expected) in [
            (String::new(), &["Kỳ họp thứ hai", "Tin huyện"][..]),
            ("unit=42".to_owned(), &["Kỳ họp thứ hai", "Tin huyện"]),
            ("unit=18373&exact=true".to_owned(), &["Kỳ họp thứ hai"]),
            (format!("site={DISTRICT}"), &["Tin huyện"]),
            (format!("category={COMMUNE}%2Ftin-tuc"), &["Kỳ họp thứ hai"]),
            (format!("category={}&kind=notice", registry.news), &[]),
        ] {
            assert_eq!(titles(&portal, &format!("/feeds/topics/tt.tin.atom?{query}")).await, expected, "{query}");
        }
        let feed = portal.feed(&format!("/feeds/topics/tt.tin.atom?site={DISTRICT}")).await;
        assert_eq!(feed.title.unwrap().content, "Tin tức, sự kiện – Cổng thông tin điện tử huyện Nghi Xuân");
        assert_eq!(feed.authors[0].name.as_deref().unwrap(), "Cổng thông tin điện tử huyện Nghi Xuân");
        assert!(feed.id.ends_with(&format!("?site={DISTRICT}")), "{}", feed.id);
    }

    async fn without_what_lies_below_a_feed_holds_the_unit_or_category_itself(db: TestDb) {
        let portal = Portal::open(db).await;
        three_kinds(&portal).await;
        let news = portal.registry.news;
        for place in ["units/18373".to_owned(), format!("categories/{news}")] {
            assert_eq!(titles(&portal, &format!("/feeds/{place}.json?exact=false")).await.len(), 3, "{place}");
        }
        assert_eq!(titles(&portal, &format!("/feeds/categories/{news}.rss?exact=true")).await, ["Kỳ họp thứ hai"]);
        assert_eq!(titles(&portal, "/feeds/units/18373.rss?exact=true").await.len(), 3);
        assert!(titles(&portal, "/feeds/units/42.rss?exact=true").await.is_empty());
    }

    async fn pages_are_taken_from_the_end_too_and_lead_back(db: TestDb) {
        let portal = Portal::open(db).await;
        three_kinds(&portal).await;
        let target = format!("/feeds/sites/{COMMUNE}.atom");
        assert_eq!(titles(&portal, &format!("{target}?last=1")).await, ["Kỳ họp thứ hai"]);
        let last = portal.get(&format!("{target}?last=1")).await;
        let links = last.all("link");
        assert_eq!(links[0], format!("<https://api.hatinh.example{target}?last=1>; rel=\"self\""));
        let previous = links[1].strip_prefix("<https://api.hatinh.example").unwrap();
        let previous = previous.strip_suffix(">; rel=\"prev\"").unwrap();
        assert_eq!(titles(&portal, previous).await, ["Thông báo"]);
        let links = portal.get(previous).await.all("link").join(" ");
        assert!(links.contains("rel=\"next\"") && links.contains("rel=\"prev\""), "{links}");
    }

    async fn the_order_by_update_brings_a_major_change_to_the_front(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        let old = portal.publish(article(news, "Cũ"), at("2025-08-01T08:00:00Z")).await;
        portal.publish(article(news, "Mới"), at("2025-08-02T08:00:00Z")).await;
        portal.edit(&old, article(news, "Cũ, bổ sung"), Major::Major, at("2025-08-03T08:00:00Z")).await;
        let target = format!("/feeds/sites/{COMMUNE}.json");
        assert_eq!(titles(&portal, &target).await, ["Mới", "Cũ, bổ sung"]);
        assert_eq!(titles(&portal, &format!("{target}?order=updated")).await, ["Cũ, bổ sung", "Mới"]);
    }

    async fn the_feed_names_its_canonical_address_whatever_the_order_and_spelling_of_the_request(db: TestDb) {
        let portal = Portal::at(db, "https://hatinh.example/noi-dung/").await;
        let query = "order=published&first=50&to=2025-12-31&lang=EN&tag=K%E1%BB%B3%20h%E1%BB%8Dp&from=2025-01-01";
        let got = portal.get(&format!("/feeds/units/42.atom?{query}")).await;
        let address = "https://hatinh.example/noi-dung/feeds/units/ha-tinh.atom?tag=ky+hop&lang=en\
                       &from=2024-12-31T17%3A00%3A00Z&to=2025-12-31T17%3A00%3A00Z";
        assert_eq!(got.all("link"), [format!("<{address}>; rel=\"self\"")]);
        assert!(got.body.contains(&format!("href=\"{}\"", address.replace('&', "&amp;"))), "{}", got.body);
    }

    async fn what_cannot_be_asked_is_refused_with_what_is_allowed(db: TestDb) {
        let portal = Portal::open(db).await;
        for (query, says) in [
            ("limit=5", "limit: is not known; allowed is one of `topic`, `tag`, `q`, `kind`, `lang`, `from`, `to`, `order`, \
                         `first`, `after`, `last`, `before`"),
            ("view=full", "is not known"),
            ("include=total", "is not known"),
            ("series=x", "is not known"),
            ("Topic=tt.tin", "is not known"),
            ("q=%21", "no letter or digit"),
            ("site=x", "one place: site, unit, category or series"),
            ("unit=42", "one place: site, unit, category or series"),
            ("exact=true", "exact goes with unit or category"),
            ("topic=tt.tin&tag=x", "one subject: topic or tag"),
            ("topic=tt.khong", "there is no topic"),
            ("kind=blog", "`news`"),
            ("lang=ti%E1%BA%BFng", "language tag such as vi"),
            ("from=hom-qua", "from: must be a day"),
            ("to=31/12/2025", "to: must be a day"),
            ("order=title", "`published` or `updated`"),
            ("first=0", "between 1 and 100"),
            ("first=101", "between 1 and 100"),
            ("first=x", "first: invalid digit"),
            ("first=1&last=1", "exclude each other"),
            ("last=101", "between 1 and 100"),
            ("before=x", "before goes with last"),
            ("after=x", "cursor"),
            ("lang=vi&lang=en", "lang: is given twice"),
            ("tag=%FF", "percent-encoded UTF-8"),
        ] {
            let got = portal.get(&format!("/feeds/sites/{COMMUNE}.rss?{query}")).await;
            assert_eq!(got.status, StatusCode::BAD_REQUEST, "{query}");
            let problem: Value = serde_json::from_str(&got.body).unwrap();
            assert!(problem["detail"].as_str().unwrap().contains(says), "{query}: {problem}");
            assert_eq!(got.header("cache-control"), "no-store");
        }
    }

    async fn a_topic_takes_no_second_subject(db: TestDb) {
        let portal = Portal::open(db).await;
        for query in ["topic=tt.tin", "tag=x"] {
            let got = portal.get(&format!("/feeds/topics/cd.so.rss?{query}")).await;
            assert_eq!(got.status, StatusCode::BAD_REQUEST);
            assert!(got.body.contains("one subject: topic or tag"), "{}", got.body);
        }
        for (query, says) in [
            (format!("site={COMMUNE}&unit=42"), "one place: site, unit, category or series"),
            ("unit=khong".to_owned(), "there is no unit"),
            ("limit=5".to_owned(), "allowed is one of `site`, `unit`, `category`, `exact`, `q`, `kind`"),
        ] {
            let got = portal.get(&format!("/feeds/topics/cd.so.rss?{query}")).await;
            assert_eq!(got.status, StatusCode::BAD_REQUEST);
            assert!(got.body.contains(says), "{}", got.body);
        }
    }

    async fn a_feed_goes_on_behind_a_page_on_which_nothing_fits(db: TestDb) {
        let portal = Portal::open(db).await;
        let tagged = |kind, title| ArticleInput { kind, tags: vec!["Bão".to_owned()], ..article(portal.registry.news, title) };
        portal.publish(tagged(ArticleKind::News, "Tin"), at("2025-08-02T08:00:00Z")).await;
        portal.db.multiply_lists(4_100).await;
        portal.publish(tagged(ArticleKind::Notice, "Thông báo"), at("2025-08-01T08:00:00Z")).await;
        let target = format!("/feeds/sites/{COMMUNE}.json?tag=b%C3%A3o&kind=notice&first=5");
        let next = |feed: &Value| feed["next_url"].as_str().map(|url| url.replace("https://api.hatinh.example", ""));
        let start: Value = serde_json::from_str(&portal.get(&target).await.body).unwrap();
        assert_eq!(start["items"].as_array().unwrap().len(), 0);
        let rest: Value = serde_json::from_str(&portal.get(&next(&start).unwrap()).await.body).unwrap();
        assert_eq!((rest["items"].as_array().unwrap().len(), next(&rest)), (1, None));
    }

    async fn a_cursor_of_another_feed_is_refused(db: TestDb) {
        let portal = Portal::open(db).await;
        three_kinds(&portal).await;
        let got = portal.get(&format!("/feeds/sites/{COMMUNE}.rss?first=1")).await;
        let links = got.all("link");
        let cursor = links[1].split("after=").nth(1).unwrap().split('>').next().unwrap();
        assert_eq!(titles(&portal, &format!("/feeds/sites/{COMMUNE}.atom?after={cursor}")).await.len(), 2);
        let other = portal.get(&format!("/feeds/units/42.rss?after={cursor}")).await;
        assert_eq!(other.status, StatusCode::BAD_REQUEST);
    }
}
