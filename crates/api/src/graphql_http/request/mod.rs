//! Reading a request: HTTP parts in, [`GraphqlRequest`] out. No extractor of any framework is involved.

mod body;
mod content_type;
mod parameters;
mod query_string;
#[cfg(test)]
mod tests;

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use http::{HeaderMap, Method, StatusCode};
use thiserror::Error;

use super::error::{ErrorClass, GraphqlErrorCode, Refusal};
use super::hash::DocumentHash;
use super::negotiate::MediaType;
use super::status::{Outcome, StatusProfile};
pub use parameters::Extensions;

/// The parts of an HTTP request that this module reads.
#[derive(Debug, Clone, Copy)]
pub struct HttpInput<'a> {
    /// The method; HEAD is read as GET (RFC 9110 section 9.3.2).
    pub method: &'a Method,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// What follows `?`, still percent-encoded.
    pub query_string: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
    /// A document id from the path (`/graphql/{site}/{documentId}`), still a string.
    pub path_document: Option<&'a str>,
}

/// Byte limits of a request; the caller chooses them by who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// Largest body. Default 256 KiB, the figure for anonymous callers.
    pub body_bytes: usize,
    /// Longest query string. Default 8 KiB, what common proxies let pass.
    pub query_string_bytes: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self { body_bytes: 256 * 1024, query_string_bytes: 8 * 1024 }
    }
}

/// How a request came; GET may only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// GET or HEAD.
    Get,
    /// POST with a JSON body.
    Post,
}

/// A reference to a document that the server may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentRef {
    /// `documentId`: must be in the registry of trusted documents.
    Trusted(DocumentHash),
    /// `extensions.persistedQuery`: may be registered by sending hash and text together.
    Automatic(DocumentHash),
}

/// A well-formed GraphQL-over-HTTP request. At least one of `query` and `document` is present.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphqlRequest {
    /// How it came.
    pub transport: Transport,
    /// The document text; never empty.
    pub query: Option<String>,
    /// The chosen operation; never empty.
    pub operation_name: Option<String>,
    /// Variables; JSON `null` and absence are an empty map.
    pub variables: Variables,
    /// Extensions as sent.
    pub extensions: Extensions,
    /// A document held by the server.
    pub document: Option<DocumentRef>,
}

/// Why a request could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Neither GET, HEAD nor POST.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// A mutation by GET: links, prefetchers and caches must never be able to write.
    #[error("mutation over GET")]
    MutationOverGet,
    /// A subscription on a transport that answers once.
    #[error("subscription over plain HTTP")]
    SubscriptionOverHttp,
    /// A body that is not declared `application/json` in UTF-8. This also stops cross-site forms, which can send
    /// `text/plain` and form bodies with cookies but not JSON.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// A compressed body.
    #[error("unsupported content encoding")]
    UnsupportedContentEncoding,
    /// Body over the limit.
    #[error("body of {actual} bytes exceeds {limit}")]
    BodyTooLarge {
        /// Allowed bytes.
        limit: usize,
        /// Bytes sent.
        actual: usize,
    },
    /// Query string over the limit.
    #[error("query string of {actual} bytes exceeds {limit}")]
    UriTooLong {
        /// Allowed bytes.
        limit: usize,
        /// Bytes sent.
        actual: usize,
    },
    /// Not JSON, or not UTF-8.
    #[error("not valid JSON in UTF-8")]
    NotJson,
    /// An array of requests.
    #[error("batch")]
    BatchNotSupported,
    /// A parameter of the wrong type, or given twice.
    #[error("malformed parameter")]
    Malformed,
    /// No document at all.
    #[error("no document")]
    QueryMissing,
    /// A document id beside a document, or two document references.
    #[error("ambiguous document")]
    DocumentAmbiguous,
    /// A document id of another form.
    #[error("malformed document id")]
    DocumentIdMalformed,
    /// A `persistedQuery` extension of another form.
    #[error("malformed persistedQuery extension")]
    PersistedQueryMalformed,
}

impl RequestError {
    /// The stable code.
    pub const fn code(self) -> GraphqlErrorCode {
        match self {
            Self::MethodNotAllowed => GraphqlErrorCode::MethodNotAllowed,
            Self::MutationOverGet => GraphqlErrorCode::MutationOverGet,
            Self::SubscriptionOverHttp => GraphqlErrorCode::SubscriptionOverHttp,
            Self::UnsupportedMediaType => GraphqlErrorCode::UnsupportedMediaType,
            Self::UnsupportedContentEncoding => GraphqlErrorCode::UnsupportedContentEncoding,
            Self::BodyTooLarge { .. } => GraphqlErrorCode::BodyTooLarge,
            Self::UriTooLong { .. } => GraphqlErrorCode::UriTooLong,
            Self::NotJson => GraphqlErrorCode::BodyNotJson,
            Self::BatchNotSupported => GraphqlErrorCode::BatchNotSupported,
            Self::Malformed => GraphqlErrorCode::RequestMalformed,
            Self::QueryMissing => GraphqlErrorCode::QueryMissing,
            Self::DocumentAmbiguous => GraphqlErrorCode::DocumentAmbiguous,
            Self::DocumentIdMalformed => GraphqlErrorCode::DocumentIdMalformed,
            Self::PersistedQueryMalformed => GraphqlErrorCode::PersistedQueryMalformed,
        }
    }

    /// The class, which decides the status.
    pub const fn class(self) -> ErrorClass {
        self.code().class()
    }

    /// The HTTP status in an answer of this media type.
    pub fn status(self, profile: StatusProfile, media: MediaType) -> StatusCode {
        profile.status(media, Outcome::Refused(self.class()))
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        let exceeded = match error {
            RequestError::BodyTooLarge { limit, actual } | RequestError::UriTooLong { limit, actual } => {
                Some(super::error::Exceeded { limit: limit as u64, actual: actual as u64 })
            }
            _ => None,
        };
        Self { exceeded, ..error.code().into() }
    }
}

/// Read a request.
///
/// GET takes its parameters from the query string, POST from a JSON object in the body. Unknown parameters are ignored;
/// an empty string counts as absent; `null` counts as absent.
///
/// # Errors
/// [`RequestError`] names the first rule that the request breaks.
pub fn parse(input: &HttpInput<'_>, limits: &RequestLimits) -> Result<GraphqlRequest, RequestError> {
    let (transport, mut parameters) = match *input.method {
        Method::GET | Method::HEAD => (Transport::Get, query_string::read(input.query_string, limits)?),
        Method::POST => {
            content_type::require_json(input.headers)?;
            (Transport::Post, body::read(input.body, limits)?)
        }
        _ => return Err(RequestError::MethodNotAllowed),
    };
    if let Some(id) = input.path_document
        && parameters.document_id.replace(id.to_owned()).is_some()
    {
        return Err(RequestError::DocumentAmbiguous);
    }
    parameters.into_request(transport)
}

impl GraphqlRequest {
    /// May an operation of this type run over the transport the request came by?
    ///
    /// # Errors
    /// [`RequestError::MutationOverGet`] and [`RequestError::SubscriptionOverHttp`].
    pub fn check_operation(&self, operation: OperationType) -> Result<(), RequestError> {
        match (self.transport, operation) {
            (_, OperationType::Subscription) => Err(RequestError::SubscriptionOverHttp),
            (Transport::Get, OperationType::Mutation) => Err(RequestError::MutationOverGet),
            _ => Ok(()),
        }
    }

    /// The request for the engine. It carries the parsed document, so that the text is parsed once.
    pub fn into_engine_request(self, document: ExecutableDocument) -> async_graphql::Request {
        let mut request = async_graphql::Request::new(String::new()).variables(self.variables);
        request.operation_name = self.operation_name;
        request.set_parsed_query(document);
        request
    }
}
