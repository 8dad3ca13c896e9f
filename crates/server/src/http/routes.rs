//! What is served on the public addresses.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use lienthong_app::tokens::Tokens;

use super::health::{self, Health};

/// What the pages need.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) health: Health,
}

/// The pages a person may want to open first, as `serve` prints them: what it is, and its path.
pub(crate) const PAGES: &[(&str, &str)] = &[("health", "/readyz"), ("token keys", "/.well-known/jwks.json")];

/// The router of the public addresses.
pub(crate) fn routes(state: State) -> Router {
    let State { tokens, health } = state;
    let jwks = get(move || async move { jwks(&tokens) });
    Router::new().route("/.well-known/jwks.json", jwks).merge(health::routes(health))
}

/// A minute in caches: a new key is known to verifiers soon after its first token.
fn jwks(tokens: &Tokens) -> impl IntoResponse + use<> {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "public, max-age=60")];
    (headers, tokens.jwks().to_string())
}
