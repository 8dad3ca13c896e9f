//! Our own addresses, absolute: behind a proxy only the configuration knows them.

use url::Url;

/// Makes addresses below our public one, which may have a path of its own.
#[derive(Clone, Copy)]
pub(super) struct Ours<'a>(pub(super) &'a Url);

impl Ours<'_> {
    /// The address with these path segments.
    pub(super) fn at(self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// The feed of a place in a format.
    pub(super) fn feed(self, collection: &str, key: &str, extension: &str) -> Url {
        self.at(&["feeds", collection, &format!("{key}.{extension}")])
    }

    /// A sitemap of a site.
    pub(super) fn sitemap(self, host: &str, name: impl std::fmt::Display) -> Url {
        self.at(&["sitemaps", host, &format!("{name}.xml")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_below_the_public_one_whether_it_ends_in_a_slash_or_not() {
        for (public, expected) in [
            ("https://api.example.vn", "https://api.example.vn/feeds/sites/a.vn.rss"),
            ("https://api.example.vn/", "https://api.example.vn/feeds/sites/a.vn.rss"),
            ("https://example.vn:8443/noi-dung", "https://example.vn:8443/noi-dung/feeds/sites/a.vn.rss"),
            ("https://example.vn/noi-dung/?x=1#y", "https://example.vn/noi-dung/feeds/sites/a.vn.rss"),
        ] {
            assert_eq!(Ours(&public.parse().unwrap()).feed("sites", "a.vn", "rss").as_str(), expected);
        }
    }

    #[test]
    fn a_key_cannot_leave_its_segment() {
        let url = Ours(&"https://a.vn".parse().unwrap()).feed("sites", "../x?y#z", "rss");
        assert_eq!(url.as_str(), "https://a.vn/feeds/sites/..%2Fx%3Fy%23z.rss");
    }
}
