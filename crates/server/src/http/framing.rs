//! What hyper lets through although two programs on the way could read it differently (RFC 9112): the proxy in front and
//! we must agree on whose request it is and where it ends.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, Version, header};
use axum::response::IntoResponse as _;

/// Answers a request without a host, or with two (RFC 9112 section 3.2): a proxy could route it by the one and we answer
/// for the other.
pub(super) fn refusal<B>(request: &Request<B>) -> Option<Response<Body>> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let is_wrong = hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11);
    is_wrong.then(|| (StatusCode::BAD_REQUEST, "a request names its host once\n").into_response())
}

/// Whether nothing may follow on the connection: with `Transfer-Encoding` there may have been a `Content-Length` beside it,
/// which hyper takes away (RFC 9112 section 6.1). Whoever counted by that one would take the rest of the body for a
/// request of its own.
pub(super) fn is_last<B>(request: &Request<B>) -> bool {
    request.headers().contains_key(header::TRANSFER_ENCODING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(version: Version, headers: &[(&str, &str)]) -> Request<()> {
        let request = Request::builder().version(version).uri("/");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
    }

    #[test]
    fn a_request_names_its_host_once_unless_it_is_older_than_hosts() {
        for (version, headers, is_refused) in [
            (Version::HTTP_11, &[("host", "a")][..], false),
            (Version::HTTP_11, &[], true),
            (Version::HTTP_11, &[("host", "a"), ("host", "a")], true),
            (Version::HTTP_10, &[], false),
            (Version::HTTP_10, &[("host", "a"), ("host", "b")], true),
        ] {
            assert_eq!(refusal(&request(version, headers)).is_some(), is_refused, "{version:?} {headers:?}");
        }
    }

    #[test]
    fn nothing_follows_a_body_in_chunks() {
        assert!(is_last(&request(Version::HTTP_11, &[("transfer-encoding", "chunked")])));
        assert!(!is_last(&request(Version::HTTP_11, &[("content-length", "3")])));
    }
}
