//! What a POST body may declare itself to be.

use http::{HeaderMap, HeaderValue, header};

use super::RequestError;

/// Exactly one `Content-Type: application/json`, charset UTF-8 if given, and no content coding.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), RequestError> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(RequestError::UnsupportedMediaType);
    };
    if !value.to_str().is_ok_and(is_json) {
        return Err(RequestError::UnsupportedMediaType);
    }
    let identity = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(identity) {
        return Err(RequestError::UnsupportedContentEncoding);
    }
    Ok(())
}

fn is_json(value: &str) -> bool {
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json") && parts.all(is_utf8_or_no_charset)
}

fn is_utf8_or_no_charset(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}
