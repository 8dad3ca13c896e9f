//! JSON Feed as a plain serde structure, `feed-rs`, `feedparser-rs` and `json-feed-model` read it.

use chrono::{DateTime, Utc};
use json_feed_model::Version;
use lienthong_syndication::{Feed, Item, jsonfeed};
use proptest::prelude::*;
use serde::Deserialize;

use crate::expected::{categories, line, second, some_block, some_line};
use crate::{by_feedparser, demo, generators};

#[derive(Deserialize)]
struct Document {
    title: String,
    home_page_url: String,
    feed_url: String,
    description: Option<String>,
    next_url: Option<String>,
    authors: Vec<Author>,
    language: String,
    #[serde(default)]
    expired: bool,
    #[serde(default)]
    hubs: Vec<Hub>,
    items: Vec<Entry>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Entry {
    id: String,
    url: String,
    external_url: Option<String>,
    title: String,
    content_html: String,
    summary: Option<String>,
    image: Option<String>,
    date_published: DateTime<Utc>,
    date_modified: DateTime<Utc>,
    authors: Vec<Author>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    attachments: Vec<File>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Author {
    name: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Hub {
    r#type: String,
    url: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct File {
    url: String,
    mime_type: String,
    title: Option<String>,
    size_in_bytes: Option<u64>,
}

impl From<&Item> for Entry {
    fn from(item: &Item) -> Self {
        let file = |file: &lienthong_syndication::Attachment| File {
            url: file.url.to_string(),
            mime_type: file.media_type.clone(),
            title: some_line(&file.title),
            size_in_bytes: file.length,
        };
        let authors = [some_line(&item.office), item.author.as_deref().and_then(some_line)];
        Self {
            id: item.id.to_string(),
            url: item.url.to_string(),
            external_url: item.source.as_ref().and_then(|source| source.url.as_ref()).map(ToString::to_string),
            title: line(&item.title),
            content_html: some_block(item.content_html.as_str()).unwrap_or_default(),
            summary: some_block(&item.summary),
            image: item.image.as_ref().map(|image| image.url.to_string()),
            date_published: second(item.published),
            date_modified: second(item.modified.into_iter().chain([item.updated]).max().unwrap()),
            authors: authors.into_iter().flatten().map(|name| Author { name }).collect(),
            tags: categories(item).into_iter().map(|(_, _, label)| label).collect(),
            attachments: item.attachments.iter().map(file).collect(),
        }
    }
}

fn assert_read_back(feed: &Feed) {
    let json = jsonfeed::render(feed);
    let read: Document = serde_json::from_str(&json).unwrap();
    assert_eq!(read.items, feed.items.iter().map(Entry::from).collect::<Vec<_>>());
    assert_head(feed, &read);
    let by_feed_rs = feed_rs::parser::parse(json.as_bytes()).unwrap();
    assert_eq!(by_feed_rs.entries.len(), feed.items.len());
    for (entry, item) in by_feed_rs.entries.iter().zip(&read.items) {
        assert_same(entry, item);
    }
    let (_, by_feedparser) = by_feedparser::read(&json);
    assert_eq!(by_feedparser, read.items.iter().map(by_feedparser::Read::from).collect::<Vec<_>>());
    assert_same_model(&json_feed_model::from_str(&json).unwrap(), &read);
}

impl From<&Entry> for by_feedparser::Read {
    fn from(item: &Entry) -> Self {
        Self {
            id: Some(item.id.clone()),
            title: Some(item.title.clone()),
            link: Some(item.url.clone()),
            published: Some(item.date_published),
            updated: Some(item.date_modified),
            summary: item.summary.clone(),
            content: vec![item.content_html.clone()],
            tags: item.tags.iter().map(|tag| (tag.clone(), None, None)).collect(),
        }
    }
}

fn assert_same_model(model: &json_feed_model::Feed, read: &Document) {
    assert!(model.is_valid(&Version::Version1_1));
    let head = [model.title(), model.language()].map(Result::unwrap);
    assert_eq!(head, [Some(read.title.as_str()), Some(read.language.as_str())]);
    let items = model.items().unwrap().unwrap();
    assert_eq!(items.len(), read.items.len());
    for (model, item) in items.iter().zip(&read.items) {
        let texts =
            [model.id(), model.title(), model.url(), model.content_html(), model.summary(), model.external_url()];
        let Entry { id, title, url, content_html, summary, external_url, .. } = item;
        let expected = [Some(id), Some(title), Some(url), Some(content_html), summary.as_ref(), external_url.as_ref()];
        assert_eq!(texts.map(Result::unwrap), expected.map(|text| text.map(String::as_str)));
        let dates = [model.date_published(), model.date_modified()];
        let dates = dates.map(|date| DateTime::parse_from_rfc3339(date.unwrap().unwrap()).unwrap().to_utc());
        assert_eq!(dates, [item.date_published, item.date_modified]);
        assert_eq!(model.tags().unwrap().unwrap_or_default(), item.tags);
    }
}

fn assert_head(feed: &Feed, read: &Document) {
    assert_eq!(read.title, line(&feed.title));
    assert_eq!(read.home_page_url, feed.alternate_url.as_str());
    assert_eq!(read.feed_url, feed.self_url.as_str());
    assert_eq!(read.description, some_line(&feed.subtitle));
    assert_eq!(read.next_url.as_deref(), feed.next_url.as_ref().map(url::Url::as_str));
    assert_eq!(read.authors, [Author { name: line(&feed.author) }]);
    assert_eq!(read.language, feed.language);
    assert_eq!(read.expired, feed.expired);
    let hub = feed.hub.as_ref().map(|url| Hub { r#type: "WebSub".to_owned(), url: url.to_string() });
    assert_eq!(read.hubs, Vec::from_iter(hub));
}

fn assert_same(entry: &feed_rs::model::Entry, item: &Entry) {
    assert_eq!(entry.id, item.id);
    assert_eq!(entry.links[0].href, item.url);
    assert_eq!(entry.title.as_ref().unwrap().content, item.title);
    assert_eq!(entry.content.as_ref().unwrap().body.as_deref(), Some(item.content_html.as_str()));
    assert_eq!((entry.published, entry.updated), (Some(item.date_published), Some(item.date_modified)));
    assert_eq!(entry.categories.iter().map(|c| &c.term).collect::<Vec<_>>(), item.tags.iter().collect::<Vec<_>>());
}

#[test]
fn other_parsers_read_the_examples_from_json_unchanged() {
    demo::examples().iter().for_each(assert_read_back);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn other_parsers_read_any_feed_from_json_unchanged(feed in generators::feed()) {
        assert_read_back(&feed);
    }
}
