//! Cross-origin requests (Fetch standard): public reads are open to every origin, without credentials; writes and
//! tokens only from listed origins.

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Resumable, Upload-Expires, Upload-Length, \
     Upload-Media, Upload-Offset, X-Request-Id",
);
const READ_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");
const ALL_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const READ_HEADERS: HeaderValue = HeaderValue::from_static("Accept, Content-Type, If-None-Match, X-Request-Id");
const ALL_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Tus-Resumable, Upload-Length, \
     Upload-Metadata, Upload-Offset, X-Request-Id",
);
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The answer to a preflight request; `None` when the request is none.
pub(super) fn preflight(method: &Method, request: &HeaderMap, origins: &[String]) -> Option<(StatusCode, HeaderMap)> {
    if method != Method::OPTIONS || !request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut answer = HeaderMap::new();
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = listed(request.get(header::ORIGIN), origins) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALL_METHODS);
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALL_HEADERS);
    } else {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, READ_METHODS);
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, READ_HEADERS);
    }
    Some((StatusCode::NO_CONTENT, answer))
}

/// Adds what lets a browser read the answer.
pub(super) fn allow((origin, has_token): (Option<&HeaderValue>, bool), origins: &[String], answer: &mut HeaderMap) {
    answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if !has_token {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    } else if let Some(origin) = listed(origin, origins) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
    }
}

fn listed<'a>(origin: Option<&'a HeaderValue>, origins: &[String]) -> Option<&'a HeaderValue> {
    origin.filter(|origin| origins.iter().any(|listed| listed.as_bytes() == origin.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    fn origins() -> Vec<String> {
        vec!["https://desk.hatinh.example".to_owned()]
    }

    #[test]
    fn a_stranger_may_read_and_nothing_else() {
        let request = headers(&[("origin", "https://evil.example"), ("access-control-request-method", "PUT")]);
        let (_, answer) = preflight(&Method::OPTIONS, &request, &origins()).unwrap();
        assert_eq!(answer["access-control-allow-methods"], "GET, HEAD, POST");
        assert!(!answer["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
        assert!(!answer.contains_key("access-control-allow-credentials"));
    }

    #[test]
    fn a_listed_origin_may_write_with_a_token() {
        let request = headers(&[("origin", "https://desk.hatinh.example"), ("access-control-request-method", "PUT")]);
        let (_, answer) = preflight(&Method::OPTIONS, &request, &origins()).unwrap();
        assert_eq!(answer["access-control-allow-origin"], "https://desk.hatinh.example");
        assert!(answer["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
    }

    #[test]
    fn answers_to_a_token_are_readable_for_listed_origins_only() {
        let mut answer = HeaderMap::new();
        let evil = HeaderValue::from_static("https://evil.example");
        allow((Some(&evil), true), &origins(), &mut answer);
        assert!(!answer.contains_key("access-control-allow-origin"));
        allow((Some(&evil), false), &origins(), &mut answer);
        assert_eq!(answer["access-control-allow-origin"], "*");
    }
}
