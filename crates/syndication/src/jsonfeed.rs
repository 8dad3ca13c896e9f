//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).
//!
//! An extension object `_lienthong` says what the format has no member for. On the feed:
//! `{ tombstones: [{ id, at, by, comment }] }`. On an item:
//! `{ updated, categories: [{ term, scheme, label }], image: { alt, caption, credit },
//! source: { name, url, feed_url, author, published }, corrects: { id, url, title, published },
//! corrections: [{ id, url, title, published }], origin: { site_url, entry, edition, signature: { key_id, value } } }`.
//! Members that say nothing are absent.

mod extension;

use std::borrow::Cow;

use serde::Serialize;

use self::extension::{FeedExtension, ItemExtension};
use crate::{Attachment, Feed, Item, date, text};

/// Media type of the document.
pub const MEDIA_TYPE: &str = "application/feed+json";

/// Renders the feed.
pub fn render(feed: &Feed) -> String {
    written(&Document::from(feed), feed.capacity(2))
}

#[expect(clippy::expect_used, reason = "strings, numbers and lists serialise without error, and a vector takes them")]
fn written(document: &Document<'_>, capacity: usize) -> String {
    let mut json = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut json, document).expect("every member can be written");
    String::from_utf8(json).expect("serde_json writes UTF-8")
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    expired: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    hubs: Option<[Hub<'a>; 1]>,
    #[serde(rename = "_lienthong", skip_serializing_if = "Option::is_none")]
    extension: Option<FeedExtension<'a>>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: String,
    content_html: Cow<'a, str>,
    content_text: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<File<'a>>,
    #[serde(rename = "_lienthong")]
    extension: ItemExtension<'a>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    url: &'a str,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

impl<'a> From<&'a Feed> for Document<'a> {
    fn from(feed: &'a Feed) -> Self {
        Self {
            version: "https://jsonfeed.org/version/1.1",
            title: text::line(&feed.title),
            home_page_url: feed.alternate_url.as_str(),
            feed_url: feed.self_url.as_str(),
            description: text::some_line(&feed.subtitle),
            next_url: feed.next_url.as_ref().map(url::Url::as_str),
            authors: authors(&feed.author, None),
            language: text::some_line(&feed.language),
            expired: feed.expired,
            hubs: feed.hub.as_ref().map(|hub| [Hub { r#type: "WebSub", url: hub.as_str() }]),
            extension: FeedExtension::of(feed),
            items: feed.items.iter().map(|item| Entry::new(feed, item)).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn new(feed: &'a Feed, item: &'a Item) -> Self {
        Self {
            id: item.id.as_str(),
            url: item.url.as_str(),
            external_url: item.source.as_ref().and_then(|source| source.url.as_ref()).map(url::Url::as_str),
            title: text::line(&item.title),
            content_html: text::block(item.content_html.as_str()),
            content_text: item.content_html.to_text(),
            summary: text::block(&item.summary),
            image: item.image.as_ref().map(|image| image.url.as_str()),
            date_published: date::rfc3339(item.published),
            date_modified: date::rfc3339(item.modified.map_or(item.updated, |modified| modified.max(item.updated))),
            authors: authors(&item.office, item.author.as_deref()),
            tags: item.terms().map(|(_, _, label)| label).collect(),
            language: item.language_beside(feed).and_then(text::some_line),
            attachments: item.attachments.iter().map(File::from).collect(),
            extension: ItemExtension::of(item),
        }
    }
}

impl<'a> From<&'a Attachment> for File<'a> {
    fn from(file: &'a Attachment) -> Self {
        Self {
            url: file.url.as_str(),
            mime_type: text::line(&file.media_type),
            title: text::some_line(&file.title),
            size_in_bytes: file.length,
        }
    }
}

/// The office first, the person who wrote it after it.
fn authors(office: &str, person: Option<&str>) -> Vec<Author> {
    [Some(office), person].into_iter().flatten().filter_map(text::some_line).map(|name| Author { name }).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the member by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
