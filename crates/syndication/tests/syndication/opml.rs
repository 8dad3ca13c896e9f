//! OPML 2.0: rules and reading back.

use ::opml::{OPML, Outline};
use lienthong_syndication::opml::{Directory, Empty, Group, Subscription, render};
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::expected::line;
use crate::rules::{XmlRule, broken_in_xml, count, is_rfc822, text};
use crate::{demo, generators};

const RULES: &[XmlRule] = &[
    ("OPML 2.0, What is an OPML document?: the root is opml with a version", |d| {
        d.root_element().has_tag_name("opml") && d.root_element().attribute("version") == Some("2.0")
    }),
    ("OPML 2.0, What is a <opml>?: one head, one body", |d| {
        ["head", "body"].iter().all(|name| count(d.root_element(), ("", name)) == 1)
    }),
    ("OPML 2.0, What is a <head>?: dates conform to RFC 822", |d| {
        d.descendants().filter(|node| node.has_tag_name("dateModified")).all(|date| is_rfc822(text(date)))
    }),
    ("OPML 2.0, What is a <body>?: one outline at least", |d| {
        d.descendants().filter(|node| node.has_tag_name("body")).all(|body| count(body, ("", "outline")) >= 1)
    }),
    ("OPML 2.0, Text attribute: every outline has one", |d| outlines(d).all(|outline| outline.has_attribute("text"))),
    ("OPML 2.0, Subscription lists: type, text and xmlUrl are required", |d| {
        outlines(d)
            .filter(|outline| count(*outline, ("", "outline")) == 0 && outline.has_attribute("htmlUrl"))
            .all(|feed| feed.attribute("type") == Some("rss") && feed.has_attribute("xmlUrl"))
    }),
];

fn outlines<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    document.descendants().filter(|node| node.has_tag_name("outline"))
}

pub(crate) fn directory() -> Directory {
    let site = |host: &str, title: &str| Subscription {
        title: title.to_owned(),
        xml_url: demo::url(&format!("https://{host}/rss?lang=vi&n=50")),
        html_url: demo::url(&format!("https://{host}/")),
        language: "vi".to_owned(),
    };
    let thanh_hoa = vec![site("thuongxuan.example.vn", "Xã Thường Xuân"), site("hoanghoa.example.vn", "Xã Hoằng Hóa")];
    Directory {
        title: "Trang thông tin điện tử các xã, phường".to_owned(),
        updated: demo::at("2026-11-25T01:00:00Z"),
        groups: vec![
            Group { title: "Thanh Hóa".to_owned(), sites: thanh_hoa },
            Group {
                title: "Quảng Ngãi".to_owned(), sites: vec![site("dakha.example.vn", "Xã Đăk Hà \"mới\" & cũ")]
            },
        ],
    }
}

fn directories() -> impl Strategy<Value = Directory> {
    let site = (generators::text(), generators::url(), generators::url())
        .prop_map(|(title, xml_url, html_url)| Subscription { title, xml_url, html_url, language: "vi".to_owned() });
    let group =
        (generators::text(), prop::collection::vec(site, 0..4)).prop_map(|(title, sites)| Group { title, sites });
    (generators::text(), prop::collection::vec(group, 1..4)).prop_map(|(title, groups)| Directory {
        title,
        groups,
        ..directory()
    })
}

fn assert_read_back(directory: &Directory) {
    let xml = render(directory).unwrap();
    assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
    let read = OPML::from_str(&xml).unwrap();
    assert_eq!(read.head.unwrap().title.unwrap_or_default(), line(&directory.title));
    assert_eq!(read.body.outlines.len(), directory.groups.len());
    for (outline, group) in read.body.outlines.iter().zip(&directory.groups) {
        assert_eq!(outline.text, line(&group.title));
        let sites: Vec<_> = outline.outlines.iter().map(as_subscription).collect();
        let titled = |site: &Subscription| Subscription { title: line(&site.title), ..site.clone() };
        assert_eq!(sites, group.sites.iter().map(titled).collect::<Vec<_>>());
    }
}

fn as_subscription(outline: &Outline) -> Subscription {
    assert_eq!(outline.r#type.as_deref(), Some("rss"));
    assert_eq!(outline.title.as_ref(), Some(&outline.text));
    Subscription {
        title: outline.text.clone(),
        xml_url: demo::url(outline.xml_url.as_ref().unwrap()),
        html_url: demo::url(outline.html_url.as_ref().unwrap()),
        language: outline.language.clone().unwrap(),
    }
}

#[test]
fn another_parser_reads_the_list_of_sites_unchanged() {
    assert_read_back(&directory());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn another_parser_reads_any_list_unchanged(directory in directories()) {
        assert_read_back(&directory);
    }
}

#[test]
fn a_list_without_groups_is_refused() {
    assert_eq!(render(&Directory { groups: vec![], ..directory() }), Err(Empty));
}

#[test]
fn the_checker_notices_each_broken_rule() {
    let sound = render(&directory()).unwrap();
    for (from, to, broken) in [
        ("version=\"2.0\"", "", 0),
        ("</head>", "</head><head/>", 1),
        ("Wed, 25 Nov 2026 08:00:00 +0700", "2026-11-25", 2),
        ("<body>", "<x>", 3),
        ("text=\"Thanh Hóa\"", "", 4),
        ("xmlUrl=", "url=", 5),
    ] {
        let unsound = sound.replacen(from, to, 1);
        let unsound = if broken == 3 { unsound.replace("</body>", "</x><body/>") } else { unsound };
        assert_eq!(broken_in_xml(RULES, &unsound).first(), Some(&RULES[broken].0), "{from} -> {to}");
    }
}
