//! The RSS 2.0 specification and the RSS Advisory Board's best-practice profile, as a checker.

use lienthong_syndication::rss;
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::rules::{
    XmlRule, broken_in_xml, children, count, distinct, is_language_tag, is_rfc822, is_web_address, text,
};
use crate::{demo, generators};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";

const RULES: &[XmlRule] = &[
    ("RSS 2.0, What is RSS?: the root is rss of version 2.0", |d| {
        d.root_element().has_tag_name("rss") && d.root_element().attribute("version") == Some("2.0")
    }),
    ("RSS 2.0, What is RSS?: a single channel", |d| {
        count(d.root_element(), ("", "channel")) == 1 && d.root_element().children().count() == 1
    }),
    ("RSS 2.0, Required channel elements: title, link, description", |d| {
        ["title", "link", "description"].iter().all(|name| count(channel(d), ("", name)) == 1)
    }),
    ("RSS 2.0, Optional channel elements: dates conform to RFC 822", |d| {
        let is_date = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "pubDate" | "lastBuildDate");
        d.descendants().filter(is_date).all(|date| is_rfc822(text(date)))
    }),
    ("RSS 2.0, Optional channel elements: language is a W3C code", |d| {
        children(channel(d), ("", "language")).all(|language| is_language_tag(text(language)))
    }),
    ("RSS 2.0, Optional channel elements: at most one of each", |d| {
        ["language", "copyright", "lastBuildDate", "generator"].iter().all(|name| count(channel(d), ("", name)) <= 1)
    }),
    ("RSS 2.0, Elements of item: a title or a description", |d| {
        items(d).all(|item| count(item, ("", "title")) + count(item, ("", "description")) >= 1)
    }),
    ("RSS 2.0, Elements of item: at most one of each but category", |d| {
        let single = ["title", "link", "description", "guid", "pubDate", "source"];
        items(d).all(|item| single.iter().all(|name| count(item, ("", name)) <= 1))
    }),
    ("RSS 2.0, Comments: a link begins with a registered scheme", |d| {
        let is_link = |node: &Node<'_, '_>| node.has_tag_name("link") && node.tag_name().namespace().is_none();
        d.descendants().filter(is_link).all(|link| is_web_address(text(link)))
    }),
    ("RSS 2.0, guid: a tag URI says isPermaLink=false", |d| {
        items(d)
            .flat_map(|item| children(item, ("", "guid")))
            .all(|guid| guid.attribute("isPermaLink") == Some("false") && text(guid).starts_with("tag:"))
    }),
    ("RSS 2.0, guid: identifies one item", |d| {
        distinct(items(d).flat_map(|item| children(item, ("", "guid"))).map(text))
    }),
    ("RSS 2.0, enclosure: url, length and type are required", |d| {
        items(d).flat_map(|item| children(item, ("", "enclosure"))).all(|file| {
            file.attribute("url").is_some_and(is_web_address)
                && file.attribute("length").is_some_and(|length| length.parse::<u64>().is_ok())
                && file.attribute("type").is_some_and(|media_type| media_type.contains('/'))
        })
    }),
    ("RSS profile, enclosure: at most one", |d| items(d).all(|item| count(item, ("", "enclosure")) <= 1)),
    ("RSS 2.0, source: url is required", |d| {
        items(d)
            .flat_map(|item| children(item, ("", "source")))
            .all(|source| source.attribute("url").is_some_and(is_web_address))
    }),
    ("RSS 2.0, category: has a value", |d| {
        items(d).flat_map(|item| children(item, ("", "category"))).all(|category| !text(category).is_empty())
    }),
    ("RSS 2.0, Extending RSS: foreign elements have a namespace", |d| {
        d.descendants()
            .filter(|node| node.is_element() && node.tag_name().namespace().is_none())
            .all(|node| KNOWN.contains(&node.tag_name().name()))
    }),
    ("RSS profile, atom:link: one self link with the media type", |d| {
        let mut links = children(channel(d), (ATOM, "link")).filter(|link| link.attribute("rel") == Some("self"));
        let first = links.next().and_then(|link| Some((link.attribute("href")?, link.attribute("type")?)));
        first.is_some_and(|(href, kind)| is_web_address(href) && kind == "application/rss+xml")
            && links.next().is_none()
    }),
    ("RSS profile, content:encoded: at most one, after the description", |d| {
        items(d).all(|item| {
            let position = |name: (&str, &str)| item.children().position(|child| crate::rules::is(child, name));
            let (summary, content) = (position(("", "description")), position((CONTENT, "encoded")));
            count(item, (CONTENT, "encoded")) <= 1 && (content.is_none() || summary < content)
        })
    }),
];

/// Every element of RSS 2.0 that we write.
const KNOWN: [&str; 15] = [
    "rss",
    "channel",
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "lastBuildDate",
    "generator",
    "item",
    "guid",
    "pubDate",
    "category",
    "enclosure",
    "source",
];

fn channel<'a, 'i>(document: &'a Document<'i>) -> Node<'a, 'i> {
    document.root_element().first_element_child().unwrap()
}

fn items<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    children(channel(document), ("", "item"))
}

#[test]
fn the_examples_keep_every_rule_of_rss() {
    for feed in demo::examples() {
        assert_eq!(broken_in_xml(RULES, &rss::render(&feed)), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_feed_keeps_every_rule_of_rss(feed in generators::feed()) {
        prop_assert_eq!(broken_in_xml(RULES, &rss::render(&feed)), [""; 0]);
    }
}

/// What is replaced by what, and the rule that this breaks.
const BROKEN: &[(&str, &str, &str)] = &[
    ("version=\"2.0\"", "version=\"0.91\"", "RSS 2.0, What is RSS?: the root is rss of version 2.0"),
    ("</channel>", "</channel><channel/>", "RSS 2.0, What is RSS?: a single channel"),
    (
        "<description>Tin tức",
        "<description/><description>Tin",
        "RSS 2.0, Required channel elements: title, link, description",
    ),
    ("Wed, 25", "Thu, 25", "RSS 2.0, Optional channel elements: dates conform to RFC 822"),
    ("Nov 2026 08", "Nov 26 08", "RSS 2.0, Optional channel elements: dates conform to RFC 822"),
    ("<language>vi<", "<language>Tiếng Việt<", "RSS 2.0, Optional channel elements: language is a W3C code"),
    ("<generator>", "<generator/><generator>", "RSS 2.0, Optional channel elements: at most one of each"),
    ("<title>Tết của đồng bào</title>", "", "RSS 2.0, Elements of item: a title or a description"),
    (
        "<guid",
        "<guid isPermaLink=\"false\">tag:x</guid><guid",
        "RSS 2.0, Elements of item: at most one of each but category",
    ),
    ("<link>https:", "<link>", "RSS 2.0, Comments: a link begins with a registered scheme"),
    ("isPermaLink=\"false\"", "", "RSS 2.0, guid: a tag URI says isPermaLink=false"),
    ("entry/2", "entry/1", "RSS 2.0, guid: identifies one item"),
    ("length=\"88064\"", "", "RSS 2.0, enclosure: url, length and type are required"),
    (
        "<enclosure",
        "<enclosure url=\"https://a.example/\" length=\"1\" type=\"a/b\"/><enclosure",
        "RSS profile, enclosure: at most one",
    ),
    ("<source url=\"https:", "<source url=\"", "RSS 2.0, source: url is required"),
    (">tiếp dân<", "><", "RSS 2.0, category: has a value"),
    ("<guid", "<hub/><guid", "RSS 2.0, Extending RSS: foreign elements have a namespace"),
    ("rel=\"self\"", "rel=\"via\"", "RSS profile, atom:link: one self link with the media type"),
    (
        "<content:encoded>",
        "<content:encoded/><content:encoded>",
        "RSS profile, content:encoded: at most one, after the description",
    ),
];

#[test]
fn the_checker_notices_each_broken_rule() {
    let sound = rss::render(&demo::feed());
    for (from, to, rule) in BROKEN {
        let unsound = sound.replacen(from, to, 1);
        assert!(broken_in_xml(RULES, &unsound).contains(rule), "{from} -> {to} goes unnoticed by: {rule}");
    }
}
