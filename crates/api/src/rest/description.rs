//! The frame of the `OpenAPI` document, and its address.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use utoipa::Modify;
use utoipa::openapi::path::{Parameter, ParameterBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr, Required, Schema};

use crate::problem::ProblemDocument;

/// Name of the security scheme that operations refer to.
pub(super) const TOKEN: &str = "token";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Liên Thông REST",
        description = "Nội dung đã xuất bản của các cổng và trang thông tin điện tử, cùng một dữ liệu với GraphQL.\n\n\
            The published content of official portals, with the same answers as GraphQL.\n\n\
            - Ids are opaque and the same as in GraphQL; plain UUIDs are accepted too.\n\
            - Times are RFC 3339 in UTC with `Z`; days are calendar days in Vietnam.\n\
            - Lists go by cursor. `Link` headers (RFC 8288) lead to the next, previous and first page.\n\
            - Unknown parameters and fields are refused, never ignored.\n\
            - Errors are problem details (RFC 9457) with a stable `code`, explained at `/problems`.",
    ),
    tags(
        (name = "articles", description = "Tin, bài đã xuất bản. Published articles."),
        (name = "sites", description = "Cổng, trang thông tin điện tử và chuyên mục. Sites and their categories."),
        (name = "units", description = "Đơn vị hành chính. Administrative units, today's and former ones."),
        (name = "topics", description = "Mục thông tin công khai. Topics of the legal disclosure catalogue."),
        (name = "procedures", description = "Thủ tục hành chính. Administrative procedures of the national catalogue."),
        (name = "log", description = "Nhật ký thao tác. Proofs that the log of acts was never rewritten."),
        (name = "reports", description = "Báo cáo. Reports for the offices above; needs a token."),
        (name = "accounts", description = "Đăng nhập. Signing in and out; the tokens are for everything else."),
        (name = "internal", description = "Tin, bài nội bộ. Articles that are published internally; needs a token."),
        (name = "media", description = "Thư viện ảnh, tài liệu. Files of the sites' libraries and their upload; needs a token."),
        (name = "editing", description = "Biên tập. Drafts, publication and withdrawal; needs a token."),
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Security),
)]
pub(super) struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("A token of this instance. What it allows is looked up at each request."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    }
}

/// Moves the examples of optional parameters into their schemas. Consoles fill a form with the example of a parameter;
/// all optional ones at once ask for two places in one list, which is refused.
pub(super) fn leave_optional_parameters_empty(document: &mut OpenApi) {
    let items = document.paths.paths.values_mut();
    let operations = items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete]);
    let parameters = operations.flatten().flat_map(|operation| operation.parameters.iter_mut().flatten());
    for parameter in parameters {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.required == Required::False {
            move_example(parameter);
        }
    }
}

fn move_example(parameter: &mut Parameter) {
    // The field is closed to us; what it holds is not.
    let example =
        serde_json::to_value(&*parameter).ok().and_then(|mut written| Some(written.get_mut("example")?.take()));
    *parameter = ParameterBuilder::from(std::mem::take(parameter)).example(None).build();
    if let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema {
        schema.examples.extend(example);
    }
}

/// `GET /openapi.json`.
pub(super) async fn document() -> impl IntoResponse {
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| serde_json::to_vec(&super::openapi()).unwrap_or_default().into());
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}
