//! An answer, encoded and tagged: what is kept in memory and sent to clients.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use lienthong_app::ErrorCode;
use lienthong_app::queries::Tags;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::scope::{Place, ReferenceSet, ScopeKey, Subject};

use super::caching;
use super::coding::Coding;
use super::request::Told;
use crate::problem::Problem;

/// An answer for everybody.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    /// Without what belongs to a moment.
    headers: HeaderMap,
    body: Bytes,
    entity_tag: HeaderValue,
    told: Option<Told>,
    forbids_caching: bool,
}

/// Largest answer that is read into memory.
const MAX_BYTES: usize = 64 << 20;

impl Answer {
    /// Reads a handler's response, encodes it and tags it.
    pub(super) async fn of(response: Response, coding: Coding, tags: &Tags) -> Result<Self, Problem> {
        let (mut parts, body) = response.into_parts();
        let too_large = |_| Problem::of(ErrorCode::Internal);
        let plain = axum::body::to_bytes(body, MAX_BYTES).await.map_err(too_large)?;
        let media = parts.headers.get(header::CONTENT_TYPE).cloned();
        let encoded = if is_text(media.as_ref()) { coding.encode(&plain) } else { None };
        let coding = if encoded.is_some() { coding } else { Coding::Identity };
        // The tag is of the plain bytes and the coding, so that it is the same whatever the encoder's version does.
        let entity_tag = match parts.headers.remove(header::ETAG) {
            Some(own) => own,
            None => caching::entity_tag(&plain, media.as_ref(), coding),
        };
        // The router told the length of the plain body; the connection tells that of what is sent.
        parts.headers.remove(header::CONTENT_LENGTH);
        if let Some(name) = coding.name() {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Some(tag) = caching::cache_tag(&tags.collected(), &everything()) {
            parts.headers.insert("cache-tag", tag);
        }
        let is_refused = parts.headers.remove(header::CACHE_CONTROL).is_some_and(|it| it == caching::NO_STORE);
        // What we ourselves may not keep, because the search was behind the log, nobody else may keep either.
        let forbids_caching = is_refused || !tags.may_be_kept();
        Ok(Self {
            status: parts.status,
            headers: parts.headers,
            body: encoded.unwrap_or(plain),
            entity_tag,
            told: parts.extensions.remove::<Told>(),
            forbids_caching,
        })
    }

    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) const fn entity_tag(&self) -> &HeaderValue {
        &self.entity_tag
    }

    /// The handler said that no cache may keep it.
    pub(super) const fn forbids_caching(&self) -> bool {
        self.forbids_caching
    }

    /// Only answers that went well in every part are kept: an error may be over in a moment.
    pub(super) fn may_be_kept(&self) -> bool {
        self.status == StatusCode::OK && !self.forbids_caching
    }

    /// Size in memory.
    pub(super) fn bytes(&self) -> usize {
        self.body.len() + self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>()
    }

    /// The response to send: in full, or 304 when the client holds it.
    pub(super) fn send(&self, control: HeaderValue, is_held: bool) -> Response {
        let mut response = Response::new(if is_held { Body::empty() } else { Body::from(self.body.clone()) });
        *response.status_mut() = if is_held { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        *headers = self.headers.clone();
        if is_held {
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
        }
        if self.status == StatusCode::OK {
            headers.insert(header::ETAG, self.entity_tag.clone());
        }
        headers.insert(header::CACHE_CONTROL, control);
        if let Some(told) = &self.told {
            response.extensions_mut().insert(told.clone());
        }
        response
    }
}

/// Images and archives are small already.
fn is_text(media: Option<&HeaderValue>) -> bool {
    let media = media.and_then(|media| media.to_str().ok()).unwrap_or_default();
    ["json", "xml", "text/", "javascript", "graphql"].iter().any(|part| media.contains(part))
}

/// What every change touches one of: the lists of all entries of a kind, and the sets of reference data.
fn everything() -> Vec<ScopeKey> {
    let kinds = [EntryKind::Article, EntryKind::Procedure].into_iter();
    let lists = kinds.map(|kind| ScopeKey::list(kind, Place::Instance, &Subject::Any));
    lists.chain(ReferenceSet::ALL.map(ScopeKey::reference)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATORS: &str = include_str!("../../../../docs/operations/caching.md");

    async fn tags_of(keys: impl IntoIterator<Item = ScopeKey>) -> Vec<String> {
        let tags = Tags::default();
        keys.into_iter().for_each(|key| tags.add(key));
        let answer = Answer::of(Response::new(Body::empty()), Coding::Identity, &tags).await.unwrap();
        answer.headers["cache-tag"].to_str().unwrap().split(',').map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn an_answer_of_too_many_tags_is_reached_by_a_change_of_whatever_it_shows() {
        let lists = (0..60_u8).map(|n| ScopeKey::from_bytes([n; 16]));
        let told = tags_of(lists.chain(ReferenceSet::ALL.map(ScopeKey::reference))).await;
        for key in everything() {
            assert_eq!(tags_of([key]).await.len(), 1);
            assert!(told.contains(&tags_of([key]).await[0]), "{key:?} is not among {told:?}");
        }
        assert_eq!(told.len(), everything().len());
    }

    #[tokio::test]
    async fn operators_find_the_names_that_never_change_in_their_documentation() {
        let names = ["edd06bee", "603ccaf1", "a3c92a63", "19d2f2bd", "ceb601c4", "5a130228", "65743941", "a597c121"];
        for (key, name) in everything().into_iter().zip(names) {
            assert_eq!(tags_of([key]).await, [name]);
            assert!(OPERATORS.contains(&format!("| `{name}` |")), "{name}");
        }
    }
}
