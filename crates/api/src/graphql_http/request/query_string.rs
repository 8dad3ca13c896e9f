//! GET: parameters as `application/x-www-form-urlencoded`, objects as JSON text (GraphQL-over-HTTP section 5.3).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::body::refine;
use super::parameters::Parameters;
use super::{RequestError, RequestLimits};

pub(super) fn read(text: Option<&str>, limits: &RequestLimits) -> Result<Parameters, RequestError> {
    let text = text.unwrap_or_default();
    if text.len() > limits.query_string_bytes {
        return Err(RequestError::UriTooLong { limit: limits.query_string_bytes, actual: text.len() });
    }
    let mut raw = Raw::default();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        raw.set(&name, value)?;
    }
    Ok(Parameters {
        query: raw.query,
        operation_name: raw.operation_name,
        variables: raw.variables.map(|text| object(&text)).transpose()?.flatten(),
        extensions: raw.extensions.map(|text| object(&text)).transpose()?.flatten(),
        document_id: raw.document_id,
    })
}

#[derive(Default)]
struct Raw {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
    document_id: Option<String>,
}

impl Raw {
    /// A parameter given twice is refused: a cache or filter in front may have looked at the other one.
    fn set(&mut self, name: &str, value: Cow<'_, str>) -> Result<(), RequestError> {
        let slot = match name {
            "query" => &mut self.query,
            "operationName" => &mut self.operation_name,
            "variables" => &mut self.variables,
            "extensions" => &mut self.extensions,
            "documentId" => &mut self.document_id,
            _ => return Ok(()),
        };
        if slot.is_some() {
            return Err(RequestError::Malformed);
        }
        *slot = Some(value.into_owned());
        Ok(())
    }
}

fn decode(text: &str) -> Result<Cow<'_, str>, RequestError> {
    if !text.contains(['+', '%']) {
        return Ok(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| RequestError::Malformed)?;
    Ok(Cow::Owned(decoded.into_owned()))
}

/// A JSON object or `null`; the empty string counts as absent.
fn object<T: DeserializeOwned>(text: &str) -> Result<Option<T>, RequestError> {
    match text.trim_start().as_bytes().first() {
        None => Ok(None),
        Some(b'[') => Err(RequestError::Malformed),
        Some(_) => serde_json::from_str(text).map_err(|error| refine(&error, text.as_bytes())),
    }
}
