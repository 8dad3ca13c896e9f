//! What `feedparser-rs` reads, whatever the format.

use chrono::{DateTime, Utc};
use feedparser_rs::{Content, Entry, ParseOptions, ParsedFeed, parse_with_options};

/// An entry with its text as it stands in the feed.
#[derive(Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) published: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    pub(crate) summary: Option<String>,
    /// As HTML.
    pub(crate) content: Vec<String>,
    /// Term, scheme and label.
    pub(crate) tags: Vec<(String, Option<String>, Option<String>)>,
}

impl From<&Entry> for Read {
    fn from(entry: &Entry) -> Self {
        let tag = |tag: &feedparser_rs::Tag| {
            (tag.term.to_string(), tag.scheme.as_deref().map(str::to_owned), tag.label.as_deref().map(str::to_owned))
        };
        Self {
            id: entry.id.as_deref().map(str::to_owned),
            title: entry.title.clone(),
            link: entry.link.clone(),
            published: entry.published,
            updated: entry.updated,
            summary: entry.summary.clone(),
            content: entry
                .content
                .iter()
                .filter(|content| is_html(content))
                .map(|content| content.value.clone())
                .collect(),
            tags: entry.tags.iter().map(tag).collect(),
        }
    }
}

/// JSON Feed has the content once more as text.
fn is_html(content: &Content) -> bool {
    content.content_type.as_deref() == Some("text/html")
}

/// The summary, for which it takes the content where RSS and Atom have none.
pub(crate) fn summary(summary: Option<String>, content: Option<&String>) -> Option<String> {
    summary.or_else(|| content.cloned())
}

/// It leaves the values of attributes of Atom as they are written: the address and all of the tags.
pub(crate) fn unescape_attributes(entry: &mut Read) {
    let schemes_and_labels = entry.tags.iter_mut().flat_map(|(_, scheme, label)| [scheme, label]).flatten();
    schemes_and_labels.for_each(unescape);
    entry.tags.iter_mut().for_each(|(term, ..)| unescape(term));
    entry.link.iter_mut().for_each(unescape);
}

fn unescape(attribute: &mut String) {
    *attribute = quick_xml::escape::unescape(attribute).unwrap().into_owned();
}

/// The feed, which must have no fault in its eyes, and its entries.
pub(crate) fn read(feed: &str) -> (ParsedFeed, Vec<Read>) {
    let as_it_stands = ParseOptions { sanitize_html: false, ..ParseOptions::default() };
    let read = parse_with_options(feed.as_bytes(), &as_it_stands).unwrap();
    assert!(!read.bozo, "{:?}", read.bozo_exception);
    let entries = read.entries.iter().map(Read::from).collect();
    (read, entries)
}
