//! Query parameters: typed, and refused by name when they are unknown or unreadable.

use std::borrow::Cow;

use axum::extract::{FromRequestParts, Query};
use http::Uri;
use http::request::Parts;
use lienthong_app::ErrorCode;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use url::form_urlencoded::parse;

use crate::problem::Problem;

/// The parameters of a request. `T` lists the allowed ones and denies unknown fields.
pub(super) struct Parameters<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        read(&parts.uri).map(Self)
    }
}

/// Reads the parameters of an address.
pub(crate) fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
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

/// Refuses parameters that are not among `known`, with those that are allowed. What is known and not allowed is for others to
/// refuse, who can say why.
pub(crate) fn refuse_unknown(uri: &Uri, known: &[&str], is_allowed: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let mut given = parse(uri.query().unwrap_or_default().as_bytes());
    let Some((name, _)) = given.find(|(name, _)| !known.contains(&name.as_ref())) else { return Ok(()) };
    let allowed: Vec<String> = known.iter().filter(|name| is_allowed(name)).map(|name| format!("`{name}`")).collect();
    Err(Problem::field(ErrorCode::BadRequest, name.into_owned(), not_known(&format!("one of {}", allowed.join(", ")))))
}

/// Splits what the decoder says into the name that is concerned and the rule: `first: invalid digit …` and
/// ``unknown field `sort`, expected …`` both name theirs.
pub(super) fn named(message: &str) -> (Cow<'static, str>, String) {
    let (path, text) = match message.split_once(": ") {
        Some((path, text)) if !path.contains(' ') => (path, text),
        _ => ("query", message),
    };
    let quoted = || text.split('`').nth(1).unwrap_or_default().to_owned().into();
    if text.starts_with("unknown field") {
        let allowed = text.split_once(", expected ").map_or("nothing", |(_, allowed)| allowed);
        return (quoted(), not_known(allowed));
    }
    if text.starts_with("missing field") {
        return (quoted(), "is missing".to_owned());
    }
    if text.starts_with("duplicate field") {
        return (quoted(), "is given twice".to_owned());
    }
    (path.to_owned().into(), text.to_owned())
}

fn not_known(allowed: &str) -> String {
    format!("is not known; allowed is {allowed}")
}
