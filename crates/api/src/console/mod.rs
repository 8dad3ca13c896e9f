//! What a person opens in a browser: the query editor at `/graphiql`, the REST reference at `/docs`, and the small files
//! that browsers, crawlers and security researchers ask for.
//!
//! Everything is in the binary and nothing is fetched from elsewhere: these pages run inside government networks. The
//! bundles are built by `crates/api/console-src` and checked in with their checksums and licences.

mod assets;
mod pages;
mod robots;
mod security_txt;
mod static_file;

pub use pages::DEFAULT_QUERY;
pub use robots::robots_txt;
pub use security_txt::{InvalidContact, SecurityContact, security_txt};

use axum::Router;
use axum::routing::get;

/// Routes for `/graphiql`, `/docs`, their assets, `/favicon.ico` and `/favicon.svg`.
///
/// The pages talk to `/graphql` and `/openapi.json` of the same origin, which other modules serve.
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/graphiql", get(pages::graphiql))
        .route("/graphiql/assets/{file}", get(assets::graphiql))
        .route("/docs", get(pages::docs))
        .route("/docs/assets/{file}", get(assets::docs))
        .route("/favicon.ico", get(assets::favicon_ico))
        .route("/favicon.svg", get(assets::favicon_svg))
}

#[cfg(test)]
mod tests;
