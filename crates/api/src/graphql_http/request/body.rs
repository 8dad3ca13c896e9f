//! POST: one JSON object.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::parameters::Parameters;
use super::{RequestError, RequestLimits};

/// Read a JSON body. Nesting is bounded by the 128 levels of `serde_json`; unknown members are skipped without recursion.
pub(super) fn read(body: &[u8], limits: &RequestLimits) -> Result<Parameters, RequestError> {
    if body.len() > limits.body_bytes {
        return Err(RequestError::BodyTooLarge { limit: limits.body_bytes, actual: body.len() });
    }
    // A derived struct also reads from an array, so the outermost form is checked first.
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => serde_json::from_slice(body).map_err(|error| refine(&error, body)),
        Some(b'[') => Err(RequestError::BatchNotSupported),
        _ if serde_json::from_slice::<IgnoredAny>(body).is_ok() => Err(RequestError::Malformed),
        _ => Err(RequestError::NotJson),
    }
}

/// JSON of the wrong shape is understood and refused; anything else could not be read. A wrong type may come to light
/// before a fault of syntax further on, so the text is read to its end.
pub(super) fn refine(error: &serde_json::Error, text: &[u8]) -> RequestError {
    match error.classify() {
        Category::Data if serde_json::from_slice::<IgnoredAny>(text).is_ok() => RequestError::Malformed,
        _ => RequestError::NotJson,
    }
}
