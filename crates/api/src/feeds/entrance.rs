//! `/`: the list of our addresses, as a page for people and as JSON for programs.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use lienthong_domain::scope::ReferenceSet;

use super::address::Ours;
use super::answer;
use crate::reading::Reading;

/// One address.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// Stable name for programs.
    name: &'static str,
    url: String,
    #[serde(rename = "titleVi")]
    vi: &'static str,
    #[serde(rename = "titleEn")]
    en: &'static str,
}

#[derive(Serialize)]
struct Entrance {
    name: &'static str,
    version: &'static str,
    addresses: Vec<Entry>,
    examples: Vec<Entry>,
}

/// `GET /`, in the form that `Accept` prefers; a page when it does not care.
pub(super) async fn entrance(reading: Reading, headers: HeaderMap) -> Response {
    reading.depends_on(&ReferenceSet::ALL);
    let ours = Ours(&reading.public_url);
    let entrance = Entrance {
        name: "Liên Thông",
        version: env!("CARGO_PKG_VERSION"),
        addresses: addresses(ours),
        examples: examples(&reading, ours),
    };
    let mut response = if prefers_json(&headers) {
        answer("application/json", serde_json::to_string(&entrance).unwrap_or_default())
    } else {
        page(&entrance)
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

fn addresses(ours: Ours<'_>) -> Vec<Entry> {
    let entry = |name, path: &[&str], vi, en| Entry { name, url: ours.at(path).into(), vi, en };
    vec![
        entry("graphql", &["graphql"], "API GraphQL", "GraphQL endpoint"),
        entry("graphiql", &["graphiql"], "Bảng truy vấn GraphQL", "GraphQL query editor"),
        entry("schema", &["graphql", "schema.graphql"], "Lược đồ GraphQL", "GraphQL schema"),
        entry("docs", &["docs"], "Tài liệu REST API", "REST reference"),
        entry("openapi", &["openapi.json"], "Mô tả OpenAPI", "OpenAPI description"),
        entry("feeds", &["feeds.opml"], "Danh mục nguồn tin (OPML)", "Directory of feeds (OPML)"),
        entry("keys", &[".well-known", "jwks.json"], "Khoá kiểm tra mã truy cập", "Keys of access tokens"),
        entry("live", &["livez"], "Tiến trình đang chạy", "Liveness"),
        entry("ready", &["readyz"], "Sẵn sàng phục vụ", "Readiness"),
    ]
}

/// Feeds that exist: of the first site, the first unit with a site and the first topic.
fn examples(reading: &Reading, ours: Ours<'_>) -> Vec<Entry> {
    let reference = &reading.reference;
    let mut examples = Vec::new();
    if let Some(site) = reference.sites.in_order().next() {
        let host = site.host.as_str();
        let feed = |name, extension, vi, en| Entry { name, url: ours.feed("sites", host, extension).into(), vi, en };
        examples.push(feed("site-rss", "rss", "Tin của một trang (RSS)", "One site (RSS)"));
        examples.push(feed("site-atom", "atom", "Tin của một trang (Atom)", "One site (Atom)"));
        examples.push(feed("site-json", "json", "Tin của một trang (JSON Feed)", "One site (JSON Feed)"));
        let url = ours.sitemap(host, "index").into();
        examples
            .push(Entry { name: "sitemap", url, vi: "Sơ đồ trang của một trang", en: "Sitemap of one site" });
    }
    let with_sites = |unit: &&Arc<lienthong_domain::registry::Unit>| reference.sites.of_unit(unit.id).next().is_some();
    if let Some(unit) = reference.units.all().filter(with_sites).min_by_key(|unit| unit.id) {
        let url = ours.feed("units", unit.slug.as_str(), "atom").into();
        examples
            .push(Entry { name: "unit-atom", url, vi: "Tin của một địa bàn", en: "A unit and all below it" });
    }
    if let Some(topic) = reference.topics.all().first() {
        let url = ours.feed("topics", topic.code.as_str(), "atom").into();
        examples.push(Entry { name: "topic-atom", url, vi: "Tin về một mục công khai", en: "One topic" });
    }
    examples
}

/// JSON only for those who ask for it and not for a page.
fn prefers_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<&str> = accepted.flat_map(|value| value.split(',')).collect();
    let weight = |types: &[&str]| ranges.iter().filter_map(|range| weight_of(range, types)).reduce(f32::max);
    match (weight(&["application/json"]), weight(&["text/html", "application/xhtml+xml"])) {
        (Some(json), Some(html)) => json > html,
        (json, _) => json.is_some_and(|json| json > 0.0),
    }
}

/// The weight of a media range (RFC 9110 section 12.5.1) that names one of `types`.
fn weight_of(range: &str, types: &[&str]) -> Option<f32> {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| types.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    named.then(|| weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
}

const STYLE: &str = "body{font:1rem/1.6 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;\
                     color:#1b1b1b;background:#fff}a{color:#0b4f9e}li{margin:.5rem 0}code{overflow-wrap:anywhere}";

/// Nothing but the one style sheet inside the page, named by its digest.
static SAFETY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

fn page(entrance: &Entrance) -> Response {
    let Entrance { name, version, addresses, examples } = entrance;
    let (addresses, examples) = (list(addresses), list(examples));
    let html = format!(
        r#"<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} – API nội dung</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p>API nội dung của các cổng, trang thông tin điện tử. Phiên bản {version}.<br>
<span lang="en">The content API behind public portals. Version {version}.</span></p>
<h2>Địa chỉ / <span lang="en">Addresses</span></h2>
{addresses}<h2>Nguồn tin mẫu / <span lang="en">Example feeds</span></h2>
{examples}</main>
</body>
</html>
"#
    );
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_SECURITY_POLICY, &SAFETY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, answer("text/html", html)).into_response()
}

fn list(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "<p>Chưa có. / <span lang=\"en\">None yet.</span></p>\n".to_owned();
    }
    let mut html = "<ul>\n".to_owned();
    for Entry { url, vi, en, .. } in entries {
        let url = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let _ =
            writeln!(html, "<li>{vi} / <span lang=\"en\">{en}</span>: <a href=\"{url}\"><code>{url}</code></a></li>");
    }
    html.push_str("</ul>\n");
    html
}
