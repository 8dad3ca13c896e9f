//! Atom as `atom_syndication`, `feed-rs` and `feedparser-rs` read it.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use lienthong_syndication::{Attachment, Feed, Item, atom};
use proptest::prelude::*;

use crate::expected::{categories, line, second, some_block, some_line};
use crate::{by_feedparser, demo, generators};

/// What `atom_syndication` and `feed-rs` offer of an entry.
#[derive(Debug, PartialEq)]
struct Read {
    id: String,
    title: String,
    link: String,
    published: Option<DateTime<Utc>>,
    updated: DateTime<Utc>,
    summary: Option<String>,
    content: Option<String>,
    categories: Vec<(String, Option<String>, String)>,
    authors: Vec<String>,
    contributors: Vec<String>,
    enclosures: Vec<(String, Option<u64>, Option<String>)>,
}

impl From<&Item> for Read {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            title: line(&item.title),
            link: item.url.to_string(),
            published: Some(second(item.published)),
            updated: second(item.updated),
            summary: some_block(&item.summary),
            content: some_block(item.content_html.as_str()),
            categories: categories(item),
            authors: Vec::from_iter(some_line(&item.office)),
            contributors: Vec::from_iter(item.author.as_deref().and_then(some_line)),
            enclosures: item.attachments.iter().map(enclosure).collect(),
        }
    }
}

fn enclosure(file: &Attachment) -> (String, Option<u64>, Option<String>) {
    (file.url.to_string(), file.length, some_line(&file.title))
}

impl From<&atom_syndication::Entry> for Read {
    fn from(entry: &atom_syndication::Entry) -> Self {
        let link = |rel: &'static str| entry.links.iter().filter(move |link| link.rel == rel);
        let category = |c: &atom_syndication::Category| (c.term.clone(), c.scheme.clone(), c.label.clone().unwrap());
        Self {
            id: entry.id.clone(),
            title: entry.title.value.clone(),
            link: link("alternate").next().unwrap().href.clone(),
            published: entry.published.map(|at| at.to_utc()),
            updated: entry.updated.to_utc(),
            summary: entry.summary.as_ref().map(|text| text.value.clone()),
            content: entry.content.as_ref().and_then(|content| content.value.clone()),
            categories: entry.categories.iter().map(category).collect(),
            authors: entry.authors.iter().map(|person| person.name.clone()).collect(),
            contributors: entry.contributors.iter().map(|person| person.name.clone()).collect(),
            enclosures: link("enclosure")
                .map(|file| (file.href.clone(), file.length.as_ref().map(|l| l.parse().unwrap()), file.title.clone()))
                .collect(),
        }
    }
}

impl From<&feed_rs::model::Entry> for Read {
    fn from(entry: &feed_rs::model::Entry) -> Self {
        let link = |rel: &'static str| entry.links.iter().filter(move |link| link.rel.as_deref() == Some(rel));
        let category = |c: &feed_rs::model::Category| (c.term.clone(), c.scheme.clone(), c.label.clone().unwrap());
        let name = |person: &feed_rs::model::Person| person.name.clone().unwrap();
        Self {
            id: entry.id.clone(),
            title: entry.title.clone().unwrap().content,
            link: link("alternate").next().unwrap().href.clone(),
            published: entry.published,
            updated: entry.updated.unwrap(),
            summary: entry.summary.clone().map(|text| text.content),
            content: entry.content.clone().and_then(|content| content.body),
            categories: entry.categories.iter().map(category).collect(),
            authors: entry.authors.iter().map(name).collect(),
            contributors: entry.contributors.iter().map(name).collect(),
            enclosures: link("enclosure").map(|file| (file.href.clone(), file.length, file.title.clone())).collect(),
        }
    }
}

impl From<&Item> for by_feedparser::Read {
    fn from(item: &Item) -> Self {
        let Read { id, title, link, published, updated, summary, content, categories, .. } = Read::from(item);
        Self {
            id: Some(id),
            title: Some(title),
            link: Some(link),
            published,
            updated: Some(updated),
            summary: by_feedparser::summary(summary, content.as_ref()),
            content: Vec::from_iter(content),
            tags: categories.into_iter().map(|(term, scheme, label)| (term, scheme, Some(label))).collect(),
        }
    }
}

fn assert_read_back(feed: &Feed) {
    let xml = atom::render(feed);
    let entries: Vec<Read> = feed.items.iter().map(Read::from).collect();
    let by_atom = atom_syndication::Feed::from_str(&xml).unwrap();
    assert_eq!(by_atom.entries.iter().map(Read::from).collect::<Vec<_>>(), entries);
    assert_head(feed, &by_atom);
    let by_feed_rs = feed_rs::parser::parse(xml.as_bytes()).unwrap();
    assert_eq!(by_feed_rs.entries.iter().map(Read::from).collect::<Vec<_>>(), entries);
    assert_eq!(
        (by_feed_rs.id, by_feed_rs.updated, by_feed_rs.language),
        (feed.id.to_string(), Some(second(feed.updated)), Some(feed.language.clone()))
    );
    let (by_feedparser, mut read) = by_feedparser::read(&xml);
    read.iter_mut().for_each(by_feedparser::unescape_attributes);
    assert_eq!(read, feed.items.iter().map(by_feedparser::Read::from).collect::<Vec<_>>());
    assert_eq!(by_feedparser.feed.id.as_deref(), Some(feed.id.as_str()));
    assert_eq!(by_feedparser.feed.updated, Some(second(feed.updated)));
}

fn assert_head(feed: &Feed, read: &atom_syndication::Feed) {
    assert_eq!(read.id, feed.id.as_str());
    assert_eq!(read.title.value, line(&feed.title));
    assert_eq!(read.subtitle.as_ref().map(|text| text.value.clone()), some_line(&feed.subtitle));
    assert_eq!(read.rights.as_ref().map(|text| text.value.clone()), feed.rights.as_deref().and_then(some_block));
    assert_eq!(read.updated.to_utc(), second(feed.updated));
    assert_eq!(read.authors[0].name, line(&feed.author));
    assert_eq!(read.lang.as_deref(), Some(feed.language.as_str()));
    let links: Vec<_> = read.links.iter().map(|link| (link.rel.as_str(), link.href.as_str())).collect();
    let optional = [("next", &feed.next_url), ("hub", &feed.hub)];
    let optional = optional.iter().filter_map(|(rel, url)| Some((*rel, url.as_ref()?.as_str())));
    let always = [("self", feed.self_url.as_str()), ("alternate", feed.alternate_url.as_str())];
    assert_eq!(links, always.into_iter().chain(optional).collect::<Vec<_>>());
}

#[test]
fn other_parsers_read_the_examples_from_atom_unchanged() {
    demo::examples().iter().for_each(assert_read_back);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn other_parsers_read_any_feed_from_atom_unchanged(feed in generators::feed()) {
        assert_read_back(&feed);
    }
}

#[test]
fn a_minor_change_moves_our_own_element_and_not_updated() {
    let mut feed = demo::feed();
    let read = atom_syndication::Feed::from_str(&atom::render(&feed)).unwrap();
    let modified = &read.entries[0].extensions["vn"]["modified"][0];
    assert_eq!(read.namespaces["vn"], atom::EXTENSION_NAMESPACE);
    assert_eq!(modified.value.as_deref(), Some("2026-11-24T09:15:00Z"));
    feed.items[0].modified = Some(demo::at("2026-11-25T00:00:00Z"));
    let later = atom_syndication::Feed::from_str(&atom::render(&feed)).unwrap();
    assert_eq!(later.entries[0].updated, read.entries[0].updated);
    assert_eq!(later.entries[0].extensions["vn"]["modified"][0].value.as_deref(), Some("2026-11-25T00:00:00Z"));
}

#[test]
fn a_repost_names_its_source() {
    let read = atom_syndication::Feed::from_str(&atom::render(&demo::feed())).unwrap();
    let repost = &read.entries[1];
    let via: Vec<_> = repost.links.iter().filter(|link| link.rel == "via").map(|link| link.href.as_str()).collect();
    let source = repost.source.as_ref().unwrap();
    assert_eq!(via, ["https://bao.example.vn/tin/tet-dong-bao"]);
    assert_eq!(source.title.value, "Báo Thanh Hóa");
    assert_eq!(source.authors[0].name, "Nguyễn Đình Giang");
    assert_eq!(source.links[0].href, "https://bao.example.vn/rss/van-hoa.rss");
    assert_eq!(read.entries[0].source, None);
}

#[test]
fn a_withdrawn_entry_leaves_a_tombstone() {
    let read = atom_syndication::Feed::from_str(&atom::render(&demo::feed())).unwrap();
    let gone = &read.extensions["at"]["deleted-entry"][0];
    assert_eq!(gone.attrs["ref"], "tag:thuongxuan.example.vn,2026:entry/9");
    assert_eq!(gone.attrs["when"], "2026-11-21T02:30:00Z");
    assert_eq!(gone.children["comment"][0].value.as_deref(), Some("Đăng nhầm lịch tiếp công dân"));
}
