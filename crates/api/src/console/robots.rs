//! `/robots.txt` (RFC 9309).

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use url::Url;

/// Keeps crawlers out of the query endpoints and the tools, lets them read feeds and sitemaps, and names the sitemaps.
///
/// It depends on the sites, so it is kept no longer than other answers. `sitemaps` are the absolute addresses of sitemaps for
/// pages on this very host. A `Url` cannot hold a line break, so it cannot add a rule.
pub fn robots_txt(sitemaps: &[Url]) -> Response {
    let mut body =
        "User-agent: *\nDisallow: /graphql\nDisallow: /graphiql\nDisallow: /docs\nDisallow: /v1/\n".to_owned();
    for (index, sitemap) in sitemaps.iter().enumerate() {
        body.push_str(if index == 0 { "\n" } else { "" });
        let _ = writeln!(body, "Sitemap: {sitemap}");
    }
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
