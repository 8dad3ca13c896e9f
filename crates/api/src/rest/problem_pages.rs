//! The pages behind the `type` of problem details: what each code means, in Vietnamese and in English.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Response};
use http::header::CONTENT_SECURITY_POLICY;
use lienthong_app::ErrorCode;

use crate::problem::Problem;
use crate::rest::path::{PathOf, not_found};

/// Nothing is loaded and nothing runs.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /problems`: every code.
pub(super) async fn list() -> Response {
    let mut content = String::from("<h1>Mã lỗi</h1>\n<p lang=\"en\">Error codes</p>\n<ul>\n");
    for code in ErrorCode::ALL {
        let (address, name) = (Problem::page(*code), code.as_str());
        let (status, vi, en) = (code.status(), code.message_vi(), code.message_en());
        let _ = writeln!(
            content,
            "<li><a href=\"{address}\"><code>{name}</code></a> ({status}): {vi} <span lang=\"en\">{en}</span></li>"
        );
    }
    content.push_str("</ul>");
    page("Mã lỗi", &content)
}

/// `GET /problems/{code}`: one code, in the spelling of its address or of the answer.
pub(super) async fn detail(PathOf(code): PathOf<String>) -> Result<Response, Problem> {
    let name = code.to_ascii_uppercase().replace('-', "_");
    let code = ErrorCode::ALL.iter().find(|code| code.as_str() == name).ok_or_else(|| not_found("error code"))?;
    let (status, vi, en) = (code.status(), code.message_vi(), code.message_en());
    let content = format!(
        "<h1><code>{name}</code></h1>\n<p>{vi} Mã trạng thái HTTP: {status}.</p>\n\
         <p lang=\"en\">{en} HTTP status: {status}.</p>\n\
         <p><a href=\"/problems\">Mọi mã lỗi</a> (<span lang=\"en\">all error codes</span>)</p>"
    );
    Ok(page(&name, &content))
}

fn page(title: &str, content: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Liên Thông</title>\n</head>\n<body>\n<main>\n{content}\n</main>\n</body>\n</html>\n"
    );
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}
