//! Sites and their category trees.

use axum::Json;
use axum::response::Response;
use http::Uri;
use lienthong_app::queries::{self, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{EditorialBoard, Site, SiteActivity, SiteDetail, SiteList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::registers::{Turned, Wanted};

/// Which sites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SiteParameters {
    /// Only sites of this unit and the units below it: code of today, slug or id.
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
    /// What else to answer.
    #[param(inline)]
    include: Option<Extra>,
}

/// The sites (cổng, trang) below a unit, or all of them, in the Vietnamese order of their names.
#[utoipa::path(
    get,
    path = "/v1/sites",
    operation_id = "listSites",
    tag = "sites",
    params(SiteParameters),
    responses(
        (status = 200, description = "One page of the list.", body = SiteList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<SiteParameters>,
) -> Result<Response, Problem> {
    let SiteParameters { unit, first, after, last, before, include } = parameters;
    let wanted = Wanted { page: PageRequest { first, last, after, before }, include };
    let turned = Turned::to(&reading, &uri, reading.named().sites(unit.as_deref())?, &wanted)?;
    let data = turned.items().map(|site| Site::new(site, &reading.reference)).collect();
    Ok(turned.answer(|page, total| SiteList { data, page, total }))
}

/// One site (một trang) with its category tree (cây chuyên mục).
#[utoipa::path(
    get,
    path = "/v1/sites/{site}",
    operation_id = "getSite",
    tag = "sites",
    params(("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn")),
    responses((status = 200, description = "The site.", body = SiteDetail), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(site): PathOf<String>) -> Result<Json<SiteDetail>, Problem> {
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?;
    let found = queries::activity::of_site(&reading.app, site, &reading.tags, reading.now).await?;
    Ok(Json(SiteDetail::new(site, SiteActivity::new(found), &reading.reference)))
}

/// The editorial board of a site (Ban biên tập), with its decision and the person who answers for it.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/board",
    operation_id = "getEditorialBoard",
    tag = "sites",
    params(("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn")),
    responses((status = 200, description = "The board.", body = EditorialBoard), DetailProblem),
)]
pub(super) async fn board(reading: Reading, PathOf(site): PathOf<String>) -> Result<Json<EditorialBoard>, Problem> {
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?.id;
    let found = queries::boards::of_site(&reading.app, site, &reading.tags).await?;
    Ok(Json(found.ok_or_else(|| not_found("board"))?.into()))
}
