//! The members of `_lienthong`.

use serde::Serialize;
use url::Url;

use crate::{Feed, Image, Item, Mention, Origin, Signature, Source, Tombstone, date, text};

#[derive(Serialize)]
pub(super) struct FeedExtension<'a> {
    tombstones: Vec<Deleted<'a>>,
}

#[derive(Serialize)]
pub(super) struct ItemExtension<'a> {
    updated: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<Classified<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Picture>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Reposted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<Mentioned<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<Mentioned<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Provenance<'a>>,
}

#[derive(Serialize)]
struct Deleted<'a> {
    id: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
struct Classified<'a> {
    term: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<&'a str>,
    label: String,
}

#[derive(Serialize)]
struct Picture {
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
}

#[derive(Serialize)]
struct Reposted<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
}

#[derive(Serialize)]
struct Mentioned<'a> {
    id: &'a str,
    url: &'a str,
    title: String,
    published: String,
}

#[derive(Serialize)]
struct Provenance<'a> {
    site_url: &'a str,
    entry: String,
    edition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<Signed>,
}

#[derive(Serialize)]
struct Signed {
    key_id: String,
    value: String,
}

impl<'a> FeedExtension<'a> {
    /// Nothing when no entry was withdrawn.
    pub(super) fn of(feed: &'a Feed) -> Option<Self> {
        let tombstones: Vec<_> = feed.deleted.iter().map(Deleted::from).collect();
        (!tombstones.is_empty()).then_some(Self { tombstones })
    }
}

impl<'a> ItemExtension<'a> {
    pub(super) fn of(item: &'a Item) -> Self {
        Self {
            updated: date::rfc3339(item.updated),
            categories: item.terms().map(|(term, scheme, label)| Classified { term, scheme, label }).collect(),
            image: item.image.as_ref().map(Picture::from),
            source: item.source.as_ref().map(Reposted::from),
            corrects: item.corrects.as_ref().map(Mentioned::from),
            corrections: item.corrections.iter().map(Mentioned::from).collect(),
            origin: item.origin.as_ref().map(Provenance::from),
        }
    }
}

impl<'a> From<&'a Tombstone> for Deleted<'a> {
    fn from(Tombstone { id, at, by, comment }: &'a Tombstone) -> Self {
        Self { id: id.as_str(), at: date::rfc3339(*at), by: text::some_line(by), comment: text::some_line(comment) }
    }
}

impl From<&Image> for Picture {
    fn from(image: &Image) -> Self {
        let Image { url: _, media_type: _, length: _, alt, caption, credit } = image;
        Self { alt: text::some_line(alt), caption: text::some_line(caption), credit: text::some_line(credit) }
    }
}

impl<'a> From<&'a Source> for Reposted<'a> {
    fn from(Source { name, url, feed_url, author, published }: &'a Source) -> Self {
        Self {
            name: text::line(name),
            url: url.as_ref().map(Url::as_str),
            feed_url: feed_url.as_ref().map(Url::as_str),
            author: author.as_deref().and_then(text::some_line),
            published: published.map(date::rfc3339),
        }
    }
}

impl<'a> From<&'a Mention> for Mentioned<'a> {
    fn from(Mention { id, url, title, published }: &'a Mention) -> Self {
        Self { id: id.as_str(), url: url.as_str(), title: text::line(title), published: date::rfc3339(*published) }
    }
}

impl<'a> From<&'a Origin> for Provenance<'a> {
    fn from(Origin { site_url, entry, edition, signature }: &'a Origin) -> Self {
        Self {
            site_url: site_url.as_str(),
            entry: text::line(entry),
            edition: text::line(edition),
            signature: signature.as_ref().map(Signed::from),
        }
    }
}

impl From<&Signature> for Signed {
    fn from(Signature { key_id, value }: &Signature) -> Self {
        Self { key_id: text::line(key_id), value: text::line(value) }
    }
}
