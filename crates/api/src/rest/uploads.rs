//! Files that arrive piece by piece: tus 1.0 (<https://tus.io/protocols/resumable-upload>), core protocol with creation,
//! expiration and termination. `HEAD` comes as `GET`, see [`crate::front`].

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lienthong_app::commands::media::{self, NewUpload, Upload as AppUpload};
use lienthong_app::library::Library;
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::access::act;
use lienthong_domain::ids::UploadId;
use uuid::Uuid;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{Upload, media_id};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{EntryProblem, UploadProblem};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const EXTENSIONS: HeaderValue = HeaderValue::from_static("creation,expiration,termination");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const MEDIA: HeaderName = HeaderName::from_static("upload-media");

/// The media type of a piece.
const PIECE: &str = "application/offset+octet-stream";

/// Begins an upload that can be resumed (bắt đầu tải lên từng phần).
///
/// tus 1.0: `Upload-Metadata` holds `site` (host or id) and `filename`, each in base64. Needs the right to create on the
/// site.
#[utoipa::path(
    post,
    path = "/v1/uploads",
    operation_id = "beginUpload",
    tag = "media",
    security(("token" = [])),
    params(
        ("Tus-Resumable" = String, Header, description = "Always `1.0.0`.", example = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes in all.", example = 10_485_760),
        ("Upload-Metadata" = String, Header, example = "site eHVhbmhhaS5leGFtcGxl,filename a2UtaG9hY2gucGRm",
            description = "`site` and `filename`, with their values in base64."),
    ),
    responses(
        (status = 201, description = "The upload has begun.", headers(
            ("Location" = String, description = "Where its pieces go."),
            ("Upload-Expires" = String, description = "When it is forgotten, unless it goes on."),
        )),
        UploadProblem,
    ),
)]
pub(super) async fn begin(reading: Reading, headers: HeaderMap) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let library = reading.library()?;
    check_version(&headers)?;
    let length = number(&headers, &LENGTH)?;
    let metadata = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let value = |key| metadata_value(metadata, key);
    let site = value("site").ok_or_else(|| Problem::parameter("Upload-Metadata", "must hold site in base64"))?;
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?.id;
    let new = NewUpload { site, file_name: value("filename").unwrap_or_default(), length };
    let begun = media::begin((&reading.app, library), &permit, new, reading.now).await;
    let upload = begun.map_err(|error| too_large(error, library))?;
    let location = format!("{}/v1/uploads/{}", reading.public_url.as_str().trim_end_matches('/'), upload.id);
    let mut response = (StatusCode::CREATED, [(LOCATION, location)]).into_response();
    tell(&mut response, &upload);
    Ok(response)
}

/// How far an upload is (tiến độ tải lên). `HEAD` tells the same in its headers, as tus wants it.
///
/// Needs to be one's own upload.
#[utoipa::path(
    get,
    path = "/v1/uploads/{upload}",
    operation_id = "getUpload",
    tag = "media",
    security(("token" = [])),
    params(("upload" = String, Path, description = "As it stands in `Location`.")),
    responses(
        (status = 200, description = "How far it is.", body = Upload, headers(
            ("Upload-Offset" = u64, description = "Bytes that have arrived."),
            ("Upload-Length" = u64, description = "Bytes in all."),
        )),
        EntryProblem,
    ),
)]
pub(super) async fn detail(reading: Reading, PathOf(id): PathOf<String>) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let upload = media::find(&reading.app, &permit, upload_id(&id)?, reading.now).await?;
    let mut response = Json(Upload::from(upload.clone())).into_response();
    tell(&mut response, &upload);
    response.headers_mut().insert(LENGTH, HeaderValue::from(upload.length));
    Ok(response)
}

/// Sends the next piece of an upload (gửi phần tiếp theo).
///
/// What arrived before a connection broke off counts: ask how far it is, and go on there. With the last piece the file is
/// looked at; when it is taken, `Upload-Media` holds its id in the library. A file that the virus scanner could not look at
/// waits: send an empty piece to try again.
#[utoipa::path(
    patch,
    path = "/v1/uploads/{upload}",
    operation_id = "appendUpload",
    tag = "media",
    security(("token" = [])),
    params(
        ("upload" = String, Path, description = "As it stands in `Location`."),
        ("Tus-Resumable" = String, Header, description = "Always `1.0.0`.", example = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Where the piece begins.", example = 0),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "The piece has arrived.", headers(
            ("Upload-Offset" = u64, description = "Bytes that have arrived."),
            ("Upload-Media" = String, description = "After the last piece: id of the file in the library."),
        )),
        UploadProblem,
    ),
)]
pub(super) async fn append(
    reading: Reading,
    PathOf(id): PathOf<String>,
    request: Request,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let library = reading.library()?;
    let upload = media::find(&reading.app, &permit, upload_id(&id)?, reading.now).await?;
    check_version(request.headers())?;
    if request.headers().get(CONTENT_TYPE).is_none_or(|media| media != PIECE) {
        return Err(Problem::detailed(ErrorCode::UnsupportedMediaType, format!("send {PIECE}")));
    }
    let offset = number(request.headers(), &OFFSET)?;
    let body = request.into_body().into_data_stream();
    let upload = media::append((&reading.app, library), (upload, offset), body, reading.now).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    tell(&mut response, &upload);
    if upload.received == upload.length {
        let added = media::finish((&reading.app, library), &permit, &upload, reading.now).await?;
        response.headers_mut().insert(MEDIA, text(&media_id(added.media.id)));
    }
    Ok(response)
}

/// Ends an upload that is not wanted any more (hủy tải lên).
///
/// Needs to be one's own upload. What has come into the library stays there.
#[utoipa::path(
    delete,
    path = "/v1/uploads/{upload}",
    operation_id = "endUpload",
    tag = "media",
    security(("token" = [])),
    params(
        ("upload" = String, Path, description = "As it stands in `Location`."),
        ("Tus-Resumable" = String, Header, description = "Always `1.0.0`.", example = "1.0.0"),
    ),
    responses((status = 204, description = "It is forgotten."), UploadProblem),
)]
pub(super) async fn end(reading: Reading, PathOf(id): PathOf<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let library = reading.library()?;
    let upload = media::find(&reading.app, &permit, upload_id(&id)?, reading.now).await?;
    check_version(&headers)?;
    media::end((&reading.app, library), &upload).await?;
    Ok((StatusCode::NO_CONTENT, [(RESUMABLE, VERSION)]).into_response())
}

/// What this server can, as tus asks for it.
pub(super) async fn options(reading: Reading) -> Result<Response, Problem> {
    let most = HeaderValue::from(reading.library()?.limits().bytes());
    let headers = [
        (RESUMABLE, VERSION),
        (HeaderName::from_static("tus-version"), VERSION),
        (HeaderName::from_static("tus-extension"), EXTENSIONS),
        (HeaderName::from_static("tus-max-size"), most),
    ];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

fn upload_id(id: &str) -> Result<UploadId, Problem> {
    Uuid::try_parse(id).map(UploadId::from_uuid).map_err(|_| not_found("upload"))
}

fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(RESUMABLE).is_some_and(|version| version == VERSION) {
        return Ok(());
    }
    Err(Problem::detailed(ErrorCode::PreconditionFailed, "send Tus-Resumable: 1.0.0"))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let number = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    number.ok_or_else(|| Problem::field(ErrorCode::BadRequest, name.to_string(), "must be a number of bytes"))
}

/// One value of `Upload-Metadata`: `key base64,key base64`.
fn metadata_value(metadata: &str, key: &str) -> Option<String> {
    let pairs = metadata.split(',').filter_map(|pair| pair.trim().split_once(' '));
    let (_, value) = pairs.into_iter().find(|(name, _)| *name == key)?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

fn tell(response: &mut Response, upload: &AppUpload) {
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, VERSION);
    headers.insert(OFFSET, HeaderValue::from(upload.received));
    let expires = upload.expires_at.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.insert(EXPIRES, text(&expires));
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""))
}

fn too_large(error: Error, library: &Library) -> Problem {
    match error {
        Error::TooLarge { .. } => {
            let limit = library.limits().bytes();
            Problem::detailed(ErrorCode::TooLarge, format!("Upload-Length must not exceed {limit}"))
        }
        error => error.into(),
    }
}
