//! `/`, `robots.txt` and `security.txt`.

use http::StatusCode;
use lienthong_api::ApiConfig;
use lienthong_domain::time::parse_day;
use lienthong_test_support::both_databases;
use serde_json::Value;

use crate::portal::Portal;
use crate::registry::COMMUNE;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

both_databases! {
    async fn the_entrance_is_a_page_for_people_and_json_for_programs(db: TestDb) {
        let portal = Portal::open(db).await;
        for (accept, media_type) in [
            (BROWSER, "text/html; charset=utf-8"),
            ("*/*", "text/html; charset=utf-8"),
            ("application/json", "application/json; charset=utf-8"),
            ("application/json, text/plain, */*", "application/json; charset=utf-8"),
            ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
            ("application/json;q=0, */*", "text/html; charset=utf-8"),
            (BROWSER, "text/html; charset=utf-8"),
        ] {
            let got = portal.get_with("/", &[("accept", accept)]).await;
            assert_eq!(got.header("content-type"), media_type, "{accept}");
            assert!(got.all("vary").contains(&"Accept"), "{:?}", got.all("vary"));
        }
    }

    async fn the_page_allows_no_script_and_nothing_from_elsewhere(db: TestDb) {
        let portal = Portal::open(db).await;
        let got = portal.get("/").await;
        let policy = got.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert!(!got.body.contains("<script") && !got.body.contains(" style="), "{}", got.body);
        let links = got.body.matches("href=\"").count();
        assert_eq!(got.body.matches("href=\"https://api.hatinh.example/").count() + 1, links, "{}", got.body);
    }

    async fn the_examples_it_names_exist(db: TestDb) {
        let portal = Portal::open(db).await;
        let got = portal.get_with("/", &[("accept", "application/json")]).await;
        let entrance: Value = serde_json::from_str(&got.body).unwrap();
        let addresses = entrance["addresses"].as_array().unwrap();
        let names: Vec<&str> = addresses.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["graphql", "graphiql", "schema", "docs", "openapi", "feeds", "keys", "live", "ready"]);
        let examples = entrance["examples"].as_array().unwrap();
        assert_eq!(examples.len(), 6);
        for example in examples.iter().filter(|example| example["name"] != "sitemap") {
            let url = example["url"].as_str().unwrap();
            portal.feed(url.strip_prefix("https://api.hatinh.example").unwrap()).await;
        }
    }


    async fn robots_txt_names_sitemaps_only_for_pages_on_our_own_host(db: TestDb) {
        let body = Portal::open(db.another().await).await.get("/robots.txt").await.body;
        assert!(body.contains("Disallow: /graphql\n") && !body.contains("Sitemap:"), "{body}");
        let shared = Portal::at(db.another().await, &format!("https://{COMMUNE}")).await;
        let body = shared.get("/robots.txt").await.body;
        assert!(body.contains(&format!("\nSitemap: https://{COMMUNE}/sitemaps/{COMMUNE}/index.xml\n")), "{body}");
        assert!(body.contains(&format!("\nSitemap: https://{COMMUNE}/sitemaps/{COMMUNE}/news.xml\n")), "{body}");
    }


    async fn security_txt_gives_the_configured_contact_or_is_not_there(db: TestDb) {
        let target = "/.well-known/security.txt";
        assert_eq!(Portal::open(db.another().await).await.get(target).await.status, StatusCode::NOT_FOUND);
        let config = ApiConfig {
            security_contact: Some("mailto:an-toan@hatinh.gov.vn".parse().unwrap()),
            security_reviewed: Some(parse_day("2026-01-01").unwrap()),
            ..ApiConfig::at("https://api.hatinh.example".parse().unwrap())
        };
        let body = Portal::configured(db.another().await, config).await.get(target).await.body;
        assert!(body.starts_with("Contact: mailto:an-toan@hatinh.gov.vn\nExpires: 2026-12-30T17:00:00Z\n"), "{body}");
    }
}
