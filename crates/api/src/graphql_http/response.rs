//! From an engine response or a refusal to status, headers and bytes.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::error::{GraphqlErrorCode, Refusal};
use super::guard::Cost;
use super::negotiate::MediaType;
use super::status::{Outcome, StatusProfile};

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The HTTP status.
    pub status: StatusCode,
    /// `Content-Type`; `Cache-Control: no-store` on everything with errors; `Allow` with 405.
    pub headers: HeaderMap,
    /// One JSON object.
    pub body: Bytes,
    /// No error of any kind: the only answers that may be stored.
    pub cacheable: bool,
}

/// Writes answers under one status profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Responder {
    profile: StatusProfile,
}

/// The members of an answer in the order in which they are written; errors first, so that they are seen.
#[derive(Serialize)]
struct Body<'a, E: Serialize> {
    #[serde(skip_serializing_if = "<[E]>::is_empty")]
    errors: &'a [E],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: BTreeMap<&'a str, Extension<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Extension<'a> {
    Engine(&'a Value),
    Cost(&'a Cost),
}

impl Responder {
    /// A responder for this profile.
    pub const fn new(profile: StatusProfile) -> Self {
        Self { profile }
    }

    /// The profile.
    pub const fn profile(self) -> StatusProfile {
        self.profile
    }

    /// An answer without `data`: the request was refused before execution.
    pub fn refuse(self, media: MediaType, refusal: &Refusal) -> Rendered {
        let status = self.profile.status(media, Outcome::Refused(refusal.code.class()));
        let errors = [refusal.to_json()];
        let body = Body { errors: &errors, data: None, extensions: BTreeMap::new() };
        let mut rendered = write(status, media, &body);
        if let Some(allow) = allowed_methods(refusal.code) {
            rendered.headers.insert(header::ALLOW, allow);
        }
        rendered
    }

    /// The answer of the engine, with the cost the guard found.
    ///
    /// A response that never [reached execution](reached_execution) has no `data` and gets the code
    /// `GRAPHQL_VALIDATION_FAILED` on every error that has none.
    pub fn answer(self, media: MediaType, mut response: Response, cost: Option<&Cost>) -> Rendered {
        let executed = reached_execution(&response);
        let outcome = match (executed, response.errors.is_empty()) {
            (false, _) => Outcome::Refused(GraphqlErrorCode::ValidationFailed.class()),
            (true, false) => Outcome::Partial,
            (true, true) => Outcome::Success,
        };
        if !executed {
            response.errors.iter_mut().for_each(mark_as_validation);
        }
        let mut extensions: BTreeMap<&str, Extension<'_>> =
            response.extensions.iter().map(|(name, value)| (name.as_str(), Extension::Engine(value))).collect();
        extensions.extend(cost.map(|cost| ("cost", Extension::Cost(cost))));
        let body = Body { errors: &response.errors, data: executed.then_some(&response.data), extensions };
        let mut rendered = write(self.profile.status(media, outcome), media, &body);
        for (name, value) in &response.http_headers {
            rendered.headers.entry(name).or_insert_with(|| value.clone());
        }
        rendered
    }
}

/// Did execution begin? The engine does not say so directly: an error before execution has no path and leaves `data`
/// null, while an error met during execution always carries the path of its field.
pub fn reached_execution(response: &Response) -> bool {
    response.data != Value::Null
        || response.errors.is_empty()
        || response.errors.iter().any(|error| !error.path.is_empty())
}

fn mark_as_validation(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", GraphqlErrorCode::ValidationFailed.as_str());
    }
}

fn allowed_methods(code: GraphqlErrorCode) -> Option<HeaderValue> {
    match code {
        GraphqlErrorCode::MethodNotAllowed => Some(HeaderValue::from_static("GET, HEAD, POST")),
        GraphqlErrorCode::MutationOverGet => Some(HeaderValue::from_static("POST")),
        _ => None,
    }
}

fn write<E: Serialize>(status: StatusCode, media: MediaType, body: &Body<'_, E>) -> Rendered {
    let cacheable = body.errors.is_empty();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    if !cacheable {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match serde_json::to_vec(body) {
        Ok(bytes) => Rendered { status, headers, body: bytes.into(), cacheable },
        // Only a custom scalar whose serialisation fails can lead here; the answer must still be well-formed.
        Err(error) => {
            tracing::error!(%error, "a GraphQL response could not be written");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Rendered { status, headers, body: Bytes::from_static(UNWRITABLE), cacheable: false }
        }
    }
}

const UNWRITABLE: &[u8] =
    br#"{"errors":[{"message":"The response could not be written.","extensions":{"code":"RESPONSE_UNWRITABLE"}}]}"#;
