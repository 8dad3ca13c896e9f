//! RSS 2.0 (<https://www.rssboard.org/rss-specification>), for readers that know nothing newer.

use crate::xml::Xml;
use crate::{Attachment, Feed, Item, Source, atom, date, html, media, text};

/// Media type of the document.
pub const MEDIA_TYPE: &str = "application/rss+xml";

/// Renders the feed. Tombstones and minor changes have no place in RSS.
pub fn render(feed: &Feed) -> String {
    let root = [
        ("version", "2.0"),
        ("xmlns:atom", atom::NAMESPACE),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", media::NAMESPACE),
    ];
    Xml::document(feed.capacity(1), "rss", &root, |xml| xml.element("channel", &[], |xml| channel(xml, feed)))
}

fn channel(xml: &mut Xml, feed: &Feed) {
    xml.line("title", &[], &feed.title);
    xml.line("link", &[], feed.alternate_url.as_str());
    // The element is required and may not be blank.
    let description = text::some_line(&feed.subtitle);
    xml.line("description", &[], description.as_deref().unwrap_or(&feed.title));
    xml.some_line("language", &[], &feed.language);
    xml.some_line("copyright", &[], feed.rights.as_deref().unwrap_or_default());
    xml.line("lastBuildDate", &[], &date::rfc822(feed.updated));
    xml.some_line("generator", &[], &feed.generator);
    xml.some_line("dc:creator", &[], &feed.author);
    xml.empty("atom:link", &[("rel", "self"), ("type", MEDIA_TYPE), ("href", feed.self_url.as_str())]);
    if let Some(next) = &feed.next_url {
        xml.empty("atom:link", &[("rel", "next"), ("type", MEDIA_TYPE), ("href", next.as_str())]);
    }
    if let Some(hub) = &feed.hub {
        xml.empty("atom:link", &[("rel", "hub"), ("href", hub.as_str())]);
    }
    for entry in &feed.items {
        xml.element("item", &[], |xml| item(xml, feed, entry));
    }
}

fn item(xml: &mut Xml, feed: &Feed, item: &Item) {
    xml.line("title", &[], &item.title);
    xml.line("link", &[], item.url.as_str());
    xml.line("guid", &[("isPermaLink", "false")], item.id.as_str());
    xml.line("pubDate", &[], &date::rfc822(item.published));
    xml.some_line("dc:creator", &[], &item.office);
    xml.some_line("dc:contributor", &[], item.author.as_deref().unwrap_or_default());
    xml.some_line("dc:language", &[], item.language_beside(feed).unwrap_or_default());
    for (_, scheme, label) in item.terms() {
        let domain = scheme.map(|scheme| ("domain", scheme));
        xml.line("category", domain.as_slice(), &label);
    }
    // Readers take a description for HTML: a summary that mentions `<` must say `&lt;` after the XML is read.
    xml.some_block("description", &[], &html::escape(&text::block(&item.summary)));
    xml.some_block("content:encoded", &[], item.content_html.as_str());
    item.mentions().for_each(|mention| xml.line("dc:relation", &[], mention.url.as_str()));
    item.source.iter().for_each(|origin| source(xml, origin));
    item.image.iter().for_each(|cover| media::image(xml, cover));
    attachments(xml, &item.attachments);
}

/// `source` names the feed that an item came from and must give that feed's address; the article itself is `dc:source`.
fn source(xml: &mut Xml, source: &Source) {
    if let Some(feed) = &source.feed_url {
        xml.line("source", &[("url", feed.as_str())], &source.name);
    }
    if let Some(article) = &source.url {
        xml.line("dc:source", &[], article.as_str());
    }
}

/// One `enclosure` at most, because many readers keep only one, and only with its three required attributes; every
/// other file is Media RSS.
fn attachments(xml: &mut Xml, files: &[Attachment]) {
    let enclosed = files.iter().position(|file| file.length.is_some());
    for (index, file) in files.iter().enumerate() {
        match file.length.filter(|_| Some(index) == enclosed) {
            Some(length) => {
                let length = length.to_string();
                let required = [("url", file.url.as_str()), ("length", &length), ("type", &file.media_type)];
                xml.empty("enclosure", &required);
            }
            None => media::attachment(xml, file),
        }
    }
}
