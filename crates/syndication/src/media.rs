//! Media RSS (<https://www.rssboard.org/media-rss>), which RSS and Atom share, for what they have no element for.

use crate::xml::{Attribute, Xml};
use crate::{Attachment, Image};

/// Namespace name.
pub(crate) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// A cover picture: `title` carries what it shows, `description` the caption.
pub(crate) fn image(xml: &mut Xml, image: &Image) {
    content(xml, (image.url.as_str(), &image.media_type, image.length), |xml| {
        xml.some_line("media:title", PLAIN, &image.alt);
        xml.some_line("media:description", PLAIN, &image.caption);
        xml.some_line("media:credit", &[], &image.credit);
    });
}

/// A file that the format's own enclosure cannot express.
pub(crate) fn attachment(xml: &mut Xml, file: &Attachment) {
    content(xml, (file.url.as_str(), &file.media_type, file.length), |xml| {
        xml.some_line("media:title", PLAIN, &file.title);
    });
}

const PLAIN: &[Attribute<'static>] = &[("type", "plain")];

fn content(xml: &mut Xml, (url, media_type, length): (&str, &str, Option<u64>), body: impl FnOnce(&mut Xml)) {
    let length = length.map(|length| length.to_string());
    let mut attributes = vec![("url", url), ("type", media_type), ("medium", medium(media_type))];
    attributes.extend(length.as_deref().map(|length| ("fileSize", length)));
    xml.element("media:content", &attributes, body);
}

/// The kind of object, which Media RSS wants said beside the media type.
fn medium(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        _ => "document",
    }
}
