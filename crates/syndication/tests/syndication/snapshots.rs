//! One small document of each format, to be read by people.

use chrono::TimeDelta;
use lienthong_syndication::{atom, jsonfeed, opml, rss, sitemap};

use crate::{demo, opml as directories, sitemaps};

/// One tag per line. Text holds no bare `>`, so this touches no text.
fn lines(xml: &str) -> String {
    xml.replace("><", ">\n<")
}

#[test]
fn each_feed_format_looks_as_agreed() {
    insta::assert_snapshot!("rss", lines(&rss::render(&demo::feed())));
    insta::assert_snapshot!("atom", lines(&atom::render(&demo::feed())));
    let json: serde_json::Value = serde_json::from_str(&jsonfeed::render(&demo::feed())).unwrap();
    insta::assert_json_snapshot!("jsonfeed", json);
}

#[test]
fn lists_of_sites_and_pages_look_as_agreed() {
    insta::assert_snapshot!("opml", lines(&opml::render(&directories::directory()).unwrap()));
    insta::assert_snapshot!("sitemap_urlset", lines(&sitemap::render_urlset(&sitemaps::pages(2)).unwrap()));
    insta::assert_snapshot!("sitemap_index", lines(&sitemap::render_index(&sitemaps::pages(1)).unwrap()));
    let articles = [sitemaps::article(1, TimeDelta::hours(5))];
    let news = sitemap::render_news(&sitemaps::publication(), &articles, demo::at("2026-11-25T01:00:00Z"));
    insta::assert_snapshot!("sitemap_news", lines(&news.unwrap()));
}
