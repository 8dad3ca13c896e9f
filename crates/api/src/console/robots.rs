//! `/robots.txt` (RFC 9309).

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use url::Url;

/// Keeps crawlers out of the query endpoints and the tools, lets them read feeds and sitemaps, and names the sitemap.
///
/// `sitemap` is the absolute address of the sitemap index. A `Url` cannot hold a line break, so it cannot add a rule.
pub fn robots_txt(sitemap: &Url) -> Response {
    let body = format!(
        "User-agent: *\nDisallow: /graphql\nDisallow: /graphiql\nDisallow: /docs\nDisallow: /v1/\n\nSitemap: {sitemap}\n"
    );
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, body).into_response()
}
