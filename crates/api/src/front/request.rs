//! A request as it arrives: its id, its body, its token, and the key under which its answer is kept.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use uuid::Uuid;

use lienthong_app::ErrorCode;

use super::coding::Coding;
use super::config::ApiConfig;
use crate::problem::Problem;

/// The path at which queries may also come as POST.
pub(crate) const GRAPHQL: &str = "/graphql";

/// Below it lie the documents that clients have agreed on.
const DOCUMENTS: &str = "/graphql/documents/";

/// The page that is JSON for programs.
const ENTRANCE: &str = "/";

/// A request with its whole body.
pub(super) struct Arrived {
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    /// A file on its way, which nobody reads before it is permitted.
    pub(super) file: Option<Body>,
}

/// Whether a request brings a file: its body is not read into memory, and may take its time. Only with a token.
pub(crate) fn brings_file(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let is_file = match *method {
        Method::POST => path.starts_with("/v1/sites/") && path.ends_with("/media"),
        Method::PATCH => path.starts_with("/v1/uploads/"),
        _ => false,
    };
    is_file && headers.contains_key(header::AUTHORIZATION)
}

/// Whether a request asks for a file of a library.
pub(super) fn asks_for_file(path: &str) -> bool {
    path.starts_with("/media/")
}

/// Whether this is an address of the GraphQL endpoint, where a query is a read whatever its method. Without a token there
/// is nothing else: every mutation needs one.
pub(super) fn speaks_graphql(path: &str) -> bool {
    path == GRAPHQL || path.starts_with(DOCUMENTS)
}

/// Whether `Accept` decides the form of the answer at this address.
pub(super) fn negotiates(path: &str) -> bool {
    speaks_graphql(path) || path == ENTRANCE
}

impl Arrived {
    /// Reads the body, up to the limit that goes with the request.
    pub(super) async fn read(request: Request<Body>, config: &ApiConfig) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if names_nul(&parts) {
            return Err(Problem::detailed(ErrorCode::BadRequest, "the address holds a NUL character"));
        }
        if parts.method == Method::GET {
            return Ok(Self { parts, body: Bytes::new(), file: None });
        }
        if brings_file(&parts.method, parts.uri.path(), &parts.headers) {
            return Ok(Self { parts, body: Bytes::new(), file: Some(body) });
        }
        let has_token = parts.headers.contains_key(header::AUTHORIZATION);
        let limit = if has_token { config.body_bytes_with_token } else { config.body_bytes };
        let whole = tokio::time::timeout(for_body(config), axum::body::to_bytes(body, limit)).await;
        let body = whole.map_err(|_| Problem::of(ErrorCode::RequestTimeout))?.map_err(|error| unreadable(&error))?;
        Ok(Self { parts, body, file: None })
    }

    /// The bearer token, RFC 6750. Whatever else `Authorization` holds is an invalid token, and so are two of them: somebody
    /// in front may have looked at the other.
    pub(super) fn token(&self) -> Option<&str> {
        let mut values = self.parts.headers.get_all(header::AUTHORIZATION).iter();
        let value = values.next()?.to_str().unwrap_or_default();
        if values.next().is_some() {
            return Some("");
        }
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
    }

    /// The raw bytes that decide the answer: nothing is parsed to find it again. `None` for what is never kept.
    pub(super) fn key(&self, coding: Coding) -> Option<Box<[u8]>> {
        let Parts { method, uri, headers, .. } = &self.parts;
        let is_read = *method == Method::GET || (*method == Method::POST && speaks_graphql(uri.path()));
        if !is_read || asks_for_file(uri.path()) {
            return None;
        }
        let target = uri.path_and_query().map_or("", |target| target.as_str());
        let mut key = Vec::with_capacity(target.len() + self.body.len() + 64);
        key.push(coding as u8);
        key.push(u8::from(*method == Method::POST));
        key.extend_from_slice(target.as_bytes());
        if negotiates(uri.path()) {
            for name in [header::ACCEPT, header::CONTENT_TYPE] {
                key.push(0);
                for value in headers.get_all(name) {
                    key.extend_from_slice(value.as_bytes());
                    key.push(b',');
                }
            }
            key.push(0);
            key.extend_from_slice(&self.body);
        }
        Some(key.into_boxed_slice())
    }
}

/// No name and no text has one; scanners for holes send it. GraphQL speaks of its own parameters itself.
fn names_nul(parts: &Parts) -> bool {
    parts.uri.path() != GRAPHQL && parts.uri.path_and_query().is_some_and(|target| target.as_str().contains("%00"))
}

/// A body has four fifths of the time of its request: a client that sends too slowly is told so, before the whole runs out
/// and it looks as if we were at fault.
fn for_body(config: &ApiConfig) -> Duration {
    config.request_timeout.saturating_mul(4) / 5
}

/// Longer than it may be, or broken on its way, as a chunk of a wrong size is.
fn unreadable(error: &axum::Error) -> Problem {
    let causes = std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source());
    if causes.into_iter().any(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
        Problem::of(ErrorCode::TooLarge)
    } else {
        Problem::detailed(ErrorCode::BadRequest, "the body cannot be read")
    }
}

/// The id that a request gave itself in `X-Request-Id`, when it is one that can stand in a log, or a new one.
pub fn request_id(given: Option<&HeaderValue>) -> HeaderValue {
    given.filter(|value| is_id(value.as_bytes())).cloned().unwrap_or_else(|| {
        let mut text = [0; uuid::fmt::Simple::LENGTH];
        let text = Uuid::now_v7().simple().encode_lower(&mut text);
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("-"))
    })
}

fn is_id(value: &[u8]) -> bool {
    (8..=64).contains(&value.len())
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// What the log tells of an operation beyond its address; handlers put it into the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) operation: Option<String>,
    pub(crate) code: Option<Cow<'static, str>>,
}

/// Addresses with a part that lets whoever knows it in, as they are written at their routes up to that part.
pub(crate) const SECRET_ADDRESSES: [&str; 2] = ["/v1/previews/{secret}", "/media/previews/{secret}"];

/// The path as the log may show it: a secret in it is replaced by its name.
fn shown(path: &str) -> &str {
    secret_address(path).unwrap_or(path)
}

/// The address of [`SECRET_ADDRESSES`] that a path is one of.
pub(super) fn secret_address(path: &str) -> Option<&'static str> {
    let is_secret = |address: &&&str| address.split_once('{').is_some_and(|(before, _)| path.starts_with(before));
    SECRET_ADDRESSES.iter().find(is_secret).copied()
}

/// One line for each request: never bodies, tokens, secret addresses or query strings, which can hold names.
pub(super) fn log((method, path, id): (&Method, &str, &HeaderValue), response: &Response, elapsed: Duration) {
    let told = response.extensions().get::<Told>();
    tracing::info!(
        target: "lienthong::access",
        method = method.as_str(),
        path = shown(path),
        operation = told.and_then(|told| told.operation.as_deref()),
        status = response.status().as_u16(),
        ms = elapsed.as_secs_f64() * 1e3,
        request_id = id.to_str().unwrap_or_default(),
        code = told.and_then(|told| told.code.as_deref()),
        "request"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(method: &str, uri: &str, headers: &[(&'static str, &'static str)], body: &'static str) -> Arrived {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Arrived { parts, body: Bytes::from_static(body.as_bytes()), file: None }
    }

    #[test]
    fn the_log_shows_paths_without_their_secrets() {
        for (path, logged) in [
            ("/v1/previews/c2VjcmV0", "/v1/previews/{secret}"),
            ("/v1/previews/c2VjcmV0/more", "/v1/previews/{secret}"),
            ("/media/previews/c2VjcmV0/media/x/640.webp", "/media/previews/{secret}"),
            ("/v1/articles/tin-moi", "/v1/articles/tin-moi"),
            ("/", "/"),
        ] {
            assert_eq!(shown(path), logged);
        }
    }

    #[test]
    fn only_reads_have_a_key() {
        for (method, uri, kept) in [
            ("GET", "/v1/articles", true),
            ("POST", "/graphql", true),
            ("POST", "/graphql/documents/sha256:00", true),
            ("GET", "/media/x/640.webp", false),
            ("POST", "/v1/sites/x/articles", false),
            ("PUT", "/v1/entries/x", false),
        ] {
            assert_eq!(arrived(method, uri, &[], "").key(Coding::Identity).is_some(), kept, "{method} {uri}");
        }
    }

    #[test]
    fn whatever_can_change_the_answer_changes_the_key() {
        let key = |method, uri, headers, body, coding| arrived(method, uri, headers, body).key(coding).unwrap();
        let accept: &[_] = &[("accept", "application/json")];
        let keys = [
            key("POST", "/graphql", &[], "{a}", Coding::Identity),
            key("POST", "/graphql", &[], "{b}", Coding::Identity),
            key("POST", "/graphql", accept, "{a}", Coding::Identity),
            key("POST", "/graphql", &[("content-type", "application/json")], "{a}", Coding::Identity),
            key("POST", "/graphql", &[], "{a}", Coding::Gzip),
            key("GET", "/graphql?query={a}", &[], "", Coding::Identity),
            key("GET", "/v1/articles?first=1", &[], "", Coding::Identity),
            key("GET", "/v1/articles?first=2", &[], "", Coding::Identity),
            key("GET", "/graphql/documents/sha256:00", &[], "", Coding::Identity),
            key("GET", "/graphql/documents/sha256:00", accept, "", Coding::Identity),
            key("POST", "/graphql/documents/sha256:00", &[], "{}", Coding::Identity),
            key("POST", "/graphql/documents/sha256:00", &[], "", Coding::Identity),
            key("GET", "/", &[], "", Coding::Identity),
            key("GET", "/", accept, "", Coding::Identity),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(one), "{}", String::from_utf8_lossy(one));
        }
    }

    #[test]
    fn a_request_id_is_taken_over_only_when_it_can_stand_in_a_log() {
        let of = |value: &'static str| request_id(Some(&HeaderValue::from_static(value)));
        assert_eq!(of("0198-abc_DEF.1"), "0198-abc_DEF.1");
        for bad in ["short", "with space in it", "\"quoted-value\"", "a=b;c=d;e=f"] {
            assert_ne!(of(bad), bad);
            assert_eq!(of(bad).len(), 32);
        }
        assert_eq!(request_id(None).len(), 32);
    }

    #[test]
    fn anything_in_authorization_is_a_token_and_only_bearer_ones_are_read() {
        let token = |value| arrived("GET", "/", &[("authorization", value)], "").token().map(str::to_owned);
        assert_eq!(token("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(token("bearer  abc"), Some("abc".to_owned()));
        assert_eq!(token("Basic abc"), Some(String::new()));
        assert_eq!(token("abc"), Some(String::new()));
        assert_eq!(arrived("GET", "/", &[], "").token(), None);
    }
}
