//! Articles that are published internally. The permit is asked for before anything is looked up.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::Uri;
use lienthong_app::queries::{Bodies, PageRequest, internal};
use lienthong_domain::access::act;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::model::{InternalArticle, InternalArticleList, PageInfo};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{EntryProblem, InternalListProblem};
use crate::rest::query::Parameters;
use crate::view::article_id;

/// Which articles, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InternalParameters {
    /// Host or id of a site. At most one of `site` and `unit`; all sites of the token without.
    #[param(example = "xuanhai.nghixuan.hatinh.gov.vn")]
    site: Option<String>,
    /// Code (of today), slug or id of a unit, with all units below it.
    #[param(example = "nghi-xuan")]
    unit: Option<String>,
    /// So many from the start, 20 by default.
    #[param(minimum = 1, maximum = 100)]
    first: Option<u32>,
    /// Cursor after which to go on; with `first`.
    after: Option<String>,
    /// So many from the end.
    #[param(minimum = 1, maximum = 100)]
    last: Option<u32>,
    /// Cursor before which to stop; with `last`.
    before: Option<String>,
}

/// Articles that are published internally (tin, bài nội bộ), latest first, without their bodies.
///
/// Needs the right to read what is internal; lists the sites on which the token has it.
#[utoipa::path(
    get,
    path = "/v1/internal/articles",
    operation_id = "listInternalArticles",
    tag = "internal",
    security(("token" = [])),
    params(InternalParameters),
    responses(
        (status = 200, description = "One page of the list.", body = InternalArticleList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        InternalListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<InternalParameters>,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::ReadInternal>()?;
    let InternalParameters { site, unit, first, after, last, before } = parameters;
    let place = reading.named().internal_place(site.as_deref(), unit.as_deref())?;
    let request = PageRequest { first, last, after, before };
    let page = internal::page(&reading.app, &permit, (place, &request), Bodies::Without).await?;
    let info = PageInfo::of(&reading.app, &page);
    let links = link::pages(&uri, request.size()?.0, &info);
    let data = page.articles.into_iter().map(|article| InternalArticle::of_list(article, &reading));
    Ok((links, Json(InternalArticleList { data: data.collect(), page: info })).into_response())
}

/// One article that is published internally (một tin, bài nội bộ), with its body.
///
/// Needs the right to read what is internal on its site.
#[utoipa::path(
    get,
    path = "/v1/internal/articles/{id}",
    operation_id = "getInternalArticle",
    tag = "internal",
    security(("token" = [])),
    params(("id" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "The article.", body = InternalArticle), EntryProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(id): PathOf<String>) -> Result<Json<InternalArticle>, Problem> {
    let permit = reading.permit::<act::ReadInternal>()?;
    let id = article_id(&id).ok_or_else(|| not_found("article"))?;
    let article = internal::detail(&reading.app, &permit, id).await?;
    Ok(Json(InternalArticle::of_detail(article, &reading)))
}
