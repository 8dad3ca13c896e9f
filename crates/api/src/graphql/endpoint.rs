//! `/graphql`: from the request to the engine and back.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{ServerError, Value};
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use lienthong_app::ErrorCode;
use lienthong_domain::scope::ReferenceSet;

use crate::asked::request_id;
use crate::front::Told;
use crate::graphql::LienThongSchema;
use crate::graphql_http::{
    ClientKey, CostModelBuilder, DocumentStore, Gateway, Guard, HttpInput, Limits, Rendered, RequestLimits, Responder,
    StatusProfile, StoreLimits, TrustMode, TrustedDocuments,
};
use crate::problem::worth_another_try;
use crate::reading::Reading;

/// The endpoint: the engine, and what stands before it.
struct Endpoint {
    schema: LienThongSchema,
    gateway: Gateway,
    sdl: Bytes,
}

/// Documents that clients have agreed on beforehand, and how all are answered.
#[derive(Debug, Default)]
pub struct Documents {
    /// The agreed documents.
    pub trusted: TrustedDocuments,
    /// Whether others are answered too.
    pub mode: TrustMode,
    /// Which status codes answers have.
    pub status: StatusProfile,
}

/// `/graphql`, the road for trusted documents, and the schema.
///
/// # Errors
/// When the price list names a field that the schema does not have.
pub(crate) fn router(documents: Documents) -> Result<Router, crate::graphql_http::guard::ModelError> {
    let schema = super::schema();
    let sdl = super::sdl();
    let guard = Guard::new(prices().build(&sdl)?, Limits::default());
    let store = DocumentStore::new(documents.trusted, documents.mode, Some(StoreLimits::default()));
    let gateway = Gateway::new(guard, store, Responder::new(documents.status));
    let endpoint = Arc::new(Endpoint { schema, gateway, sdl: sdl.into() });
    Ok(Router::new()
        .route("/graphql", any(graphql))
        .route("/graphql/documents/{document}", any(trusted))
        .route("/graphql/schema.graphql", get(definition))
        .with_state(endpoint))
}

/// What fields cost beyond one point for each object. A search looks at all that it matches; a condition on a list may pass over
/// thousands of entries.
fn prices() -> CostModelBuilder {
    CostModelBuilder::new()
        .argument_price("Query.articles", "text", 20)
        .argument_price("Query.articles", "topic", 5)
        .argument_price("Query.articles", "tag", 5)
        .argument_price("Query.articles", "kind", 10)
        .argument_price("Query.articles", "language", 10)
        .price("ArticleConnection.totalCount", 50)
        .price("AdministrativeProcedureConnection.totalCount", 50)
        .price("Query.articleReport", 200)
        .price("Query.unmappedCategories", 200)
        .price("Query.siteReadiness", 200)
        .list_size("SiteReadiness.decisions", 3)
        .list_size("SiteReadiness.missing", 3)
        .price("Site.activity", 5)
        .price("Unit.counts", 5)
        .price("Article.related", 5)
        .list_size("Article.tags", 5)
        .list_size("Article.attachments", 2)
        .list_size("Cover.renditions", 4)
        .list_size("Media.renditions", 4)
        .list_size("AdministrativeProcedure.channels", 3)
        .list_size("AdministrativeProcedure.dossier", 2)
        .list_size("AdministrativeProcedure.legalBases", 8)
        .list_size("AdministrativeProcedure.results", 2)
        .list_size("ProcedureChannel.fees", 1)
        .list_size("Unit.predecessors", 4)
        .list_size("Unit.successors", 1)
        .list_size("Site.categories", 15)
        .list_size("Unit.sites", 1)
}

async fn graphql(
    State(endpoint): State<Arc<Endpoint>>,
    reading: Reading,
    (method, RawQuery(query), headers): (Method, RawQuery, HeaderMap),
    body: Bytes,
) -> Response {
    let query_string = query.as_deref();
    let input = HttpInput { method: &method, headers: &headers, query_string, body: &body, path_document: None };
    endpoint.answer(&input, reading).await
}

async fn trusted(
    State(endpoint): State<Arc<Endpoint>>,
    reading: Reading,
    document: Result<Path<String>, PathRejection>,
    (method, RawQuery(query), headers): (Method, RawQuery, HeaderMap),
    body: Bytes,
) -> Response {
    // What cannot be decoded is the name of no document.
    let document = document.map(|Path(name)| name).unwrap_or_default();
    let (query_string, path_document) = (query.as_deref(), Some(document.as_str()));
    let input = HttpInput { method: &method, headers: &headers, query_string, body: &body, path_document };
    endpoint.answer(&input, reading).await
}

async fn definition(State(endpoint): State<Arc<Endpoint>>) -> Response {
    let media = HeaderValue::from_static("application/graphql; charset=utf-8");
    ([(header::CONTENT_TYPE, media)], endpoint.sdl.clone()).into_response()
}

impl Endpoint {
    async fn answer(&self, input: &HttpInput<'_>, reading: Reading) -> Response {
        let limits = RequestLimits { body_bytes: input.body.len(), ..RequestLimits::default() };
        let admitted = match self.gateway.admit(input, &limits) {
            Ok(admitted) => admitted,
            Err(refusal) => return respond(*refusal, Told::default(), false),
        };
        let is_query = admitted.operation_type == OperationType::Query;
        let (request, settlement) = admitted.split();
        let operation = request.operation_name.clone();
        let client = ClientKey::new(&reading.client.to_string());
        // Whatever else it shows, an answer names units, sites, categories or topics.
        reading.depends_on(&ReferenceSet::ALL);
        let mut response = self.schema.execute(request.data(reading)).await;
        response.errors.iter_mut().for_each(name_request);
        let told = Told { operation, code: response.errors.iter().find_map(code).map(|code| code.to_owned().into()) };
        let retry = response.errors.iter().find_map(|error| worth_another_try(code(error)?));
        let mut rendered = self.gateway.finish(settlement, response, &client);
        rendered.headers.extend(retry.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds))));
        respond(rendered, told, is_query)
    }
}

/// Answers with errors are kept nowhere. What a resolver is given and cannot read as its scalar is the client's fault, and the
/// engine gives it no code.
fn name_request(error: &mut ServerError) {
    let is_unnamed = !error.path.is_empty() && code(error).is_none();
    if is_unnamed {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", ErrorCode::BadRequest.as_str());
        extensions.set("messageVi", ErrorCode::BadRequest.message_vi());
    }
    if let Some(id) = request_id() {
        error.extensions.get_or_insert_default().set("requestId", id);
    }
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn respond(rendered: Rendered, told: Told, is_query: bool) -> Response {
    let Rendered { status, headers, body, cacheable } = rendered;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    if !(cacheable && is_query) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response.extensions_mut().insert(told);
    response
}
