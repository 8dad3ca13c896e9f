//! JSON Feed 1.1 as a checker.

use lienthong_syndication::jsonfeed;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::rules::{distinct, is_language_tag, is_rfc3339, is_web_address};
use crate::{demo, generators};

/// A rule about JSON and its test.
type Rule = (&'static str, fn(&Value) -> bool);

const RULES: &[Rule] = &[
    ("Top-level, version", |d| d["version"] == "https://jsonfeed.org/version/1.1"),
    ("Top-level, title: required string", |d| d["title"].is_string()),
    ("Top-level, items: required array", |d| d["items"].is_array()),
    ("Top-level, home_page_url, feed_url, next_url: URLs", |d| {
        ["home_page_url", "feed_url", "next_url"].iter().all(|name| d.get(name).is_none_or(is_url))
    }),
    ("Top-level, expired: boolean", |d| d.get("expired").is_none_or(Value::is_boolean)),
    ("Top-level, hubs: type and url", |d| {
        list(d, "hubs").iter().all(|hub| hub["type"].is_string() && is_url(&hub["url"]))
    }),
    ("Top-level and items, authors: one member at least", |d| {
        let named = |author: &Value| ["name", "url", "avatar"].iter().any(|name| author[*name].is_string());
        items(d).iter().chain([d]).all(|node| list(node, "authors").iter().all(named))
    }),
    ("Top-level and items, language: RFC 5646", |d| {
        let is_tag = |tag: &Value| tag.as_str().is_some_and(is_language_tag);
        items(d).iter().chain([d]).all(|node| node.get("language").is_none_or(is_tag))
    }),
    ("Items, id: a string, unique in the feed", |d| {
        items(d).iter().all(|item| item["id"].is_string())
            && distinct(items(d).iter().map(|item| item["id"].to_string()))
    }),
    ("Items, url, external_url, image: URLs", |d| {
        items(d)
            .iter()
            .all(|item| ["url", "external_url", "image"].iter().all(|name| item.get(name).is_none_or(is_url)))
    }),
    ("Items, content_html and content_text: one at least, strings", |d| {
        items(d).iter().all(|item| {
            let content = ["content_html", "content_text"].map(|name| item.get(name));
            content.iter().flatten().all(|text| text.is_string()) && content.iter().any(Option::is_some)
        })
    }),
    ("Items, title and summary: plain strings", |d| {
        items(d).iter().all(|item| ["title", "summary"].iter().all(|name| item.get(name).is_none_or(Value::is_string)))
    }),
    ("Items, date_published and date_modified: RFC 3339", |d| {
        let is_date = |date: &Value| date.as_str().is_some_and(is_rfc3339);
        let dates = ["date_published", "date_modified"];
        items(d).iter().all(|item| dates.iter().all(|name| item.get(name).is_none_or(is_date)))
    }),
    ("Items, tags: an array of strings", |d| {
        items(d).iter().all(|item| list(item, "tags").iter().all(Value::is_string))
    }),
    ("Attachments: url and mime_type required, size_in_bytes a number", |d| {
        items(d).iter().flat_map(|item| list(item, "attachments")).all(|file| {
            let size = file.get("size_in_bytes");
            is_url(&file["url"]) && file["mime_type"].is_string() && size.is_none_or(Value::is_number)
        })
    }),
    ("Extensions: names are known or begin with an underscore and a letter, and hold objects", |d| {
        keeps_names(d, &FEED_MEMBERS) && items(d).iter().all(|item| keeps_names(item, &ITEM_MEMBERS))
    }),
];

const FEED_MEMBERS: [&str; 15] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "author",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
];

const ITEM_MEMBERS: [&str; 16] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "author",
    "authors",
    "tags",
    "language",
    "attachments",
];

fn items(document: &Value) -> &[Value] {
    list(document, "items")
}

/// An absent list has no members; anything but a list breaks a rule loudly.
fn list<'a>(node: &'a Value, name: &str) -> &'a [Value] {
    node.get(name).map_or(&[], |list| list.as_array().map_or(&[Value::Null][..], Vec::as_slice))
}

fn is_url(value: &Value) -> bool {
    value.as_str().is_some_and(is_web_address)
}

fn keeps_names(node: &Value, known: &[&str]) -> bool {
    let extension = |name: &str| name.strip_prefix('_').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let object = |node: &Value| node.as_object().cloned().unwrap_or_else(Map::new);
    object(node).iter().all(|(name, value)| known.contains(&name.as_str()) || (extension(name) && value.is_object()))
}

fn broken_in_json(json: &str) -> Vec<&'static str> {
    let document = serde_json::from_str(json).unwrap();
    RULES.iter().filter(|(_, holds)| !holds(&document)).map(|(name, _)| *name).collect()
}

#[test]
fn the_examples_keep_every_rule_of_json_feed() {
    for feed in demo::examples() {
        assert_eq!(broken_in_json(&jsonfeed::render(&feed)), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_feed_keeps_every_rule_of_json_feed(feed in generators::feed()) {
        prop_assert_eq!(broken_in_json(&jsonfeed::render(&feed)), [""; 0]);
    }
}

#[test]
fn the_checker_notices_each_broken_rule() {
    let sound = jsonfeed::render(&demo::feed());
    for (from, to, rule) in [
        ("version/1.1", "version/1", "Top-level, version"),
        ("\"title\":\"Trang", "\"x\":\"Trang", "Top-level, title"),
        ("\"items\":[", "\"item\":[", "Top-level, items"),
        ("\"feed_url\":\"https:", "\"feed_url\":\"", "Top-level, home_page_url"),
        ("\"language\":\"vi\"", "\"language\":\"vi\",\"expired\":\"no\"", "Top-level, expired"),
        ("\"type\":\"WebSub\",", "", "Top-level, hubs"),
        ("{\"name\":\"UBND xã Thường Xuân\"}", "{}", "Top-level and items, authors"),
        ("\"language\":\"sed\"", "\"language\":\"Xơ Đăng\"", "Top-level and items, language"),
        ("\"id\":\"tag:thuongxuan.example.vn,2026:entry/1\"", "\"id\":1", "Items, id"),
        ("entry/2", "entry/1", "Items, id"),
        ("\"image\":\"https:", "\"image\":\"", "Items, url"),
        ("\"content_html\":\"", "\"content_html\":7,\"x\":\"", "Items, content_html"),
        ("\"summary\":\"", "\"summary\":null,\"x\":\"", "Items, title and summary"),
        ("2026-11-20T01:00:00Z", "2026-11-20", "Items, date_published"),
        ("\"tags\":[", "\"tags\":[5,", "Items, tags"),
        ("\"mime_type\":\"application/pdf\",", "", "Attachments"),
        ("88064", "\"86 KB\"", "Attachments"),
        ("\"_lienthong\":", "\"lienthong\":", "Extensions"),
    ] {
        let broken = broken_in_json(&sound.replacen(from, to, 1));
        assert!(
            broken.iter().any(|name| name.starts_with(rule)),
            "{from} -> {to} goes unnoticed by {rule}: {broken:?}"
        );
    }
}
