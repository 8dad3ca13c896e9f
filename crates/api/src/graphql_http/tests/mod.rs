//! The whole road, with the engine at its end: what a client sends and what it gets.

mod portal;
mod traps;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::*;
use portal::Portal;

/// Text repeated with its number in it.
pub(super) fn numbered(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

/// One request, as a client would write it.
struct Sent {
    method: Method,
    headers: HeaderMap,
    query_string: Option<String>,
    body: Vec<u8>,
    path_document: Option<String>,
}

impl Sent {
    fn get(query_string: &str) -> Self {
        Self {
            method: Method::GET,
            headers: HeaderMap::new(),
            query_string: Some(query_string.to_owned()),
            body: Vec::new(),
            path_document: None,
        }
    }

    fn post(body: &serde_json::Value) -> Self {
        Self::post_bytes(body.to_string().as_bytes())
    }

    fn post_bytes(body: &[u8]) -> Self {
        let post = Self { method: Method::POST, query_string: None, body: body.to_vec(), ..Self::get("") };
        post.with(header::CONTENT_TYPE, "application/json")
    }

    fn query(document: &str) -> Self {
        Self::post(&serde_json::json!({ "query": document }))
    }

    fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    fn modern(self) -> Self {
        self.with(header::ACCEPT, "application/graphql-response+json")
    }
}

/// What came back.
struct Got {
    status: u16,
    headers: HeaderMap,
    json: serde_json::Value,
}

impl Got {
    fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or("no code")
    }
}
