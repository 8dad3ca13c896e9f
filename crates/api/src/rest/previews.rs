//! A draft as a link shows it to somebody without an account.

use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use http::HeaderValue;
use lienthong_app::commands::desk::previews;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::PreviewedArticle;
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::DetailProblem;

/// A draft, as the link of an editor shows it (xem trước bản thảo).
///
/// The secret in the address is the permission, for the draft and for the files it shows. Kept by no cache, and not for
/// search engines.
#[utoipa::path(
    get,
    path = "/v1/previews/{secret}",
    operation_id = "getPreview",
    tag = "articles",
    params(("secret" = String, Path, description = "As it stands in the link.")),
    responses((status = 200, description = "The draft.", body = PreviewedArticle), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(secret): PathOf<String>) -> Result<Response, Problem> {
    reading.tags.forbid_keeping();
    let found = previews::show(&reading.app, &secret, reading.now).await?;
    let shown = PreviewedArticle::new(found, &secret, &reading).ok_or_else(|| not_found("preview"))?;
    let mut response = Json(shown).into_response();
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert("referrer-policy", HeaderValue::from_static("no-referrer"));
    Ok(response)
}
