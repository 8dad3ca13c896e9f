use axum::body::{Body, to_bytes};
use axum::response::Response;
use chrono::DateTime;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{Request, StatusCode};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::assets::{Asset, FAVICON_ICO, FAVICON_SVG, GRAPHIQL, SWAGGER};
use super::{SecurityContact, robots_txt, router, security_txt};

async fn get(path: &str) -> Response {
    let request = Request::get(path).body(Body::empty()).unwrap();
    router().oneshot(request).await.unwrap()
}

fn header(response: &Response, name: http::HeaderName) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// Values of `src` and `href` that lead to an asset.
fn asset_links(html: &str) -> Vec<String> {
    html.split('"').filter(|part| part.contains("/assets/")).map(str::to_owned).collect()
}

fn committed() -> Vec<&'static Asset> {
    let bundled =
        [&GRAPHIQL, &SWAGGER].into_iter().flat_map(|bundle| [&bundle.script, &bundle.style, &bundle.licences]);
    bundled.chain([&FAVICON_ICO, &FAVICON_SVG]).collect()
}

#[test]
fn every_asset_has_the_checksum_that_is_committed_beside_it() {
    for asset in committed() {
        let digest = format!("{:x}", Sha256::digest(asset.content));
        assert_eq!(digest, asset.sha256(), "{}", asset.hashed_name());
    }
}

#[tokio::test]
async fn a_page_loads_its_script_and_style_from_addresses_that_exist() {
    for page in ["/graphiql", "/docs"] {
        let links = asset_links(&text(get(page).await).await);
        assert_eq!(links.len(), 2, "{page}: {links:?}");
        for link in links {
            let asset = get(&link).await;
            assert_eq!(asset.status(), StatusCode::OK, "{link}");
            assert_eq!(header(&asset, CACHE_CONTROL), "public, max-age=31536000, immutable");
        }
    }
}

#[tokio::test]
async fn a_page_allows_nothing_inline_and_nothing_from_another_origin() {
    for page in ["/graphiql", "/docs"] {
        let response = get(page).await;
        let policy = header(&response, CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let html = text(response).await;
        assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script>"), "{html}");
        assert!(!html.contains("://"), "{html}");
    }
}

#[tokio::test]
async fn the_default_query_reaches_the_page_as_data_and_not_as_markup() {
    let html = text(get("/graphiql").await).await;
    let attribute = html.split("data-query=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let decoded = attribute.replace("&lt;", "<").replace("&quot;", "\"").replace("&amp;", "&");
    assert_eq!(decoded, super::DEFAULT_QUERY);
}

#[tokio::test]
async fn an_asset_of_another_release_or_another_page_is_not_found() {
    let foreign = format!("/docs/assets/{}", GRAPHIQL.script.hashed_name());
    for path in ["/graphiql/assets/graphiql.000000000000.js", "/graphiql/assets/graphiql.js", &foreign] {
        assert_eq!(get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_favicon_comes_as_a_drawing_and_as_an_icon_of_one_frame() {
    let drawing = get("/favicon.svg").await;
    assert_eq!(header(&drawing, CONTENT_TYPE), "image/svg+xml");
    let icon = get("/favicon.ico").await;
    assert_eq!(header(&icon, CONTENT_TYPE), "image/vnd.microsoft.icon");
    let bytes = to_bytes(icon.into_body(), usize::MAX).await.unwrap();
    assert_eq!(bytes[..8], [0, 0, 1, 0, 1, 0, 32, 32]);
}

#[tokio::test]
async fn robots_txt_closes_the_tools_and_names_the_sitemap() {
    let sitemap = "https://api.hatinh.gov.vn/sitemap.xml".parse().unwrap();
    let body = text(robots_txt(&[sitemap])).await;
    let lines: Vec<&str> = body.lines().collect();
    assert_eq!(lines[0], "User-agent: *");
    assert!(lines.contains(&"Disallow: /graphql"));
    assert!(!body.contains("Disallow: /feeds") && !lines.contains(&"Disallow: /"));
    assert_eq!(lines.last(), Some(&"Sitemap: https://api.hatinh.gov.vn/sitemap.xml"));
}

#[tokio::test]
async fn security_txt_expires_within_a_year_of_its_review() {
    let contact: SecurityContact = "mailto:an-toan@hatinh.gov.vn".parse().unwrap();
    let reviewed = DateTime::from_timestamp(1_751_302_800, 0).unwrap();
    let response = security_txt(&contact, reviewed);
    assert_eq!(header(&response, CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(
        text(response).await,
        "Contact: mailto:an-toan@hatinh.gov.vn\nExpires: 2026-06-29T17:00:00Z\nPreferred-Languages: vi, en\n"
    );
}

#[test]
fn a_security_contact_is_a_mail_web_or_telephone_address() {
    for good in ["mailto:a@b.gov.vn", "https://b.gov.vn/bao-loi", "tel:+84-239-3885-000"] {
        assert!(good.parse::<SecurityContact>().is_ok(), "{good}");
    }
    for (bad, says) in
        [("a@b.gov.vn", "mailto:"), ("http://b.gov.vn", "`http:`"), ("javascript:alert(1)", "`javascript:`")]
    {
        let error = bad.parse::<SecurityContact>().unwrap_err().to_string();
        assert!(error.contains(says), "{bad}: {error}");
    }
}
