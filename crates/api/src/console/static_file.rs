//! A body that never changes while the process runs. The front door gives it its validators, one for each coding.

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

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

/// One file: body, type and lifetime.
#[derive(Debug, Clone)]
pub(super) struct StaticFile {
    pub(super) body: Bytes,
    pub(super) content_type: &'static str,
    pub(super) caching: Caching,
}

impl StaticFile {
    /// The file.
    pub(super) fn respond(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.caching.directive()));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
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
