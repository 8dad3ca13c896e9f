//! Media RSS (<https://www.rssboard.org/media-rss>), which RSS and Atom share, for what they have no element for.

use url::Url;

use crate::xml::{Attribute, Xml};
use crate::{Attachment, Image};

/// Namespace name.
pub(crate) const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// The media type that the ending of a picture's address stands for; `None` when it stands for none.
pub fn image_type(url: &Url) -> Option<&'static str> {
    let (_, ending) = url.path().rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

/// A cover picture: `title` carries what it shows, `description` the caption.
pub(crate) fn image(xml: &mut Xml, image: &Image) {
    let file = (image.url.as_str(), image.media_type.as_str(), image.length);
    content(xml, file, "image", |xml| {
        xml.some_line("media:title", PLAIN, &image.alt);
        xml.some_line("media:description", PLAIN, &image.caption);
        xml.some_line("media:credit", &[], &image.credit);
    });
}

/// A file that the format's own enclosure cannot express.
pub(crate) fn attachment(xml: &mut Xml, file: &Attachment) {
    content(xml, (file.url.as_str(), &file.media_type, file.length), medium(&file.media_type), |xml| {
        xml.some_line("media:title", PLAIN, &file.title);
    });
}

const PLAIN: &[Attribute<'static>] = &[("type", "plain")];

fn content(
    xml: &mut Xml,
    (url, media_type, length): (&str, &str, Option<u64>),
    medium: &str,
    body: impl FnOnce(&mut Xml),
) {
    let length = length.map(|length| length.to_string());
    let mut attributes = vec![("url", url)];
    attributes.extend((!media_type.is_empty()).then_some(("type", media_type)));
    attributes.push(("medium", medium));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_a_picture_is_read_from_its_address_and_never_guessed() {
        for (url, media_type) in [
            ("https://a.vn/anh.JPG?w=800", Some("image/jpeg")),
            ("https://a.vn/anh.webp", Some("image/webp")),
            ("https://a.vn/media/1234", None),
            ("https://a.vn/anh.php?f=x.png", None),
        ] {
            assert_eq!(image_type(&url.parse().unwrap()), media_type, "{url}");
        }
    }
}
