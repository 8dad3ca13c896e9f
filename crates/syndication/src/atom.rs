//! Atom (RFC 4287) with tombstones (RFC 6721), paging links (RFC 5005) and one extension of ours.

use crate::xml::Xml;
use crate::{Attachment, Feed, Item, Mention, Origin, Signature, Source, Tombstone, date, media, text};

/// Media type of the document.
pub const MEDIA_TYPE: &str = "application/atom+xml";

/// Namespace name of Atom.
pub const NAMESPACE: &str = "http://www.w3.org/2005/Atom";

/// Namespace name of `vn:modified`, the last change of an entry that was too small to move `updated`, of `vn:published`,
/// the time at which the source of a repost published it, and of `vn:signature`, the detached JWS of the site over the
/// edition that its attributes name, and of `vn:corrects` and `vn:correction`, whose `ref` is the id of the entry that this one
/// corrects, and of each that corrects this one. A UUID belongs to nobody's domain.
pub const EXTENSION_NAMESPACE: &str = "urn:uuid:2a49ab52-2276-4179-a071-71ef6daf487a";

/// Renders the feed.
pub fn render(feed: &Feed) -> String {
    let root = [
        ("xmlns", NAMESPACE),
        ("xmlns:at", "http://purl.org/atompub/tombstones/1.0"),
        ("xmlns:media", media::NAMESPACE),
        ("xmlns:vn", EXTENSION_NAMESPACE),
        ("xml:lang", &feed.language),
    ];
    Xml::document(feed.capacity(1), "feed", &root, |xml| {
        head(xml, feed);
        for item in &feed.items {
            let language = item.language_beside(feed).map(|tag| ("xml:lang", tag));
            xml.element("entry", language.as_slice(), |xml| entry(xml, item));
        }
        feed.deleted.iter().for_each(|tombstone| deleted_entry(xml, tombstone));
    })
}

fn head(xml: &mut Xml, feed: &Feed) {
    xml.line("id", &[], feed.id.as_str());
    xml.line("title", &[], &feed.title);
    xml.some_line("subtitle", &[], &feed.subtitle);
    xml.line("updated", &[], &date::rfc3339(feed.updated));
    xml.element("author", &[], |xml| xml.line("name", &[], &feed.author));
    xml.empty("link", &[("rel", "self"), ("type", MEDIA_TYPE), ("href", feed.self_url.as_str())]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", feed.alternate_url.as_str())]);
    if let Some(next) = &feed.next_url {
        xml.empty("link", &[("rel", "next"), ("type", MEDIA_TYPE), ("href", next.as_str())]);
    }
    if let Some(hub) = &feed.hub {
        xml.empty("link", &[("rel", "hub"), ("href", hub.as_str())]);
    }
    xml.some_line("generator", &[], &feed.generator);
    xml.some_block("rights", &[], feed.rights.as_deref().unwrap_or_default());
}

fn entry(xml: &mut Xml, item: &Item) {
    xml.line("id", &[], item.id.as_str());
    xml.line("title", &[], &item.title);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", item.url.as_str())]);
    xml.line("published", &[], &date::rfc3339(item.published));
    xml.line("updated", &[], &date::rfc3339(item.updated));
    if let Some(modified) = item.modified {
        xml.line("vn:modified", &[], &date::rfc3339(modified));
    }
    person(xml, "author", &item.office);
    person(xml, "contributor", item.author.as_deref().unwrap_or_default());
    for (term, scheme, label) in item.terms() {
        let mut attributes = vec![("term", term.as_str())];
        attributes.extend(scheme.map(|scheme| ("scheme", scheme)));
        attributes.push(("label", &label));
        xml.empty("category", &attributes);
    }
    xml.some_block("summary", &[], &item.summary);
    xml.some_block("content", &[("type", "html")], item.content_html.as_str());
    item.corrects.iter().for_each(|mention| related(xml, "vn:corrects", mention));
    item.corrections.iter().for_each(|mention| related(xml, "vn:correction", mention));
    item.attachments.iter().for_each(|file| enclosure(xml, file));
    item.image.iter().for_each(|image| media::image(xml, image));
    item.source.iter().for_each(|origin| source(xml, origin));
    item.origin.iter().for_each(|origin| signature(xml, origin));
}

fn signature(xml: &mut Xml, Origin { entry, edition, signature, .. }: &Origin) {
    if let Some(Signature { key_id, value }) = signature {
        xml.line("vn:signature", &[("key", key_id), ("entry", entry), ("edition", edition)], value);
    }
}

/// A link for every reader, and the identity for those who keep the entry.
fn related(xml: &mut Xml, element: &str, mention: &Mention) {
    let title = text::some_line(&mention.title);
    let mut attributes = vec![("rel", "related"), ("type", "text/html"), ("href", mention.url.as_str())];
    attributes.extend(title.as_deref().map(|title| ("title", title)));
    xml.empty("link", &attributes);
    xml.empty(element, &[("ref", mention.id.as_str())]);
}

/// Without a name the entry has no author of its own and inherits the feed's (RFC 4287 section 4.2.1).
fn person(xml: &mut Xml, role: &str, name: &str) {
    if let Some(name) = text::some_line(name) {
        xml.element(role, &[], |xml| xml.line("name", &[], &name));
    }
}

fn enclosure(xml: &mut Xml, file: &Attachment) {
    let length = file.length.map(|length| length.to_string());
    let title = text::some_line(&file.title);
    let mut attributes = vec![("rel", "enclosure"), ("type", file.media_type.as_str()), ("href", file.url.as_str())];
    attributes.extend(length.as_deref().map(|length| ("length", length)));
    attributes.extend(title.as_deref().map(|title| ("title", title)));
    xml.empty("link", &attributes);
}

/// The article that was reposted is a `via` link of the entry; `source` describes the feed it came from. That feed's
/// own id is not known here, and none is invented.
fn source(xml: &mut Xml, source: &Source) {
    if let Some(article) = &source.url {
        xml.empty("link", &[("rel", "via"), ("href", article.as_str())]);
    }
    xml.element("source", &[], |xml| {
        xml.line("title", &[], &source.name);
        person(xml, "author", source.author.as_deref().unwrap_or_default());
        if let Some(feed) = &source.feed_url {
            xml.empty("link", &[("rel", "self"), ("href", feed.as_str())]);
        }
        if let Some(published) = source.published {
            xml.line("vn:published", &[], &date::rfc3339(published));
        }
    });
}

fn deleted_entry(xml: &mut Xml, tombstone: &Tombstone) {
    let when = date::rfc3339(tombstone.at);
    xml.element("at:deleted-entry", &[("ref", tombstone.id.as_str()), ("when", &when)], |xml| {
        person(xml, "at:by", &tombstone.by);
        xml.some_line("at:comment", &[], &tombstone.comment);
    });
}
