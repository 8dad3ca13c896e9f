//! Articles as their editors read and write them. The permit is asked for first, so that somebody unknown learns nothing
//! else.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LOCATION, ETAG, LOCATION};
use http::{HeaderMap, StatusCode};
use lienthong_app::commands::articles::{self, Written};
use lienthong_app::commands::desk;
use lienthong_app::queries;
use lienthong_domain::access::act;
use lienthong_domain::entry::{self, EntryKind};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::entry_requests::{ArticleInput, PublishParameters, entry_id, new_article, new_text};
use crate::rest::model::{Entry, Finding, RemovedMarkup, WrittenEntry};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{CreateProblem, EditProblem, EntryProblem, TransitionProblem};
use crate::rest::query::Parameters;
use crate::rest::version_tag::{entity_tag, failed, seen_version};

/// Makes an article as a draft (tạo bản thảo).
///
/// Needs the right to create on the site.
#[utoipa::path(
    post,
    path = "/v1/sites/{site}/articles",
    operation_id = "createArticle",
    tag = "editing",
    security(("token" = [])),
    params(
        ("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn"),
        ("Idempotency-Key" = Option<String>, Header, example = "8e03978e-40d5-43e8-bc93-6894a57f9324",
            description = "Unique for this request, at most 200 visible ASCII characters. Sent again by the same account \
                within 24 hours, the request makes nothing and is answered as the first time."),
    ),
    request_body = ArticleInput,
    responses(
        (status = 201, description = "The article as a draft.", body = WrittenEntry, headers(
            ("Location" = String, description = "Address of the entry."),
            ("ETag" = String, description = "Its version, for `If-Match`."),
        )),
        CreateProblem,
    ),
)]
pub(super) async fn create(
    reading: Reading,
    PathOf(site): PathOf<String>,
    request: Request,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Create>()?;
    let new = new_article(&reading, &site, request).await?;
    let written = articles::create(&reading.app, &permit, new, reading.now).await?;
    let tag = entity_tag(written.entry.version);
    let body = written_entry(&reading, written);
    Ok((StatusCode::CREATED, [(ETAG, tag)], [(LOCATION, address(&body.entry))], Json(body)).into_response())
}

/// An entry as its editors see it, draft and published edition (bản thảo và bản đã đăng).
///
/// Needs the right to read drafts on its site, or to create there for one's own text.
#[utoipa::path(
    get,
    path = "/v1/entries/{id}",
    operation_id = "getEntry",
    tag = "editing",
    security(("token" = [])),
    params(("id" = String, Path, description = "Id of the article.")),
    responses(
        (status = 200, description = "The entry.", body = Entry,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        EntryProblem,
    ),
)]
pub(super) async fn detail(reading: Reading, PathOf(id): PathOf<String>) -> Result<Response, Problem> {
    let permit = reading.permit_or_own::<act::ReadDraft>()?;
    let entry = queries::entries::find(&reading.app, &permit, entry_id(&id)?).await?;
    if entry.kind != EntryKind::Article {
        return Err(not_found("article"));
    }
    Ok(([(ETAG, entity_tag(entry.version))], Json(Entry::new(entry, &reading))).into_response())
}

/// Replaces the draft's text, or begins a new draft over the published edition (sửa bản thảo).
///
/// Needs the right to edit on the site, or to create there for one's own text. The answer has no `ETag`, because sanitising may have changed the text (RFC 9110
/// section 9.3.4): take `version`.
#[utoipa::path(
    put,
    path = "/v1/entries/{id}",
    operation_id = "editArticle",
    tag = "editing",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "Id of the article."),
        ("If-Match" = String, Header, example = "\"v3\"", description = "The version the text was made against."),
    ),
    request_body = ArticleInput,
    responses((status = 200, description = "The article after the write.", body = WrittenEntry), EditProblem),
)]
pub(super) async fn edit(
    reading: Reading,
    PathOf(id): PathOf<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<WrittenEntry>, Problem> {
    let permit = reading.permit_or_own::<act::Edit>()?;
    let seen = (entry_id(&id)?, seen_version(&headers)?);
    let input = new_text(&reading, request).await?;
    let written = articles::edit(&reading.app, &permit, seen, input, reading.now).await.map_err(failed)?;
    Ok(Json(written_entry(&reading, written)))
}

/// Publishes the open edition to its audience, at once or at a time (đăng bài, hẹn giờ đăng), and approves it where nobody
/// has yet; whoever has written on it may not do that.
///
/// Going from public to internal, its address answers 410 from then on. Needs the right to publish on the site.
#[utoipa::path(
    post,
    path = "/v1/entries/{id}/publish",
    operation_id = "publishArticle",
    tag = "editing",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "Id of the article."),
        ("If-Match" = String, Header, example = "\"v3\"", description = "The version that was read."),
        PublishParameters,
    ),
    responses(
        (status = 200, description = "The article after the publication.", body = Entry,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        TransitionProblem,
    ),
)]
pub(super) async fn publish(
    reading: Reading,
    PathOf(id): PathOf<String>,
    headers: HeaderMap,
    Parameters(parameters): Parameters<PublishParameters>,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Publish>()?;
    let seen = (entry_id(&id)?, seen_version(&headers)?);
    let published =
        desk::publish(&reading.app, &permit, (seen, parameters.publication(reading.now)?), reading.now).await;
    Ok(changed(&reading, published.map_err(failed)?))
}

/// Takes a published article back (gỡ bài); if it was public, its address answers 410 from then on.
///
/// Needs the right to withdraw on the site.
#[utoipa::path(
    post,
    path = "/v1/entries/{id}/withdraw",
    operation_id = "withdrawArticle",
    tag = "editing",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "Id of the article."),
        ("If-Match" = String, Header, example = "\"v3\"", description = "The version that was read."),
    ),
    responses(
        (status = 200, description = "The article after the withdrawal.", body = Entry,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        TransitionProblem,
    ),
)]
pub(super) async fn withdraw(
    reading: Reading,
    PathOf(id): PathOf<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::Withdraw>()?;
    let seen = (entry_id(&id)?, seen_version(&headers)?);
    let withdrawn = desk::withdraw(&reading.app, &permit, seen, reading.now).await;
    Ok(changed(&reading, withdrawn.map_err(failed)?))
}

/// The entry after a step in its life, as a representation of the entry itself.
fn changed(reading: &Reading, entry: entry::Entry) -> Response {
    let tag = entity_tag(entry.version);
    let body = Entry::new(entry, reading);
    ([(ETAG, tag)], [(CONTENT_LOCATION, address(&body))], Json(body)).into_response()
}

fn written_entry(reading: &Reading, written: Written) -> WrittenEntry {
    let Written { entry, removed, findings } = written;
    WrittenEntry {
        entry: Entry::new(entry, reading),
        removed: removed.into_iter().map(RemovedMarkup::from).collect(),
        findings: findings.into_iter().map(Finding::from).collect(),
    }
}

fn address(entry: &Entry) -> String {
    format!("/v1/entries/{}", entry.id)
}
