//! Cross-origin requests (Fetch standard): public reads are open to every origin, without credentials; everything else is
//! for listed origins.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};

use super::request::{secret_address, speaks_graphql};

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Resumable, Upload-Expires, Upload-Length, \
     Upload-Media, Upload-Offset, X-Request-Id",
);
const READ_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");
const QUERY_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");
const ALL_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const READ_HEADERS: HeaderValue = HeaderValue::from_static("Accept, Content-Type, If-None-Match, X-Request-Id");
const ALL_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Tus-Resumable, Upload-Length, \
     Upload-Metadata, Upload-Offset, X-Request-Id",
);
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
const VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Below it people sign in: what is answered there is for whoever asked and nobody else.
const SIGNING_IN: &str = "/v1/auth/";

/// The pages with which the answer to a request is shared. Decided here and nowhere else, by what the request is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// A public read: whoever asks gets the same.
    Everybody,
    /// Anything else, asked from this origin, which is listed.
    Listed(HeaderValue),
    /// Anything else.
    Nobody,
}

impl Sharing {
    pub(super) fn of(request: &Request<Body>, origins: &[String]) -> Self {
        if is_public_read(request) {
            return Self::Everybody;
        }
        let origin = request.headers().get(header::ORIGIN);
        let is_listed = |origin: &&HeaderValue| origins.iter().any(|listed| listed.as_bytes() == origin.as_bytes());
        origin.filter(is_listed).map_or(Self::Nobody, |origin| Self::Listed(origin.clone()))
    }

    /// The answer to a preflight request; `None` when the request is none.
    pub(super) fn preflight(&self, request: &Request<Body>) -> Option<(StatusCode, HeaderMap)> {
        planned(request)?;
        let mut answer = HeaderMap::new();
        answer.insert(header::VARY, VARY);
        let (methods, headers) = match self {
            Self::Everybody if speaks_graphql(request.uri().path()) => (QUERY_METHODS, READ_HEADERS),
            Self::Everybody => (READ_METHODS, READ_HEADERS),
            Self::Listed(_) => (ALL_METHODS, ALL_HEADERS),
            Self::Nobody => return Some((StatusCode::NO_CONTENT, answer)),
        };
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, headers);
        answer.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        Some((StatusCode::NO_CONTENT, answer))
    }

    /// Adds what lets a browser read the answer.
    pub(super) fn allow(self, answer: &mut HeaderMap) {
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        let origin = match self {
            Self::Everybody => {
                answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
                return;
            }
            Self::Listed(origin) => Some(origin),
            Self::Nobody => None,
        };
        // Also without an origin: no cache may give to one what was said to another.
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = origin {
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }
}

/// Whether a request, or the one that a preflight announces, reads what is public: without a token, not for signing in, and
/// not by the secret of a link.
fn is_public_read(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    let (method, has_token) = match planned(request) {
        Some(method) => (method.as_bytes(), announces_token(request.headers())),
        None => (request.method().as_str().as_bytes(), request.headers().contains_key(header::AUTHORIZATION)),
    };
    let is_read = match method {
        b"GET" | b"HEAD" => true,
        b"POST" => speaks_graphql(path),
        _ => false,
    };
    is_read && !has_token && !path.starts_with(SIGNING_IN) && secret_address(path).is_none()
}

/// The method that a preflight request asks for.
fn planned(request: &Request<Body>) -> Option<&HeaderValue> {
    if request.method() != Method::OPTIONS {
        return None;
    }
    request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether a preflight request announces a token.
fn announces_token(request: &HeaderMap) -> bool {
    let announced = request.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let mut names = announced.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    names.any(|name| name.trim_ascii().eq_ignore_ascii_case(header::AUTHORIZATION.as_str().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: &str = "https://desk.hatinh.example";
    const STRANGER: &str = "https://evil.example";

    fn asked(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
        let request = Request::builder().method(method).uri(path);
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .body(Body::empty())
            .unwrap()
    }

    fn origins() -> Vec<String> {
        vec![DESK.to_owned()]
    }

    /// What the headers of an answer are once it is shared; of a preflight its own too.
    fn answered(request: &Request<Body>) -> HeaderMap {
        let sharing = Sharing::of(request, &origins());
        let mut answer = sharing.preflight(request).map(|(_, headers)| headers).unwrap_or_default();
        sharing.allow(&mut answer);
        assert!(!answer.contains_key("access-control-allow-credentials"));
        answer
    }

    fn allowed(request: &Request<Body>) -> Option<String> {
        let answer = answered(request);
        Some(answer.get("access-control-allow-origin")?.to_str().unwrap().to_owned())
    }

    /// The same request itself, and as a preflight announces it.
    fn both(method: &str, path: &str, origin: &str, has_token: bool) -> [Request<Body>; 2] {
        let mut own = vec![("origin", origin)];
        let mut announced = vec![("origin", origin), ("access-control-request-method", method)];
        if has_token {
            own.push(("authorization", "Bearer x"));
            announced.push(("access-control-request-headers", "content-type,Authorization"));
        } else {
            announced.push(("access-control-request-headers", "content-type"));
        }
        [asked(method, path, &own), asked("OPTIONS", path, &announced)]
    }

    #[test]
    fn public_reads_are_for_everybody() {
        for (method, path) in [
            ("GET", "/v1/articles"),
            ("GET", "/feeds.opml"),
            ("GET", "/.well-known/jwks.json"),
            ("GET", "/graphql?query=%7Ba%7D"),
            ("POST", "/graphql"),
            ("POST", "/graphql/documents/sha256:00"),
        ] {
            for request in [STRANGER, DESK].into_iter().flat_map(|origin| both(method, path, origin, false)) {
                assert_eq!(allowed(&request).as_deref(), Some("*"), "{request:?}");
            }
        }
    }

    #[test]
    fn everything_else_is_for_listed_origins() {
        for (method, path, has_token) in [
            ("POST", "/v1/auth/sign-in", false),
            ("POST", "/v1/auth/refresh", false),
            ("POST", "/v1/auth/password", false),
            ("POST", "/v1/auth/oidc/session", false),
            ("GET", "/v1/auth/oidc", false),
            ("POST", "/v1/sites/x/articles", false),
            ("PUT", "/v1/entries/x", false),
            ("DELETE", "/v1/uploads/x", false),
            ("GET", "/v1/previews/c2VjcmV0", false),
            ("GET", "/v1/articles", true),
            ("POST", "/graphql", true),
        ] {
            for request in both(method, path, STRANGER, has_token) {
                assert_eq!(allowed(&request), None, "{request:?}");
                assert!(!answered(&request).contains_key("access-control-allow-methods"), "{request:?}");
                assert!(answered(&request).get_all("vary").iter().any(|vary| vary == "Origin"), "{request:?}");
            }
            for request in both(method, path, DESK, has_token) {
                assert_eq!(allowed(&request).as_deref(), Some(DESK), "{request:?}");
            }
        }
    }

    #[test]
    fn a_preflight_allows_what_the_request_is_and_no_more() {
        let preflight = |method, path, origin, has_token| {
            let [_, announced] = both(method, path, origin, has_token);
            let answer = answered(&announced);
            ["methods", "headers"].map(|of| answer[format!("access-control-allow-{of}")].to_str().unwrap().to_owned())
        };
        let [methods, headers] = preflight("POST", "/graphql", STRANGER, false);
        assert_eq!(methods, "GET, HEAD, POST");
        assert!(headers.contains("Content-Type") && !headers.contains("Authorization"), "{headers}");
        assert_eq!(preflight("GET", "/v1/articles", STRANGER, false)[0], "GET, HEAD");
        let [methods, headers] = preflight("PUT", "/v1/entries/x", DESK, true);
        assert!(methods.contains("PUT") && headers.contains("Authorization"), "{methods} {headers}");
    }

    #[test]
    fn options_that_announce_nothing_are_no_preflight() {
        let request = asked("OPTIONS", "/v1/uploads", &[("origin", STRANGER)]);
        let sharing = Sharing::of(&request, &origins());
        assert_eq!((sharing.preflight(&request), sharing), (None, Sharing::Nobody));
    }
}
