//! What is served on the public addresses.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path};
use axum::http::{Request, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use lienthong_api::Front;

use super::health::{self, Health};

/// What the pages need.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) front: Arc<Front>,
    pub(crate) health: Health,
}

/// The pages a person may want to open first, as `serve` prints them: what it is, and its path.
pub(crate) const PAGES: &[(&str, &str)] = &[
    ("GraphQL", "/graphql"),
    ("GraphiQL", "/graphiql"),
    ("schema", "/graphql/schema.graphql"),
    ("REST docs", "/docs"),
    ("feeds", "/feeds.opml"),
    ("health", "/readyz"),
    ("keys", "/.well-known/jwks.json"),
];

/// The router of the public addresses: what probes ask, past every limit, and everything else through the front door.
pub(crate) fn routes(state: State) -> Router {
    let State { front, health } = state;
    let for_media = front.has_media_host().then(|| Arc::clone(&front));
    let public = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request<Body>| async move {
        front.handle(request, peer.ip()).await
    };
    let routes = health::routes(health).fallback(public);
    match for_media {
        None => routes,
        Some(front) => routes.layer(from_fn(move |peer, request, next| apart(Arc::clone(&front), peer, request, next))),
    }
}

/// What the demo shows beside the interface, to be put behind the front door.
pub(crate) fn demo_pages() -> Router {
    Router::new().route("/demo/covers/{file}", get(cover))
}

/// The host for media does not answer probes either.
async fn apart(
    front: Arc<Front>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
    next: Next,
) -> Response {
    if front.is_for_media_host(&request) { front.handle(request, peer.ip()).await } else { next.run(request).await }
}

/// The pictures of the demo, drawn by the program itself.
async fn cover(Path(file): Path<String>) -> Result<impl IntoResponse, StatusCode> {
    let drawn = lienthong_demo::cover_svg(&format!("/demo/covers/{file}")).ok_or(StatusCode::NOT_FOUND)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, drawn))
}
