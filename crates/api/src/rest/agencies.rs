//! Agencies.

use axum::Json;
use axum::response::Response;
use http::Uri;
use lienthong_app::queries::PageRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{Agency, AgencyList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::registers::{Turned, Wanted};

/// Which agencies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgencyParameters {
    /// Only agencies of this unit and the units below it: code of today, slug or id.
    #[param(example = "42")]
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

/// The agencies (cơ quan, phòng ban) of a unit and of all units below it, or all of them, in the Vietnamese order of their
/// names.
#[utoipa::path(
    get,
    path = "/v1/agencies",
    operation_id = "listAgencies",
    tag = "units",
    params(AgencyParameters),
    responses(
        (status = 200, description = "One page of the list.", body = AgencyList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<AgencyParameters>,
) -> Result<Response, Problem> {
    let AgencyParameters { unit, first, after, last, before, include } = parameters;
    let wanted = Wanted { page: PageRequest { first, last, after, before }, include };
    let turned = Turned::to(&reading, &uri, reading.named().agencies(unit.as_deref())?, &wanted)?;
    let data = turned.items().map(|agency| Agency::new(agency, &reading.reference)).collect();
    Ok(turned.answer(|page, total| AgencyList { data, page, total }))
}

/// One agency (một cơ quan).
#[utoipa::path(
    get,
    path = "/v1/agencies/{identifier}",
    operation_id = "getAgency",
    tag = "units",
    params((
        "identifier" = String, Path, description = "Identifier in either spelling, or id.", example = "000.00.00.H27",
    )),
    responses((status = 200, description = "The agency.", body = Agency), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(name): PathOf<String>) -> Result<Json<Agency>, Problem> {
    let agency = reading.named().agency(&name).ok_or_else(|| not_found("agency"))?;
    Ok(Json(Agency::new(agency, &reading.reference)))
}
