//! The public interface over HTTP: GraphQL, REST, feeds.

mod asked;
pub mod console;
mod error;
mod feeds;
mod front;
mod generated;
mod graphql;
pub mod graphql_http;
mod ids;
mod problem;
mod reading;
mod rest;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};

use lienthong_app::{App, ErrorCode};

pub use front::{ApiConfig, Front, HttpCache, Rate, Verify, request_id, unavailable};
pub use generated::generated_files;
pub use graphql::{Documents, sdl};
use problem::Problem;
pub use rest::openapi;

/// Whether a request brings a file, which may take longer to arrive than requests usually may.
pub fn takes_its_time(method: &http::Method, path: &str, headers: &http::HeaderMap) -> bool {
    front::brings_file(method, path, headers)
}

/// The public interface of a node.
///
/// # Errors
/// When the price list of the schema names a field that it does not have.
pub fn front(
    app: Arc<App>,
    config: ApiConfig,
    verify: Verify,
    documents: Documents,
) -> Result<Front, graphql_http::guard::ModelError> {
    let routes = routes(&config, documents)?;
    let own = [Some(&config.public_url), config.media_url.as_ref()].into_iter().flatten();
    app.set_own_hosts(own.filter_map(|url| url.host_str().map(str::to_owned)).collect());
    Ok(Front::new(app, config, verify, routes))
}

/// Every address of the public interface, on one page.
fn routes(config: &ApiConfig, documents: Documents) -> Result<Router, graphql_http::guard::ModelError> {
    Ok(Router::new()
        .merge(graphql::router(documents)?)
        .merge(rest::router())
        .merge(console::router())
        .merge(feeds::router(config))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed))
}

async fn not_found() -> Response {
    Problem::of(ErrorCode::NotFound).into_response()
}

async fn method_not_allowed() -> Response {
    Problem::of(ErrorCode::MethodNotAllowed).into_response()
}
