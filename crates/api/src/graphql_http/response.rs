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
    /// No error of any kind. Only such answers may be stored, and only those to queries.
    pub cacheable: bool,
}

/// The engine reports a conflict once for every selection set around it, so that a small document can call forth megabytes
/// of errors. Nobody reads more than a screenful.
const MOST_VALIDATION_ERRORS: usize = 20;

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
            response.errors.truncate(MOST_VALIDATION_ERRORS);
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

/// Serialisation can only fail in a custom scalar; the answer must be well-formed even then.
fn write<E: Serialize>(status: StatusCode, media: MediaType, body: &Body<'_, E>) -> Rendered {
    match serde_json::to_vec(body) {
        Ok(bytes) => with_headers(status, media, bytes.into(), body.errors.is_empty()),
        Err(error) => {
            tracing::error!(%error, "a GraphQL response could not be written");
            let refusal = Refusal::from(GraphqlErrorCode::ResponseUnwritable);
            let bytes = serde_json::json!({ "errors": [refusal.to_json()] }).to_string();
            with_headers(StatusCode::INTERNAL_SERVER_ERROR, media, bytes.into(), false)
        }
    }
}

fn with_headers(status: StatusCode, media: MediaType, body: Bytes, cacheable: bool) -> Rendered {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, media.content_type());
    if !cacheable {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Rendered { status, headers, body, cacheable }
}

#[cfg(test)]
mod tests {
    use async_graphql::{PathSegment, Pos, value};
    use serde_json::json;

    use super::*;
    use crate::graphql_http::error::Exceeded;

    const ESTABLISHED: Responder = Responder::new(StatusProfile::Established);

    fn json_of(rendered: &Rendered) -> serde_json::Value {
        serde_json::from_slice(&rendered.body).unwrap()
    }

    fn failed_at(path: &str) -> ServerError {
        let mut error = ServerError::new("no", Some(Pos { line: 1, column: 2 }));
        error.path = vec![PathSegment::Field(path.to_owned())];
        error
    }

    #[test]
    fn a_refusal_has_no_data_and_is_never_stored() {
        let exceeded = Some(Exceeded { limit: 12, actual: 13 });
        let location = Some(Pos { line: 3, column: 4 });
        let rendered = ESTABLISHED
            .refuse(MediaType::GraphqlResponse, &Refusal { code: GraphqlErrorCode::TooDeep, exceeded, location });
        assert_eq!((rendered.status.as_u16(), rendered.cacheable), (400, false));
        assert_eq!(rendered.headers[header::CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
        assert_eq!(rendered.headers[header::CACHE_CONTROL], "no-store");
        let expected = json!({"errors": [{
            "message": "Fields are nested too deeply.",
            "locations": [{"line": 3, "column": 4}],
            "extensions": {
                "code": "TOO_DEEP", "messageVi": "Các trường lồng nhau quá sâu.", "limit": 12, "actual": 13
            },
        }]});
        assert_eq!(json_of(&rendered), expected);
    }

    #[test]
    fn the_allow_header_says_what_would_have_worked() {
        let allow =
            |code: GraphqlErrorCode| ESTABLISHED.refuse(MediaType::Json, &code.into()).headers[header::ALLOW].clone();
        assert_eq!(allow(GraphqlErrorCode::MethodNotAllowed), "GET, HEAD, POST");
        assert_eq!(allow(GraphqlErrorCode::MutationOverGet), "POST");
    }

    #[test]
    fn an_answer_carries_data_extensions_and_cost() {
        let response = Response::new(value!({"a": 1})).extension("trace", value!("x"));
        let cost = Cost { points: 4, nodes: 3, depth: 2, fields: 1 };
        let rendered = ESTABLISHED.answer(MediaType::Json, response, Some(&cost));
        assert_eq!((rendered.status.as_u16(), rendered.cacheable), (200, true));
        assert!(!rendered.headers.contains_key(header::CACHE_CONTROL), "caching of good answers is decided elsewhere");
        let expected = json!({
            "data": {"a": 1},
            "extensions": {"cost": {"points": 4, "nodes": 3, "depth": 2, "fields": 1}, "trace": "x"},
        });
        assert_eq!(json_of(&rendered), expected);
    }

    #[test]
    fn data_is_absent_before_execution_and_null_after_it() {
        let before = Response::from_errors(vec![ServerError::new("Unknown field", None)]);
        let during = Response::from_errors(vec![failed_at("a")]);
        let draft = Responder::new(StatusProfile::Draft2026);
        let before = draft.answer(MediaType::GraphqlResponse, before, None);
        let during = draft.answer(MediaType::GraphqlResponse, during, None);
        assert_eq!((before.status.as_u16(), during.status.as_u16()), (422, 294));
        assert_eq!(json_of(&before).get("data"), None);
        assert_eq!(json_of(&before)["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(json_of(&during).get("data"), Some(&json!(null)));
        assert_eq!(json_of(&during)["errors"][0].get("extensions"), None, "codes of resolvers are left alone");
        assert!(!before.cacheable && !during.cacheable);
    }

    #[test]
    fn a_flood_of_validation_errors_is_cut_short() {
        let flood = (0..1_000).map(|n| ServerError::new(format!("{n}"), None)).collect();
        let rendered = ESTABLISHED.answer(MediaType::Json, Response::from_errors(flood), None);
        assert_eq!(json_of(&rendered)["errors"].as_array().map(Vec::len), Some(MOST_VALIDATION_ERRORS));
    }

    #[test]
    fn headers_set_by_a_resolver_cannot_replace_ours() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        headers.insert(header::ETAG, HeaderValue::from_static("\"1\""));
        let rendered = ESTABLISHED.answer(MediaType::Json, Response::new(value!({})).http_headers(headers), None);
        assert_eq!(rendered.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert_eq!(rendered.headers[header::ETAG], "\"1\"");
    }
}
