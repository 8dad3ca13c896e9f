//! The two HTML pages. Neither holds a script or a style of its own, so the content security policy needs no exception.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use http::{HeaderName, HeaderValue};

use super::assets::{Bundle, GRAPHIQL, SWAGGER};
use super::static_file::{Caching, StaticFile};

/// What the editor shows to someone who opens `/graphiql` for the first time.
pub const DEFAULT_QUERY: &str = "\
# Liên Thông: tra cứu nội dung đã xuất bản
#
# Ctrl + Enter: chạy truy vấn
# Ctrl + Space: gợi ý các trường
#
# Khi cần quyền biên tập, dán vào ô Headers:
#   Authorization: Bearer …
# Mã này không được lưu lại trên máy.

query TinMoiNhat {
  articles(first: 5) {
    nodes {
      title
      publishedAt
      site {
        name
      }
    }
  }
}
";

/// Everything from this origin, nothing inline. `data:` images are the small icons inside the bundles' style sheets.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SAFETY: [(HeaderName, &str); 3] =
    [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer"), (X_FRAME_OPTIONS, "DENY")];

static GRAPHIQL_PAGE: LazyLock<StaticFile> = LazyLock::new(|| {
    let content = format!(
        "<div id=\"graphiql\" lang=\"en\" data-endpoint=\"/graphql\" data-query=\"{}\"></div>",
        escape_attribute(DEFAULT_QUERY)
    );
    page("Bảng truy vấn GraphQL", &content, &Place { path: "/graphiql", bundle: &GRAPHIQL })
});

static DOCS_PAGE: LazyLock<StaticFile> = LazyLock::new(|| {
    let content = "<div id=\"swagger\" lang=\"en\" data-document=\"/openapi.json\"></div>";
    page("Tài liệu REST API", content, &Place { path: "/docs", bundle: &SWAGGER })
});

/// `GET /graphiql`.
pub(super) async fn graphiql() -> Response {
    respond(&GRAPHIQL_PAGE)
}

/// `GET /docs`.
pub(super) async fn docs() -> Response {
    respond(&DOCS_PAGE)
}

/// Where a page lies and what it loads from `{path}/assets/`.
struct Place {
    path: &'static str,
    bundle: &'static Bundle,
}

fn respond(page: &StaticFile) -> Response {
    let mut response = page.respond();
    let safety = SAFETY.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(safety);
    response
}

/// The page is Vietnamese; the tool inside speaks English and says so by its own `lang`.
fn page(title: &str, content: &str, place: &Place) -> StaticFile {
    let path = place.path;
    let (script, style) = (place.bundle.script.hashed_name(), place.bundle.style.hashed_name());
    let html = format!(
        r#"<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} – Liên Thông</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{path}/assets/{style}">
<script src="{path}/assets/{script}" defer></script>
</head>
<body>
<main>
<h1 class="page-title">{title}</h1>
{content}
</main>
<noscript><p>Trang này cần JavaScript. Các API vẫn dùng được khi không có trình duyệt.</p></noscript>
</body>
</html>
"#
    );
    StaticFile { body: Bytes::from(html), content_type: "text/html; charset=utf-8", caching: Caching::Revalidate }
}

fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
