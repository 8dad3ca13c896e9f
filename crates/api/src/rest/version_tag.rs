//! Versions as entity tags: `"v3"` is version 3 of an entry. An answer that was compressed on its way has another tag, such as
//! `"v3-gzip"`, which names the same version.

use http::header::IF_MATCH;
use http::{HeaderMap, HeaderValue};
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::entry::Version;

use crate::front::before_coding;
use crate::problem::Problem;

/// The entity tag of a version.
pub(super) fn entity_tag(version: Version) -> HeaderValue {
    HeaderValue::try_from(format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The version that a write was made against, from `If-Match` (RFC 9110 section 13.1.1). It has to name one: `*` would
/// overwrite what the writer has not seen.
pub(super) fn seen_version(headers: &HeaderMap) -> Result<Version, Problem> {
    let required = |detail: &str| Problem::detailed(ErrorCode::PreconditionRequired, detail);
    let mut values = headers.get_all(IF_MATCH).iter();
    let value = values.next().ok_or_else(|| required("send If-Match with the version read, such as \"v3\""))?;
    let tag = value.to_str().unwrap_or_default().trim();
    if tag == "*" || tag.contains(',') || values.next().is_some() {
        return Err(required("If-Match must name exactly the version read, such as \"v3\""));
    }
    let number = tag.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"')).map(before_coding);
    let number = number.filter(|number| is_number(number)).and_then(|number| number.parse().ok());
    number.map(Version::new).ok_or_else(|| Problem::of(ErrorCode::PreconditionFailed))
}

/// The problem of a write: a conflict with the version in `If-Match` is a failed precondition.
pub(super) fn failed(error: Error) -> Problem {
    match error.current_version() {
        None => error.into(),
        Some(current) => Problem {
            current_version: Some(current),
            ..Problem::detailed(ErrorCode::PreconditionFailed, error.to_string())
        },
    }
}

/// Without sign and leading zeros, so that each version has one tag.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(values: &[&str]) -> Result<u32, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, value.parse().unwrap());
        }
        seen_version(&headers).map(Version::get).map_err(|problem| problem.code.status())
    }

    #[test]
    fn if_match_names_exactly_one_version() {
        assert_eq!(seen(&["\"v3\""]), Ok(3));
        assert_eq!(seen(&[entity_tag(Version::new(4_294_967_295)).to_str().unwrap()]), Ok(u32::MAX));
        assert_eq!((seen(&["\"v3-gzip\""]), seen(&["\"v3-br\""])), (Ok(3), Ok(3)));
        for missing in [&[][..], &["*"], &["\"v3\", \"v4\""], &["\"v3\"", "\"v4\""]] {
            assert_eq!(seen(missing), Err(428), "{missing:?}");
        }
        for other in
            ["W/\"v3\"", "v3", "\"v03\"", "\"v+3\"", "\"v\"", "\"3\"", "\"v4294967296\"", "\"v3-zip\"", "\"v3", ""]
        {
            assert_eq!(seen(&[other]), Err(412), "{other:?}");
        }
    }
}
