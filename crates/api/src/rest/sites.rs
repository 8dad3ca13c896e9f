//! Sites and their category trees.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::Uri;
use lienthong_app::queries;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::model::{EditorialBoard, SiteActivity, SiteDetail, SiteList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::window::window;

/// Which sites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SiteParameters {
    /// Only sites of this unit and the units below it: code of today, slug or id.
    #[param(example = "nghi-xuan")]
    unit: Option<String>,
    /// How many.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 100, default = 20)]
    first: u32,
    /// Id of the site after which to go on.
    after: Option<String>,
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
            headers(("Link" = String, description = "Next and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<SiteParameters>,
) -> Result<Response, Problem> {
    let request = window(parameters.first, parameters.after.as_deref())?;
    let sites = reading.named().sites(parameters.unit.as_deref(), request)?;
    let list = SiteList::new(&sites, &reading.reference);
    let links = link::pages(&uri, parameters.first, &list.page);
    Ok((links, Json(list)).into_response())
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

const fn twenty() -> u32 {
    20
}
