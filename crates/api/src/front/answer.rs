//! An answer, encoded and tagged: what is kept in memory and sent to clients.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body::Body as _;

use lienthong_app::ErrorCode;
use lienthong_app::queries::Tags;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::scope::{Place, ReferenceSet, ScopeKey, Subject};

use super::caching;
use super::coding::{Coding, ENCODED_FROM};
use super::request::Told;
use crate::problem::Problem;

/// An answer for everybody.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    /// Without what belongs to a moment.
    headers: HeaderMap,
    body: Bytes,
    entity_tag: Option<HeaderValue>,
    told: Option<Told>,
    lifetime: Lifetime,
}

/// How long caches along the way may keep an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Not at all.
    None,
    /// As the handler says in its own `Cache-Control`.
    Own(HeaderValue),
    /// As is usual for its status.
    Usual,
}

/// Largest answer that is read into memory.
const MAX_BYTES: usize = 64 << 20;

impl Answer {
    /// Reads a handler's response, encodes it and tags it.
    pub(super) async fn of(response: Response, coding: Coding, tags: &Tags) -> Result<Self, Problem> {
        let (mut parts, body) = response.into_parts();
        let plain = read(body).await?;
        let (body, coding) = encode(&mut parts.headers, plain.clone(), coding);
        // The tag is of the plain bytes and the coding, so that it is the same whatever the encoder's version does. What the handler
        // lets nobody keep, such as an error, has none.
        let is_an_answer = parts.status == StatusCode::OK && !is_for_now(&parts.headers);
        let entity_tag =
            is_an_answer.then(|| caching::entity_tag(&plain, parts.headers.get(header::CONTENT_TYPE), coding));
        if let Some(tag) = caching::cache_tag(&tags.collected(), &everything()) {
            parts.headers.insert("cache-tag", tag);
        }
        let lifetime = match parts.headers.remove(header::CACHE_CONTROL) {
            // What was read behind the log nobody may keep, whatever else is said.
            _ if !tags.may_be_kept_elsewhere() => Lifetime::None,
            Some(own) if own == caching::NO_STORE => Lifetime::None,
            Some(own) => Lifetime::Own(own),
            None => Lifetime::Usual,
        };
        let told = parts.extensions.remove::<Told>();
        Ok(Self { status: parts.status, headers: parts.headers, body, entity_tag, told, lifetime })
    }

    pub(super) const fn status(&self) -> StatusCode {
        self.status
    }

    /// The tag by which a client that holds it may ask again.
    pub(super) const fn entity_tag(&self) -> Option<&HeaderValue> {
        self.entity_tag.as_ref()
    }

    /// How long caches may keep it.
    pub(super) const fn lifetime(&self) -> &Lifetime {
        &self.lifetime
    }

    /// Only answers that went well in every part are kept: an error may be over in a moment. One that depends on `Accept` is
    /// kept only where that was part of what was asked (`is_negotiated`), or another client would get it for another type.
    pub(super) fn may_be_kept(&self, is_negotiated: bool) -> bool {
        self.status == StatusCode::OK
            && self.lifetime != Lifetime::None
            && (is_negotiated || !varies_by(&self.headers, &header::ACCEPT))
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
        if let Some(tag) = &self.entity_tag {
            headers.insert(header::ETAG, tag.clone());
        }
        headers.insert(header::CACHE_CONTROL, control);
        if let Some(told) = &self.told {
            response.extensions_mut().insert(told.clone());
        }
        response
    }
}

/// Whether the handler lets nobody keep it.
fn is_for_now(headers: &HeaderMap) -> bool {
    headers.get(header::CACHE_CONTROL).is_some_and(|control| control == caching::NO_STORE)
}

/// Encodes an answer that goes to one client and is kept by nobody. What is read only while it is sent, as files are, stays
/// as it is.
pub(super) async fn encoded(response: Response, coding: Coding) -> Result<Response, Problem> {
    let length = response.body().size_hint().exact().and_then(|length| usize::try_from(length).ok());
    if !length.is_some_and(|length| (ENCODED_FROM..=MAX_BYTES).contains(&length)) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let (body, coding) = encode(&mut parts.headers, read(body).await?, coding);
    if let Some(tag) = parts.headers.remove(header::ETAG) {
        parts.headers.insert(header::ETAG, coding.tagged(tag));
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, MAX_BYTES).await.map_err(|_| Problem::of(ErrorCode::Internal))
}

/// Encodes a body if that makes it smaller, and says so in its head.
fn encode(headers: &mut HeaderMap, plain: Bytes, coding: Coding) -> (Bytes, Coding) {
    // The router told the length of the plain body; the connection tells that of what is sent.
    headers.remove(header::CONTENT_LENGTH);
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let encoded = if is_text(headers.get(header::CONTENT_TYPE)) { coding.encode(&plain) } else { None };
    let (Some(encoded), Some(name)) = (encoded, coding.name()) else { return (plain, Coding::Identity) };
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    (encoded, coding)
}

/// Whether the answer says that it depends on this header of the request.
fn varies_by(headers: &HeaderMap, name: &HeaderName) -> bool {
    let listed = headers.get_all(header::VARY).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    listed.map(<[u8]>::trim_ascii).any(|listed| listed.eq_ignore_ascii_case(name.as_str().as_bytes()))
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
    use axum::response::IntoResponse as _;

    use super::*;

    const OPERATORS: &str = include_str!("../../../../docs/operations/caching.md");
    const TEXT: (HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; charset=utf-8");

    async fn tags_of(keys: impl IntoIterator<Item = ScopeKey>) -> Vec<String> {
        let tags = Tags::default();
        keys.into_iter().for_each(|key| tags.add(key));
        let answer = Answer::of(Response::new(Body::empty()), Coding::Identity, &tags).await.unwrap();
        answer.headers["cache-tag"].to_str().unwrap().split(',').map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn an_answer_of_too_many_tags_is_reached_by_a_change_of_whatever_it_shows() {
        let reference = ReferenceSet::ALL.map(ScopeKey::reference);
        let lists = (0..60_u8).map(|n| ScopeKey::from_bytes([n; 16]));
        let told = tags_of(lists.chain(reference)).await;
        let kinds = [EntryKind::Article, EntryKind::Procedure];
        let all = kinds.map(|kind| ScopeKey::list(kind, Place::Instance, &Subject::Any));
        for key in all.into_iter().chain(reference) {
            assert!(told.contains(&tags_of([key]).await[0]), "{key:?} is not among {told:?}");
        }
        assert_eq!(told.len(), all.len() + reference.len());
    }

    #[tokio::test]
    async fn operators_find_the_names_that_never_change_in_their_documentation() {
        let names = ["edd06bee", "603ccaf1", "a3c92a63", "19d2f2bd", "ceb601c4", "5a130228", "65743941", "a597c121"];
        assert_eq!(tags_of(everything()).await.len(), names.len());
        for (key, name) in everything().into_iter().zip(names) {
            assert_eq!(tags_of([key]).await, [name]);
            assert!(OPERATORS.contains(&format!("| `{name}` |")), "{name}");
        }
    }

    async fn answer(headers: &[(HeaderName, &'static str)]) -> Answer {
        let mut response = ([TEXT], "tin ".repeat(1000)).into_response();
        for (name, value) in headers {
            response.headers_mut().append(name, HeaderValue::from_static(value));
        }
        Answer::of(response, Coding::Gzip, &Tags::default()).await.unwrap()
    }

    #[tokio::test]
    async fn a_handler_that_says_how_long_caches_may_keep_its_answer_is_heard() {
        let lifetime = async |value| answer(&[(header::CACHE_CONTROL, value)]).await.lifetime;
        assert_eq!(lifetime("no-store").await, Lifetime::None);
        assert_eq!(lifetime("no-cache").await, Lifetime::Own(HeaderValue::from_static("no-cache")));
        assert_eq!(answer(&[]).await.lifetime, Lifetime::Usual);
    }

    #[tokio::test]
    async fn an_answer_that_depends_on_accept_is_kept_only_where_accept_was_asked_for() {
        for (vary, elsewhere) in [("Accept-Encoding", true), ("Accept", false), ("Origin, accept", false)] {
            let answer = answer(&[(header::VARY, vary)]).await;
            assert_eq!((answer.may_be_kept(true), answer.may_be_kept(false)), (true, elsewhere), "{vary}");
        }
    }

    #[tokio::test]
    async fn what_the_log_does_not_tell_of_may_be_kept_elsewhere_only() {
        let tags = Tags::default();
        tags.lies_beside_the_log();
        let response = ([TEXT, (header::CACHE_CONTROL, "public, max-age=60")], "khoá").into_response();
        let answer = Answer::of(response, Coding::Identity, &tags).await.unwrap();
        assert_eq!(answer.lifetime, Lifetime::Own(HeaderValue::from_static("public, max-age=60")));
        assert!(!tags.may_be_kept() && tags.may_be_kept_elsewhere());
    }

    #[tokio::test]
    async fn what_is_read_while_it_is_sent_is_not_encoded_and_the_rest_from_a_kilobyte_on() {
        let coding = async |body: Body| {
            let response =
                encoded(([TEXT, (header::ETAG, "\"v3\"")], body).into_response(), Coding::Gzip).await.unwrap();
            [header::CONTENT_ENCODING, header::ETAG].map(|name| response.headers().get(name).cloned())
        };
        let (gzip, plain) = (HeaderValue::from_static("gzip"), HeaderValue::from_static("\"v3\""));
        let long = "tin ".repeat(1000);
        assert_eq!(coding(Body::from(long.clone())).await, [Some(gzip), Some(HeaderValue::from_static("\"v3-gzip\""))]);
        assert_eq!(coding(Body::from("tin ".repeat(200))).await, [None, Some(plain.clone())]);
        let stream = futures::stream::once(async { Ok::<_, std::io::Error>(long) });
        assert_eq!(coding(Body::from_stream(stream)).await, [None, Some(plain)]);
    }
}
