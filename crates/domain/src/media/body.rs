//! Media that the text of an article shows, read from its sanitised HTML.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::ids::MediaId;

/// An image in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyImage {
    /// Which, when its address is one of ours.
    pub media: Option<MediaId>,
    /// Whether it says what it shows.
    pub has_alt: bool,
}

/// Where the path of an address of ours begins.
const PATH: &str = "/media/";

/// Length of an id in an address.
const ID: usize = 36;

/// Every file that an address in `html` names, whatever the host: ids are unique, and the host may change.
pub fn referred_to(html: &str) -> BTreeSet<MediaId> {
    html.split(PATH).skip(1).filter_map(leading_id).collect()
}

/// The sanitised HTML with the addresses of all its files below `base`, in which nothing needs escaping.
pub fn shown_below(html: &str, base: &str) -> String {
    rebased(html, (PATH, |_, after| leading_id(after).is_some()), base)
}

/// The sanitised HTML with every address whose path begins with `path` below `base`, in which nothing needs escaping.
pub fn drawn_below(html: &str, path: &str, base: &str) -> String {
    rebased(html, (path, |host, _| is_host(host)), base)
}

/// Nothing, or a scheme and an authority.
fn is_host(text: &str) -> bool {
    text.is_empty() || text.split_once("://").is_some_and(|(_, host)| !host.contains('/'))
}

/// `is_ours` judges by what stands in an address before the path and what follows it.
fn rebased(html: &str, (path, is_ours): (&str, fn(&str, &str) -> bool), base: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(path) {
        let host = before.rfind("=\"").map(|at| at + 2).filter(|at| is_ours(&before[*at..], after));
        // Between the quotation mark and the path stands a host or nothing; anything else is text that looks like it.
        let host = host.filter(|at| !before[*at..].contains(['"', '<', '>', ' ']));
        shown.push_str(host.map_or(before, |at| &before[..at]));
        shown.push_str(if host.is_some() { base } else { "" });
        shown.push_str(path);
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The images of sanitised HTML, in their order. Its attributes are in double quotes, and no value holds one unescaped.
pub fn images(html: &str) -> Vec<BodyImage> {
    html.split("<img ").skip(1).map(|rest| image(rest.split('>').next().unwrap_or_default())).collect()
}

fn image(tag: &str) -> BodyImage {
    let value = |name: &str| {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        tag.get(start..)?.split('"').next()
    };
    let media = value("src").and_then(|src| src.split_once(PATH)).and_then(|(_, rest)| leading_id(rest));
    BodyImage { media, has_alt: value("alt").is_some_and(|alt| !alt.trim().is_empty()) }
}

fn leading_id(rest: &str) -> Option<MediaId> {
    let id = rest.get(..ID).filter(|_| rest.as_bytes().get(ID) == Some(&b'/'))?;
    Uuid::try_parse(id).ok().map(MediaId::from_uuid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::SafeHtml;

    const ID: &str = "01908f6e-7c2a-7000-8000-4b1d5a2c9e01";

    fn id() -> MediaId {
        MediaId::from_uuid(Uuid::try_parse(super::tests::ID).unwrap())
    }

    #[test]
    fn images_and_links_of_ours_are_found_under_any_host() {
        let html = format!(
            "<p>a</p><img src=\"https://media.example/media/{ID}/640.webp\" alt=\"Trụ sở\">\
             <a href=\"/media/{ID}/original/x.pdf\">x</a><img src=\"https://b.example/media/x/1.jpg\">"
        );
        let (html, _) = SafeHtml::sanitise(&html);
        assert_eq!(referred_to(html.as_str()), BTreeSet::from([id()]));
        let images = images(html.as_str());
        assert_eq!(images[0], BodyImage { media: Some(id()), has_alt: true });
        assert_eq!(images[1], BodyImage { media: None, has_alt: false });
        assert_eq!(images.len(), 2);
    }

    #[test]
    fn files_are_shown_below_another_address_and_nothing_else_is() {
        let html = format!(
            "<img src=\"https://media.example/media/{ID}/640.webp\" alt=\"/media/{ID}/\"><p>=\" /media/{ID}/</p>\
             <a href=\"/media/{ID}/original/x.pdf\">/media/</a><img src=\"https://b.example/media/x/1.jpg\">"
        );
        let shown = format!(
            "<img src=\"https://a.example/x/media/{ID}/640.webp\" alt=\"https://a.example/x/media/{ID}/\"><p>=\" /media/{ID}/</p>\
             <a href=\"https://a.example/x/media/{ID}/original/x.pdf\">/media/</a><img src=\"https://b.example/media/x/1.jpg\">"
        );
        assert_eq!(shown_below(&html, "https://a.example/x"), shown);
    }

    #[test]
    fn pictures_that_a_server_draws_are_shown_below_its_address_and_nothing_else_is() {
        let html = "<img src=\"http://127.0.0.1:8080/d/a-1.svg\" alt=\"/d/\"><p>\"/d/b</p><img src=\"https://b.example/e/d/a.svg\">";
        let shown = "<img src=\"https://a.example/d/a-1.svg\" alt=\"https://a.example/d/\"><p>\"/d/b</p><img src=\"https://b.example/e/d/a.svg\">";
        assert_eq!(drawn_below(html, "/d/", "https://a.example"), shown);
        assert_eq!(drawn_below(shown, "/d/", "https://a.example"), shown);
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for text in ["/media/", "/media/abc/1.jpg", &format!("/media/{ID}"), &format!("/medias/{ID}/x")] {
            assert_eq!(referred_to(text), BTreeSet::new(), "{text}");
        }
    }

    #[test]
    fn a_blank_or_hidden_alternative_text_is_none() {
        for tag in ["alt=\"\"", "alt=\" \"", "title=\"alt\""] {
            let (html, _) = SafeHtml::sanitise(&format!("<img src=\"https://a.example/b.jpg\" {tag}>"));
            assert!(!images(html.as_str())[0].has_alt, "{}", html.as_str());
        }
        // A greater-than sign in a value is escaped by the sanitiser, so that it does not end the tag early.
        let (html, _) = SafeHtml::sanitise("<img src=\"https://a.example/b.jpg?a>b\" alt=\"x > y\">");
        assert!(images(html.as_str())[0].has_alt, "{}", html.as_str());
    }
}
