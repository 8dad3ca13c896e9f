//! Where files of libraries are found.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use lienthong_domain::article::Cover;
use lienthong_domain::ids::MediaId;
use lienthong_domain::media::{Rendition, WIDTHS, drawn_below, shown_below};

/// The address below which media are served: a host of their own, or ours.
#[derive(Debug, Clone)]
pub(crate) struct MediaBase {
    base: Arc<str>,
    drawn: Option<Drawn>,
}

/// Pictures that this server draws itself, such as the demo's. An article holds the address that the server had when it
/// was written.
#[derive(Debug, Clone)]
struct Drawn {
    /// What their paths begin with.
    path: &'static str,
    /// The address that the server has now.
    base: Arc<str>,
}

/// One of the pictures that are made of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RenditionView {
    pub(crate) url: String,
    pub(crate) media_type: &'static str,
    pub(crate) width: u32,
}

/// Where the files of drafts are found by those who have a link to the draft.
const PREVIEWS: &str = "/media/previews/";

/// What stands in a path segment as it is (RFC 3986 section 3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl MediaBase {
    pub(crate) fn new(url: &Url) -> Self {
        Self { base: below(url), drawn: None }
    }

    /// Shows the pictures of this path under our address, whatever address we had when an article was written.
    pub(crate) fn with_drawn(self, path: &'static str, public_url: &Url) -> Self {
        Self { drawn: Some(Drawn { path, base: below(public_url) }), ..self }
    }

    /// Where the link to a draft shows the files of that draft, which are not public yet.
    pub(crate) fn of_preview(&self, secret: &str) -> Self {
        Self { base: format!("{}{PREVIEWS}{secret}", self.base).into(), drawn: self.drawn.clone() }
    }

    /// Sanitised HTML as readers get it.
    pub(crate) fn text<'a>(&self, html: &'a str) -> Cow<'a, str> {
        match &self.drawn {
            Some(Drawn { path, base }) if html.contains(path) => drawn_below(html, path, base).into(),
            _ => html.into(),
        }
    }

    /// Sanitised HTML with the addresses that its files have now.
    pub(crate) fn body(&self, html: &str) -> String {
        shown_below(html, &self.base)
    }

    /// A picture made of an image.
    pub(crate) fn rendition(&self, id: MediaId, rendition: Rendition) -> String {
        format!("{}/media/{id}/{rendition}", self.base)
    }

    /// A document, to be saved under its name.
    pub(crate) fn document(&self, id: MediaId, file_name: &str) -> String {
        format!("{}/media/{id}/original/{}", self.base, utf8_percent_encode(file_name, SEGMENT))
    }

    /// The pictures that differ: of those wider than the image only the narrowest, which is as wide as the image.
    pub(crate) fn renditions(&self, id: MediaId, width: u32) -> Vec<RenditionView> {
        let enough = WIDTHS.into_iter().find(|listed| *listed >= width).unwrap_or(u32::MAX);
        let listed = Rendition::all().filter(|rendition| rendition.width() <= enough);
        let view = |rendition: Rendition| RenditionView {
            url: self.rendition(id, rendition),
            media_type: rendition.coding().media_type(),
            width: rendition.width().min(width),
        };
        listed.map(view).collect()
    }

    /// The pictures of a cover that is of ours.
    pub(crate) fn renditions_of(&self, cover: &Cover) -> Vec<RenditionView> {
        cover.media.zip(cover.width).map_or_else(Vec::new, |(id, width)| self.renditions(id, width))
    }

    /// The cover under the address it has now.
    pub(crate) fn shown(&self, cover: Cover) -> Cover {
        match cover.media {
            Some(id) => Cover { url: self.rendition(id, Rendition::DEFAULT), ..cover },
            None => Cover { url: self.moved(cover.url), ..cover },
        }
    }

    fn moved(&self, url: String) -> String {
        let Some(Drawn { path, base }) = &self.drawn else { return url };
        match url.split_once(path) {
            Some((_, name)) => format!("{base}{path}{name}"),
            None => url,
        }
    }
}

fn below(url: &Url) -> Arc<str> {
    url.as_str().trim_end_matches('/').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_no_character_that_could_end_them() {
        let base = MediaBase::new(&"https://media.example/".parse().unwrap());
        let id = MediaId::from_uuid(uuid::Uuid::nil());
        let address = base.document(id, "Kế hoạch 1/2?.pdf");
        assert_eq!(
            address,
            format!("https://media.example/media/{id}/original/K%E1%BA%BF%20ho%E1%BA%A1ch%201%2F2%3F.pdf")
        );
    }

    #[test]
    fn what_the_server_draws_is_shown_under_the_address_that_it_has_now() {
        let [media, ours] = ["https://media.example/", "http://127.0.0.1:9/"].map(|url| url.parse().unwrap());
        let plain = MediaBase::new(&media);
        let base = plain.clone().with_drawn("/demo/covers/", &ours);
        let [before, now] = ["8080", "9"].map(|port| format!("http://127.0.0.1:{port}/demo/covers/bien-1.svg"));
        let cover =
            |url: &str| -> Cover { serde_json::from_value(serde_json::json!({"url": url, "alt": "Biển"})).unwrap() };
        assert_eq!(base.shown(cover(&before)).url, now);
        assert_eq!(base.shown(cover("https://b.example/x.jpg")).url, "https://b.example/x.jpg");
        assert_eq!(base.text(&format!("<img src=\"{before}\">")), format!("<img src=\"{now}\">"));
        assert_eq!(plain.shown(cover(&before)).url, before, "elsewhere the path is anybody's");
    }

    #[test]
    fn only_pictures_that_differ_are_offered() {
        let base = MediaBase::new(&"https://a.example".parse().unwrap());
        let widths = |width| -> Vec<u32> {
            base.renditions(MediaId::from_uuid(uuid::Uuid::nil()), width).iter().map(|it| it.width).collect()
        };
        assert_eq!(widths(200), [200, 200]);
        assert_eq!(widths(640), [320, 320, 640, 640]);
        assert_eq!(widths(700), [320, 320, 640, 640, 700, 700]);
        assert_eq!(widths(5_000).len(), 10);
    }
}
