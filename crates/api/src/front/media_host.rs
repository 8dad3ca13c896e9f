//! A host for media and nothing else, where one is configured: a file that a browser takes for a page after all then stands
//! on an origin that holds nothing.

use axum::body::Body;
use http::{Request, header};
use url::Url;

use super::request::asks_for_file;

/// The authority under which media are asked for, such as `media.hatinh.gov.vn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaHost(String);

impl MediaHost {
    /// `None` when media are served on the same host as everything else.
    pub(super) fn beside(public: &Url, media: Option<&Url>) -> Option<Self> {
        let media = authority(media?);
        (media != authority(public)).then_some(Self(media))
    }

    /// Whether the request came to this host.
    pub(super) fn is_named_by(&self, request: &Request<Body>) -> bool {
        let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let asked = asked.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
        asked.is_some_and(|asked| asked.eq_ignore_ascii_case(&self.0))
    }

    /// Whether the request came to the wrong host: here there are only media, and elsewhere there are none.
    pub(super) fn refuses(&self, request: &Request<Body>) -> bool {
        self.is_named_by(request) != asks_for_file(request.uri().path())
    }
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(host: &str, path: &str) -> bool {
        let [public, media] = ["https://api.example/", "https://media.example/"].map(|url| url.parse::<Url>().unwrap());
        let host_only = MediaHost::beside(&public, Some(&media)).unwrap();
        host_only.refuses(&Request::get(path).header("host", host).body(Body::empty()).unwrap())
    }

    #[test]
    fn each_host_serves_its_own_and_nothing_else() {
        assert!(!refused("media.example", "/media/x/640.webp") && !refused("MEDIA.example", "/media/x/640.webp"));
        assert!(refused("media.example", "/graphql") && refused("media.example", "/"));
        assert!(refused("api.example", "/media/x/640.webp") && !refused("api.example", "/v1/articles"));
        assert!(refused("other.example", "/media/x/640.webp"));
    }

    #[test]
    fn without_a_host_of_their_own_media_are_served_with_the_rest() {
        let url: Url = "https://api.example/".parse().unwrap();
        assert_eq!(MediaHost::beside(&url, None), None);
        assert_eq!(MediaHost::beside(&url, Some(&"https://api.example/x/".parse().unwrap())), None);
        assert!(MediaHost::beside(&url, Some(&"https://api.example:8443/".parse().unwrap())).is_some());
    }
}
