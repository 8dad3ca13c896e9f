//! Query parameters: typed, and refused by name when they are unknown or unreadable.

use std::borrow::Cow;

use axum::extract::{FromRequestParts, Query};
use http::Uri;
use http::request::Parts;
use lienthong_app::ErrorCode;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The parameters of a request. `T` lists the allowed ones and denies unknown fields.
pub(super) struct Parameters<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        read(&parts.uri).map(Self)
    }
}

fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    let raw = uri.query().unwrap_or_default();
    if percent_decode_str(raw).decode_utf8().is_err() {
        return Err(Problem::field(ErrorCode::BadRequest, "query", "must be percent-encoded UTF-8"));
    }
    let read = Query::<T>::try_from_uri(uri).map_err(|rejection| {
        let text = rejection.body_text();
        let (_, message) = text.split_once(": ").unwrap_or(("", &text));
        let (name, rule) = named(message);
        Problem::field(ErrorCode::BadRequest, name, rule)
    })?;
    Ok(read.0)
}

/// Splits what the decoder says into the name that is concerned and the rule: `first: invalid digit …` and
/// ``unknown field `sort`, expected …`` both name theirs.
pub(super) fn named(message: &str) -> (Cow<'static, str>, String) {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if let Some(allowed) = message.strip_prefix(&format!("unknown field `{quoted}`")) {
        return (quoted.to_owned().into(), format!("is not known{}", allowed.replacen(", expected", "; allowed:", 1)));
    }
    if message.starts_with("missing field") || message.starts_with("duplicate field") {
        let rule = if message.starts_with("missing") { "is missing" } else { "is given twice" };
        return (quoted.to_owned().into(), rule.to_owned());
    }
    match message.split_once(": ") {
        Some((name, rule)) if !name.contains(' ') => (name.to_owned().into(), rule.to_owned()),
        _ => ("query".into(), message.to_owned()),
    }
}
