//! Which entries a feed has, under which identity, and how it is paged and cached.

use http::StatusCode;
use lienthong_domain::entry::Major;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::both_databases;

use crate::portal::{Portal, article, at};
use crate::registry::{CATALOGUE, COMMUNE, DISTRICT};

const FORMATS: [&str; 3] = ["rss", "atom", "json"];

fn site_feed(format: &str) -> String {
    format!("/feeds/sites/{COMMUNE}.{format}")
}

async fn titles(portal: &Portal, target: &str) -> Vec<String> {
    let feed = portal.feed(target).await;
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

both_databases! {
    async fn every_format_gives_the_same_entries_latest_first_under_the_stored_ids(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        let first = portal.publish(article(news, "Lịch tiếp công dân"), at("2025-08-01T08:00:00+07:00")).await;
        let second = portal.publish(article(news, "Kết quả kỳ họp"), at("2025-08-02T08:00:00+07:00")).await;
        for format in FORMATS {
            let feed = portal.feed(&site_feed(format)).await;
            let ids: Vec<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids, [second.tag_uri.as_str(), first.tag_uri.as_str()], "{format}");
            assert_eq!(feed.title.unwrap().content, "Trang thông tin điện tử xã Tiên Điền");
            assert_eq!(feed.entries[0].published.unwrap(), at("2025-08-02T08:00:00+07:00").to_utc());
            assert_eq!(feed.entries[0].links[0].href, format!("https://{COMMUNE}/tin/ket-qua-ky-hop"));
        }
    }

    async fn the_media_type_names_its_charset(db: TestDb) {
        let portal = Portal::open(db).await;
        for (format, media_type) in [
            ("rss", "application/rss+xml; charset=utf-8"),
            ("atom", "application/atom+xml; charset=utf-8"),
            ("json", "application/feed+json; charset=utf-8"),
        ] {
            assert_eq!(portal.get(&site_feed(format)).await.header("content-type"), media_type);
        }
    }

    async fn an_edit_keeps_the_id_and_only_a_major_one_moves_updated(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        let entry = portal.publish(article(news, "Thông báo"), at("2025-08-01T08:00:00Z")).await;
        let minor =
            portal.edit(&entry, article(news, "Thông báo (sửa lỗi)"), Major::Minor, at("2025-08-02T08:00:00Z")).await;
        let atom = portal.get(&site_feed("atom")).await.body;
        assert!(atom.contains("<updated>2025-08-01T08:00:00Z</updated>"), "{atom}");
        assert!(atom.contains("<vn:modified>2025-08-02T08:00:00Z</vn:modified>"), "{atom}");
        portal.edit(&minor, article(news, "Thông báo mới"), Major::Major, at("2025-08-03T08:00:00Z")).await;
        for format in FORMATS {
            let feed = portal.feed(&site_feed(format)).await;
            assert_eq!(feed.entries.len(), 1);
            assert_eq!(feed.entries[0].id, entry.tag_uri);
            assert_eq!(feed.entries[0].title.as_ref().unwrap().content, "Thông báo mới");
            assert_eq!(feed.entries[0].published.unwrap(), at("2025-08-01T08:00:00Z").to_utc(), "{format}");
        }
        let atom = portal.feed(&site_feed("atom")).await;
        assert_eq!(atom.updated.unwrap(), at("2025-08-03T08:00:00Z").to_utc());
        assert_eq!(atom.entries[0].updated.unwrap(), at("2025-08-03T08:00:00Z").to_utc());
    }

    async fn a_withdrawn_entry_vanishes_at_once_and_a_draft_never_appears(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        let now = at("2025-08-01T08:00:00Z");
        let kept = portal.publish(article(news, "Giữ lại"), now).await;
        let withdrawn = portal.publish(article(news, "Gỡ xuống"), now.plus_seconds(1)).await;
        portal.draft(portal.registry.commune, article(news, "Bản nháp"), now).await;
        for format in FORMATS {
            assert_eq!(titles(&portal, &site_feed(format)).await, ["Gỡ xuống", "Giữ lại"]);
        }
        portal.withdraw(&withdrawn, now.plus_seconds(2)).await;
        for format in FORMATS {
            let body = portal.get(&site_feed(format)).await.body;
            assert!(body.contains(&kept.tag_uri), "{body}");
            // Atom alone can say that it is gone (RFC 6721), and says no more of it.
            let tombstone = format!("<at:deleted-entry ref=\"{}\"", withdrawn.tag_uri);
            let named = body.matches(withdrawn.tag_uri.as_str()).count();
            assert_eq!((named, body.contains(&tombstone)), if format == "atom" { (1, true) } else { (0, false) }, "{body}");
            assert!(!body.contains("Gỡ xuống") && !body.contains("Bản nháp"), "{body}");
        }
    }

    async fn a_unit_gathers_its_whole_subtree_and_each_item_names_its_office(db: TestDb) {
        let portal = Portal::open(db).await;
        let (registry, now) = (&portal.registry, at("2025-05-01T08:00:00Z"));
        portal.publish(article(registry.news, "Tin xã"), now).await;
        portal.publish_on(registry.district, article(registry.archive, "Tin huyện"), now.plus_seconds(1)).await;
        let province = registry.province;
        for key in ["42".to_owned(), "ha-tinh".to_owned(), province.to_string()] {
            assert_eq!(titles(&portal, &format!("/feeds/units/{key}.atom")).await, ["Tin huyện", "Tin xã"]);
        }
        assert_eq!(titles(&portal, "/feeds/units/18373.json").await, ["Tin xã"]);
        let feed = portal.feed("/feeds/units/42.atom").await;
        assert_eq!(feed.authors[0].name.as_deref().unwrap(), "Tỉnh Hà Tĩnh");
        assert_eq!(feed.entries[0].authors[0].name.as_deref().unwrap(), "Cổng thông tin điện tử huyện Nghi Xuân");
        assert_eq!(feed.entries[1].authors[0].name.as_deref().unwrap(), "Trang thông tin điện tử xã Tiên Điền");
    }

    async fn a_category_includes_those_below_it_and_a_topic_crosses_sites(db: TestDb) {
        let portal = Portal::open(db).await;
        let (registry, now) = (&portal.registry, at("2025-05-01T08:00:00Z"));
        portal.publish(article(registry.news, "Tin xã"), now).await;
        portal.publish(article(registry.digital, "Chữ ký số"), now.plus_seconds(1)).await;
        portal.publish_on(registry.district, article(registry.archive, "Tin huyện"), now.plus_seconds(2)).await;
        assert_eq!(titles(&portal, &format!("/feeds/categories/{}.rss", registry.news)).await, ["Chữ ký số", "Tin xã"]);
        assert_eq!(titles(&portal, &format!("/feeds/categories/{}.rss", registry.digital)).await, ["Chữ ký số"]);
        assert_eq!(titles(&portal, "/feeds/topics/tt.tin.rss").await, ["Tin huyện", "Tin xã"]);
    }

    async fn pages_follow_one_another_by_the_next_link_until_the_last_has_none(db: TestDb) {
        let portal = Portal::open(db).await;
        let now = at("2025-08-01T08:00:00Z");
        for number in 0..5 {
            portal.publish(article(portal.registry.news, &format!("Tin {number}")), now.plus_seconds(number)).await;
        }
        for format in FORMATS {
            let (mut target, mut seen, mut ids) = (format!("{}?first=2", site_feed(format)), Vec::new(), Vec::new());
            for _ in 0..3 {
                let got = portal.get(&target).await;
                let links = got.all("link");
                let absolute = format!("<https://api.hatinh.example{target}>; rel=\"self\"");
                assert_eq!(links[0], absolute);
                let feed = portal.feed(&target).await;
                seen.extend(feed.entries.into_iter().map(|entry| entry.title.unwrap().content));
                ids.push(feed.id);
                let Some(next) = links.iter().find_map(|link| link.strip_suffix(">; rel=\"next\"")) else { break };
                let next = next.strip_prefix("<https://api.hatinh.example").unwrap();
                assert!(got.body.contains(&next.replace('&', "&amp;")) || got.body.contains(next), "{}", got.body);
                target = next.to_owned();
            }
            assert_eq!(seen, ["Tin 4", "Tin 3", "Tin 2", "Tin 1", "Tin 0"], "{format}");
            if format == "atom" {
                assert_eq!(ids, [format!("tag:{COMMUNE},2024-03-01:feed").as_str(); 3]);
            }
        }
    }

    async fn a_page_is_one_statement_and_what_left_or_is_passed_over_another(db: TestDb) {
        let portal = Portal::open(db).await;
        portal.publish(article(portal.registry.digital, "Tin"), at("2025-08-01T08:00:00Z")).await;
        for (target, statements) in [
            (site_feed("atom"), 2),
            ("/feeds/units/42.atom".to_owned(), 2),
            (site_feed("rss"), 1),
            ("/feeds/topics/cd.so.json".to_owned(), 1),
            // A category within the topic's list of the site: one more says how far to look (ADR 0010).
            (format!("/feeds/categories/{}.rss?topic=cd.so", portal.registry.news), 2),
        ] {
            let before = portal.statements();
            assert_eq!(portal.feed(&target).await.entries.len(), 1, "{target}");
            assert_eq!(portal.statements() - before, statements, "{target}");
        }
    }

    async fn a_reader_that_holds_the_feed_is_answered_304_until_something_changes(db: TestDb) {
        let portal = Portal::open(db).await;
        portal.publish(article(portal.registry.news, "Tin một"), at("2025-08-01T08:00:00Z")).await;
        for format in FORMATS {
            let got = portal.get(&site_feed(format)).await;
            assert!(got.header("cache-control").starts_with("public"), "{}", got.header("cache-control"));
            let tag = got.header("etag").to_owned();
            let held = portal.get_with(&site_feed(format), &[("if-none-match", &tag)]).await;
            assert_eq!((held.status, held.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!(held.all("link"), got.all("link"));
            portal.publish(article(portal.registry.news, &format!("Tin {format}")), at("2025-08-02T08:00:00Z")).await;
            assert_eq!(portal.get_with(&site_feed(format), &[("if-none-match", &tag)]).await.status, StatusCode::OK);
        }
    }

    async fn ids_of_feeds_come_from_what_is_stored_and_hold_in_every_format_and_spelling(db: TestDb) {
        let portal = Portal::open(db).await;
        let registry = &portal.registry;
        let id = async |target: String| portal.feed(&target).await.id;
        assert_eq!(id(site_feed("atom")).await, format!("tag:{COMMUNE},2024-03-01:feed"));
        let category = format!("tag:{COMMUNE},2024-03-01:feed/categories/{}", registry.news);
        assert_eq!(id(format!("/feeds/categories/{}.atom", registry.news)).await, category);
        let unit = format!("tag:api.hatinh.example,2024-02-01:feed/units/{}", registry.province);
        assert_eq!(id("/feeds/units/42.atom".to_owned()).await, unit);
        assert_eq!(id("/feeds/units/ha-tinh.atom".to_owned()).await, unit);
        let narrowed = format!("{unit}?tag=ky+hop&lang=en");
        for query in ["lang=en&tag=k%E1%BB%B3%20h%E1%BB%8Dp", "tag=ky+hop&lang=EN&first=3"] {
            assert_eq!(id(format!("/feeds/units/42.atom?{query}")).await, narrowed);
        }
    }

    async fn an_empty_feed_is_a_feed_whose_date_does_not_depend_on_the_clock(db: TestDb) {
        let portal = Portal::open(db).await;
        for format in FORMATS {
            assert!(portal.feed(&site_feed(format)).await.entries.is_empty());
        }
        let feed = portal.feed(&site_feed("atom")).await;
        assert_eq!(feed.updated.unwrap(), at("2024-03-01T00:00:00+07:00").to_utc());
        assert_eq!(portal.feed("/feeds/topics/cd.so.atom").await.updated.unwrap(), Timestamp::default().to_utc());
    }

    async fn a_closed_site_says_that_nothing_will_be_added(db: TestDb) {
        let portal = Portal::open(db).await;
        let expired = async |target: String| {
            let body = portal.get(&target).await.body;
            serde_json::from_str::<serde_json::Value>(&body).unwrap()["expired"] == true
        };
        assert!(expired(format!("/feeds/sites/{DISTRICT}.json")).await);
        assert!(expired("/feeds/units/huyen-nghi-xuan.json".to_owned()).await);
        assert!(expired(format!("/feeds/categories/{}.json", portal.registry.archive)).await);
        assert!(!expired(site_feed("json")).await);
        assert!(!expired("/feeds/units/42.json".to_owned()).await);
    }

    async fn what_does_not_exist_is_not_found(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        for target in [
            "/feeds/sites/khongco.hatinh.gov.vn.rss".to_owned(),
            format!("/feeds/sites/{CATALOGUE}.rss"),
            format!("/feeds/sites/{COMMUNE}.xml"),
            format!("/feeds/sites/{COMMUNE}"),
            format!("/feeds/sites/{news}.rss"),
            "/feeds/sites/.rss".to_owned(),
            "/feeds/units/442.rss".to_owned(),
            "/feeds/topics/tt.khong.rss".to_owned(),
            format!("/feeds/articles/{news}.rss"),
            "/feeds/sites/%FF.rss".to_owned(),
        ] {
            let got = portal.get(&target).await;
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{target}");
            assert_eq!(got.header("content-type"), "application/problem+json", "{target}");
        }
    }
}
