//! A body that never changes while the process runs, served with a validator.

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};

/// How long a client may keep a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Caching {
    /// The address carries the digest of the content, so it never changes meaning (RFC 8246).
    Immutable,
    /// The address stays and the content follows the release: ask again after a day.
    Daily,
    /// A page that names the current assets: always ask, mostly answered by 304.
    Revalidate,
}

/// One file: body, type, validator and lifetime.
#[derive(Debug, Clone)]
pub(super) struct StaticFile {
    pub(super) body: Bytes,
    pub(super) content_type: &'static str,
    /// Strong entity tag with its quotes (RFC 9110 section 8.8.3).
    pub(super) etag: String,
    pub(super) caching: Caching,
}

impl StaticFile {
    /// The file, or 304 when the client names the tag it already holds.
    pub(super) fn respond(&self, request: &HeaderMap) -> Response {
        let known = names_tag(request, &self.etag);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(self.body.clone()) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.caching.directive()));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.extend(HeaderValue::try_from(&self.etag).map(|etag| (ETAG, etag)));
        response
    }
}

impl Caching {
    const fn directive(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Daily => "public, max-age=86400",
            Self::Revalidate => "no-cache",
        }
    }
}

/// `If-None-Match` by weak comparison (RFC 9110 section 13.1.2): `*`, or a list that holds the tag. A proxy that
/// compresses on the way may have marked it weak.
fn names_tag(request: &HeaderMap, etag: &str) -> bool {
    let fields = request.get_all(IF_NONE_MATCH).iter().filter_map(|field| field.to_str().ok());
    fields
        .flat_map(|field| field.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
