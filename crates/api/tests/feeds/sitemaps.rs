//! Sitemaps of a site.

use http::StatusCode;
use lienthong_domain::entry::Major;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::both_databases;

use crate::portal::{Portal, article, at};
use crate::registry::{CATALOGUE, COMMUNE, DISTRICT};

/// Address and date of each entry of a sitemap or an index.
async fn listed(portal: &Portal, target: &str) -> Vec<(String, Option<String>)> {
    let got = portal.get(target).await;
    assert_eq!(got.status, StatusCode::OK, "{target}: {}", got.body);
    assert_eq!(got.header("content-type"), "application/xml; charset=utf-8");
    let document = roxmltree::Document::parse(&got.body).unwrap();
    let entries = document.root_element().children().filter(roxmltree::Node::is_element);
    let text = |entry: roxmltree::Node<'_, '_>, name: &str| {
        let child = entry.children().find(|child| child.tag_name().name() == name);
        child.and_then(|child| child.text()).map(str::to_owned)
    };
    entries.map(|entry| (text(entry, "loc").unwrap(), text(entry, "lastmod"))).collect()
}

async fn locations(portal: &Portal, name: &str) -> Vec<String> {
    let target = format!("/sitemaps/{COMMUNE}/{name}.xml");
    listed(portal, &target).await.into_iter().map(|(location, _)| location).collect()
}

fn page(slug: &str) -> String {
    format!("https://{COMMUNE}/tin/{slug}")
}

both_databases! {
    async fn the_index_names_the_vietnamese_months_that_have_articles(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        portal.publish(article(news, "Cuối tháng sáu"), at("2025-06-30T23:59:59.999999+07:00")).await;
        portal.publish(article(news, "Đầu tháng bảy"), at("2025-07-01T00:00:00+07:00")).await;
        portal.publish(article(news, "Cuối năm"), at("2025-12-31T23:59:59+07:00")).await;
        let months: Vec<String> = locations(&portal, "index").await;
        let expected = ["2025-12", "2025-07", "2025-06"]
            .map(|month| format!("https://api.hatinh.example/sitemaps/{COMMUNE}/{month}.xml"));
        assert_eq!(months, expected);
        assert_eq!(locations(&portal, "2025-06").await, [page("cuoi-thang-sau")]);
        assert_eq!(locations(&portal, "2025-07").await, [page("dau-thang-bay")]);
        assert_eq!(locations(&portal, "2025-12").await, [page("cuoi-nam")]);
    }

    async fn a_month_lists_its_articles_with_their_true_last_change_and_loses_withdrawn_ones(db: TestDb) {
        let portal = Portal::open(db).await;
        let news = portal.registry.news;
        let edited = portal.publish(article(news, "Bài sửa"), at("2025-08-01T08:00:00Z")).await;
        let withdrawn = portal.publish(article(news, "Bài gỡ"), at("2025-08-02T08:00:00Z")).await;
        portal.draft(portal.registry.commune, article(news, "Bài nháp"), at("2025-08-03T08:00:00Z")).await;
        portal.edit(&edited, article(news, "Bài sửa lỗi"), Major::Minor, at("2025-09-05T08:00:00Z")).await;
        portal.withdraw(&withdrawn, at("2025-09-06T08:00:00Z")).await;
        let month = listed(&portal, &format!("/sitemaps/{COMMUNE}/2025-08.xml")).await;
        assert_eq!(month, [(page("bai-sua"), Some("2025-09-05T08:00:00Z".to_owned()))]);
        assert_eq!(locations(&portal, "index").await.len(), 1);
    }

    async fn news_are_the_articles_of_the_last_two_days_and_no_cache_keeps_them(db: TestDb) {
        let portal = Portal::open(db).await;
        let (news, now) = (portal.registry.news, Timestamp::from(chrono::Utc::now()));
        let hour = 60 * 60;
        portal.publish(article(news, "Quá cũ"), now.plus_seconds(-48 * hour - 60)).await;
        portal.publish(article(news, "Hôm kia"), now.plus_seconds(-48 * hour + 60)).await;
        portal.publish(article(news, "Vừa xong & <mới>"), now.plus_seconds(-1)).await;
        assert_eq!(locations(&portal, "news").await, [page("vua-xong-moi"), page("hom-kia")]);
        let got = portal.get(&format!("/sitemaps/{COMMUNE}/news.xml")).await;
        for expected in [
            "<news:name>Trang thông tin điện tử xã Tiên Điền</news:name>",
            "<news:language>vi</news:language>",
            "<news:title>Vừa xong &amp; &lt;mới&gt;</news:title>",
        ] {
            assert!(got.body.contains(expected), "{}", got.body);
        }
        assert_eq!(got.header("cache-control"), "no-store");
    }

    async fn a_returned_article_is_no_news_again(db: TestDb) {
        let portal = Portal::open(db).await;
        let (news, now) = (portal.registry.news, Timestamp::from(chrono::Utc::now()));
        let entry = portal.publish(article(news, "Bài cũ"), at("2025-08-01T08:00:00Z")).await;
        portal.withdraw(&entry, at("2025-08-02T08:00:00Z")).await;
        let seen = lienthong_domain::entry::Version::new(entry.version.get() + 1);
        portal
            .edit(&lienthong_domain::entry::Entry { version: seen, ..entry }, article(news, "Bài cũ"), Major::Major, now)
            .await;
        assert!(locations(&portal, "news").await.is_empty());
        assert_eq!(portal.feed(&format!("/feeds/sites/{COMMUNE}.atom")).await.entries.len(), 1);
    }

    async fn an_index_is_two_statements_and_a_month_is_one(db: TestDb) {
        let portal = Portal::open(db).await;
        for (at_time, title) in [("2019-01-15T00:00:00Z", "Một"), ("2025-08-01T00:00:00Z", "Hai")] {
            portal.publish(article(portal.registry.news, title), at(at_time)).await;
        }
        for (name, statements) in [("index", 2), ("2019-01", 1), ("news", 1)] {
            let before = portal.statements();
            portal.get(&format!("/sitemaps/{COMMUNE}/{name}.xml")).await;
            assert_eq!(portal.statements() - before, statements, "{name}");
        }
    }

    async fn a_crawler_that_holds_a_month_is_answered_304(db: TestDb) {
        let portal = Portal::open(db).await;
        portal.publish(article(portal.registry.news, "Tin"), at("2025-08-01T08:00:00Z")).await;
        for name in ["index", "2025-08"] {
            let target = format!("/sitemaps/{COMMUNE}/{name}.xml");
            let tag = portal.get(&target).await.header("etag").to_owned();
            let held = portal.get_with(&target, &[("if-none-match", &tag)]).await;
            assert_eq!(held.status, StatusCode::NOT_MODIFIED);
        }
    }

    async fn what_has_no_addresses_is_not_there(db: TestDb) {
        let portal = Portal::open(db).await;
        portal.publish(article(portal.registry.news, "Tin"), at("2025-08-01T08:00:00Z")).await;
        for target in [
            format!("/sitemaps/{DISTRICT}/index.xml"),
            format!("/sitemaps/{COMMUNE}/2025-07.xml"),
            format!("/sitemaps/{COMMUNE}/2025-08-2.xml"),
            format!("/sitemaps/{COMMUNE}/2025-8.xml"),
            format!("/sitemaps/{COMMUNE}/index"),
            format!("/sitemaps/{CATALOGUE}/index.xml"),
            "/sitemaps/khongco.gov.vn/index.xml".to_owned(),
        ] {
            assert_eq!(portal.get(&target).await.status, StatusCode::NOT_FOUND, "{target}");
        }
        let refused = portal.get(&format!("/sitemaps/{COMMUNE}/index.xml?page=2")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    }
}
