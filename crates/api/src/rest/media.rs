//! The libraries of sites: what is in them, and small files in one request.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, StatusCode};
use lienthong_app::commands::media::{self, Added, NewMedia};
use lienthong_app::library::Library;
use lienthong_app::{Error, ErrorCode, queries};
use lienthong_domain::access::act;
use lienthong_domain::media::DescriptionInput;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{Media, MediaKind, MediaList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{EntryProblem, InternalListProblem, UploadProblem};
use crate::rest::query::Parameters;
use crate::view::media_id;

/// Which files of a library.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LibraryParameters {
    /// Only images, or only documents.
    #[param(inline)]
    kind: Option<MediaKind>,
    /// How many, 20 by default.
    #[param(minimum = 1, maximum = 100)]
    first: Option<u32>,
    /// Cursor after which to go on.
    after: Option<String>,
}

/// What is said of a file that is uploaded.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct UploadParameters {
    /// The file's name. Its ending is decided by its bytes.
    #[param(example = "tiep-cong-dan.jpg")]
    file_name: String,
    /// What the image shows, for those who do not see it.
    alt: Option<String>,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
}

/// The library of a site, latest first (thư viện ảnh, tài liệu).
///
/// Needs the right to read drafts on the site, or to create there for one's own files.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/media",
    operation_id = "listMedia",
    tag = "media",
    security(("token" = [])),
    params(
        ("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn"),
        LibraryParameters,
    ),
    responses((status = 200, description = "One page.", body = MediaList), InternalListProblem),
)]
pub(super) async fn list(
    reading: Reading,
    PathOf(site): PathOf<String>,
    Parameters(parameters): Parameters<LibraryParameters>,
) -> Result<Json<MediaList>, Problem> {
    let permit = reading.permit_or_own::<act::ReadDraft>()?;
    let LibraryParameters { kind, first, after } = parameters;
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?.id;
    let page = queries::media::page(&reading.app, &permit, (site, kind.map(Into::into)), (first, after)).await?;
    let data = page.media.into_iter().map(|media| Media::new(media, &reading)).collect();
    Ok(Json(MediaList { data, has_next_page: page.has_next, end_cursor: page.end }))
}

/// A file of a library (ảnh, tài liệu).
///
/// Needs the right to read drafts on its site, or to create there for one's own file.
#[utoipa::path(
    get,
    path = "/v1/media/{media}",
    operation_id = "getMedia",
    tag = "media",
    security(("token" = [])),
    params(("media" = String, Path, description = "Id of the file.")),
    responses((status = 200, description = "The file.", body = Media), EntryProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(id): PathOf<String>) -> Result<Json<Media>, Problem> {
    let permit = reading.permit_or_own::<act::ReadDraft>()?;
    let id = media_id(&id).ok_or_else(|| not_found("media"))?;
    let found = queries::media::find(&reading.app, &permit, id, reading.now).await?;
    Ok(Json(Media::new(found.media, &reading)))
}

/// Puts a file into the library of a site, in one request (tải lên).
///
/// The body is the file itself. What it is is decided by its bytes; an image is made anew from its pixels, turned the right
/// way up, without the place, time and device of the photograph. For large files and bad connections there is
/// `POST /v1/uploads`. Needs the right to create on the site.
#[utoipa::path(
    post,
    path = "/v1/sites/{site}/media",
    operation_id = "uploadMedia",
    tag = "media",
    security(("token" = [])),
    params(
        ("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn"),
        UploadParameters,
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file.", body = Media,
            headers(("Location" = String, description = "Address of the file."))),
        (status = 200, description = "The file, which the library has already.", body = Media),
        UploadProblem,
    ),
)]
pub(super) async fn upload(
    reading: Reading,
    PathOf(site): PathOf<String>,
    Parameters(parameters): Parameters<UploadParameters>,
    request: Request,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let library = reading.library()?;
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?.id;
    // Asked before a byte is read.
    if !permit.scope().contains(site) {
        return Err(not_found("site"));
    }
    check_head(request.headers(), library)?;
    let UploadParameters { file_name, alt, caption, credit } = parameters;
    let arrived = library.receive(request.into_body().into_data_stream()).await?;
    let new = NewMedia { site, file_name, description: DescriptionInput { alt, caption, credit }, arrived };
    let added = media::add((&reading.app, library), &permit, new, reading.now).await?;
    Ok(answer(&reading, added))
}

pub(super) fn answer(reading: &Reading, added: Added) -> Response {
    let Added { media, was_there } = added;
    let body = Media::new(media, reading);
    if was_there {
        return Json(body).into_response();
    }
    (StatusCode::CREATED, [(LOCATION, format!("/v1/media/{}", body.id))], Json(body)).into_response()
}

/// What the head of the request tells of the file already.
fn check_head(headers: &HeaderMap, library: &Library) -> Result<(), Problem> {
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Problem::detailed(ErrorCode::UnsupportedMediaType, "send the file without a content coding"));
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let limit = library.limits().bytes();
    if length.is_some_and(|length| length > limit) {
        return Err(Error::TooLarge { limit }.into());
    }
    Ok(())
}
