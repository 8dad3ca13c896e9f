//! RFC 4287 with RFC 6721 and RFC 5005, as a checker.

use lienthong_syndication::atom;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use url::Url;

use crate::rules::{XmlRule, broken_in_xml, children, count, distinct, is_language_tag, is_rfc3339, text};
use crate::{demo, generators};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";

const RULES: &[XmlRule] = &[
    ("RFC 4287 2: the root is atom:feed", |d| d.root_element().has_tag_name((ATOM, "feed"))),
    ("RFC 4287 2: xml:lang is a language tag; xml:base is not needed", |d| {
        let xml = "http://www.w3.org/XML/1998/namespace";
        let lang = |node: Node<'_, '_>| node.attribute((xml, "lang")).is_none_or(is_language_tag);
        d.root_element().attribute((xml, "lang")).is_some()
            && d.descendants().all(|node| lang(node) && node.attribute((xml, "base")).is_none())
    }),
    ("RFC 4287 4.1.1: a feed has one id, title and updated", |d| {
        ["id", "title", "updated"].iter().all(|name| count(d.root_element(), (ATOM, name)) == 1)
    }),
    ("RFC 4287 4.1.1: at most one generator, rights and subtitle", |d| {
        ["generator", "rights", "subtitle"].iter().all(|name| count(d.root_element(), (ATOM, name)) <= 1)
    }),
    ("RFC 4287 4.1.1: the feed or every entry has an author", |d| {
        let authors = |node| count(node, (ATOM, "author"));
        authors(d.root_element()) > 0 || entries(d).all(|entry| authors(entry) > 0)
    }),
    ("RFC 4287 4.1.1: a feed links to itself", |d| links(d.root_element(), "self").count() == 1),
    ("RFC 4287 4.1.1, 4.1.2: one alternate link per type and language", |d| {
        let kind = |link: Node<'_, '_>| format!("{:?} {:?}", link.attribute("type"), link.attribute("hreflang"));
        entries(d).chain([d.root_element()]).all(|node| distinct(links(node, "alternate").map(kind)))
    }),
    ("RFC 4287 4.1.1: entries with one id differ in updated", |d| {
        let value = |entry, name| children(entry, (ATOM, name)).next().map(text);
        distinct(entries(d).map(|entry| (value(entry, "id"), value(entry, "updated"))))
    }),
    ("RFC 4287 4.1.2: an entry has one id, title and updated", |d| {
        entries(d).all(|entry| ["id", "title", "updated"].iter().all(|name| count(entry, (ATOM, name)) == 1))
    }),
    ("RFC 4287 4.1.2: at most one content, published, source and summary", |d| {
        let single = ["content", "published", "rights", "source", "summary"];
        entries(d).all(|entry| single.iter().all(|name| count(entry, (ATOM, name)) <= 1))
    }),
    ("RFC 4287 4.1.2: an entry without content has an alternate link", |d| {
        entries(d).all(|entry| count(entry, (ATOM, "content")) == 1 || links(entry, "alternate").count() == 1)
    }),
    ("RFC 4287 4.1.3: content of type html is escaped text", |d| {
        all(d, "content", |content| content.attribute("type") == Some("html") && !has_elements(content))
    }),
    ("RFC 4287 3.1: text constructs are plain text here", |d| {
        let plain =
            |node: Node<'_, '_>| node.attribute("type").is_none_or(|kind| kind == "text") && !has_elements(node);
        ["title", "subtitle", "summary", "rights"].iter().all(|name| all(d, name, plain))
    }),
    ("RFC 4287 3.2: a person has one name", |d| {
        ["author", "contributor"].iter().all(|role| all(d, role, |person| count(person, (ATOM, "name")) == 1))
    }),
    ("RFC 4287 3.3: dates are RFC 3339 with T and Z", |d| {
        ["updated", "published"].iter().all(|name| all(d, name, |date| is_rfc3339(text(date))))
    }),
    ("RFC 4287 4.2.2: a category has a term, and an IRI for a scheme", |d| {
        all(d, "category", |category| {
            category.attribute("term").is_some_and(|term| !term.is_empty())
                && category.attribute("scheme").is_none_or(|scheme| Url::parse(scheme).is_ok())
        })
    }),
    ("RFC 4287 4.2.6: an id is an absolute IRI", |d| all(d, "id", |id| Url::parse(text(id)).is_ok())),
    ("RFC 4287 4.2.7: a link has an absolute href here", |d| {
        all(d, "link", |link| link.attribute("href").is_some_and(|href| Url::parse(href).is_ok()))
    }),
    ("RFC 4287 4.2.7.2: the relation is registered", |d| {
        let registered = ["alternate", "related", "self", "enclosure", "via", "next", "hub"];
        all(d, "link", |link| link.attribute("rel").is_some_and(|rel| registered.contains(&rel)))
    }),
    ("RFC 4287 4.2.7.6: length is a number of octets", |d| {
        all(d, "link", |link| link.attribute("length").is_none_or(|length| length.parse::<u64>().is_ok()))
    }),
    ("RFC 4287 6.4: what is not Atom has a namespace of its own", |d| {
        d.descendants().filter(Node::is_element).all(|node| match node.tag_name().namespace() {
            Some(ATOM) => KNOWN.contains(&node.tag_name().name()),
            namespace => namespace.is_some(),
        })
    }),
    ("RFC 6721 3: a deleted entry has ref and when", |d| {
        children(d.root_element(), (TOMBSTONES, "deleted-entry")).all(|gone| {
            gone.attribute("ref").is_some_and(|id| Url::parse(id).is_ok())
                && gone.attribute("when").is_some_and(is_rfc3339)
        })
    }),
    ("RFC 6721 4, 5: at most one by, with a name, and one comment", |d| {
        children(d.root_element(), (TOMBSTONES, "deleted-entry")).all(|gone| {
            let mut by = children(gone, (TOMBSTONES, "by"));
            by.next().is_none_or(|person| count(person, (ATOM, "name")) == 1)
                && by.next().is_none()
                && count(gone, (TOMBSTONES, "comment")) <= 1
        })
    }),
    ("RFC 5005 3: at most one next page", |d| links(d.root_element(), "next").count() <= 1),
];

const KNOWN: [&str; 17] = [
    "feed",
    "entry",
    "id",
    "title",
    "subtitle",
    "updated",
    "published",
    "author",
    "contributor",
    "name",
    "link",
    "generator",
    "rights",
    "category",
    "summary",
    "content",
    "source",
];

fn entries<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    children(document.root_element(), (ATOM, "entry"))
}

fn links<'a, 'i>(node: Node<'a, 'i>, rel: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    children(node, (ATOM, "link")).filter(move |link| link.attribute("rel") == Some(rel))
}

fn all(document: &Document<'_>, name: &str, holds: impl Fn(Node<'_, '_>) -> bool) -> bool {
    document.descendants().filter(|node| node.has_tag_name((ATOM, name))).all(holds)
}

fn has_elements(node: Node<'_, '_>) -> bool {
    node.children().any(|child| child.is_element())
}

#[test]
fn the_examples_keep_every_rule_of_atom() {
    for feed in demo::examples() {
        assert_eq!(broken_in_xml(RULES, &atom::render(&feed)), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_feed_keeps_every_rule_of_atom(feed in generators::feed()) {
        prop_assert_eq!(broken_in_xml(RULES, &atom::render(&feed)), [""; 0]);
    }
}

/// What is replaced by what, and the rule that this breaks.
const BROKEN: &[(&str, &str, &str)] = &[
    (ATOM, "http://purl.org/atom/ns#", "RFC 4287 2: the root"),
    ("xml:lang=\"vi\"", "xml:lang=\"Tiếng Việt\"", "RFC 4287 2: xml:lang"),
    (
        "<updated>",
        "<x:x xmlns:x='x'/><published>2026-11-25T01:00:00Z</published><updated>x</updated><updated>",
        "RFC 4287 4.1.1: a feed has one",
    ),
    ("<subtitle>", "<subtitle/><subtitle>", "RFC 4287 4.1.1: at most one generator"),
    ("rel=\"self\"", "rel=\"via\"", "RFC 4287 4.1.1: a feed links to itself"),
    ("rel=\"next\" type=\"application/atom+xml\"", "rel=\"alternate\" type=\"text/html\"", "RFC 4287 4.1.1, 4.1.2"),
    (
        "<entry><id>tag:thuongxuan.example.vn,2026:entry/1<",
        "<entry><id>tag:thuongxuan.example.vn,2026:entry/1</id><id>x<",
        "RFC 4287 4.1.2: an entry has one",
    ),
    ("<summary>", "<summary/><summary>", "RFC 4287 4.1.2: at most one content"),
    ("<content type=\"html\">", "<content type=\"xhtml\">", "RFC 4287 4.1.3"),
    ("<title>Trang", "<title type=\"html\">Trang", "RFC 4287 3.1"),
    ("<name>UBND xã Thường Xuân</name>", "", "RFC 4287 3.2"),
    ("2026-11-25T01:00:00Z", "2026-11-25t01:00:00z", "RFC 4287 3.3"),
    ("term=\"tcd.lich\"", "", "RFC 4287 4.2.2"),
    ("scheme=\"https:", "scheme=\"", "RFC 4287 4.2.2"),
    ("<id>tag:", "<id>", "RFC 4287 4.2.6"),
    ("href=\"https:", "href=\"", "RFC 4287 4.2.7:"),
    ("rel=\"via\"", "rel=\"origin\"", "RFC 4287 4.2.7.2"),
    ("length=\"88064\"", "length=\"86 KB\"", "RFC 4287 4.2.7.6"),
    ("<entry>", "<modified/><entry>", "RFC 4287 6.4"),
    ("when=\"", "at=\"", "RFC 6721 3"),
    ("<at:comment>", "<at:comment/><at:comment>", "RFC 6721 4, 5"),
    ("rel=\"hub\"", "rel=\"next\"", "RFC 5005 3"),
];

#[test]
fn the_checker_notices_each_broken_rule() {
    let sound = atom::render(&demo::feed());
    for (from, to, rule) in BROKEN {
        let broken = broken_in_xml(RULES, &sound.replacen(from, to, 1));
        assert!(
            broken.iter().any(|name| name.starts_with(rule)),
            "{from} -> {to} goes unnoticed by {rule}: {broken:?}"
        );
    }
}

#[test]
fn the_checker_notices_broken_rules_about_several_elements() {
    let sound = atom::render(&demo::feed());
    for (from, to, rule) in [
        ("entry/2", "entry/1", "RFC 4287 4.1.1: entries with one id"),
        (
            "<author><name>UBND xã Thường Xuân</name></author>",
            "",
            "RFC 4287 4.1.1: the feed or every entry has an author",
        ),
    ] {
        let broken = broken_in_xml(RULES, &sound.replace(from, to));
        assert!(broken.iter().any(|name| name.starts_with(rule)), "{rule} goes unnoticed: {broken:?}");
    }
    let bare = atom::render(&demo::bare_feed(vec![demo::bare_item(1, "Tin")]));
    let unlinked = bare.replace(
        "rel=\"alternate\" type=\"text/html\" href=\"https://thuongxuan.example.vn/tin/1\"",
        "rel=\"via\" href=\"x:y\"",
    );
    assert_eq!(broken_in_xml(RULES, &unlinked), ["RFC 4287 4.1.2: an entry without content has an alternate link"]);
}
