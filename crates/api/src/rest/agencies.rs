//! Agencies.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::model::{Agency, AgencyList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::window::window;

/// Which agencies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgencyParameters {
    /// Only agencies of this unit and the units below it: code of today, slug or id.
    #[param(example = "42")]
    unit: Option<String>,
    /// How many.
    #[serde(default = "twenty")]
    #[param(required = false, minimum = 1, maximum = 100, default = 20)]
    first: u32,
    /// Id of the agency after which to go on.
    after: Option<String>,
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
            headers(("Link" = String, description = "Next and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<AgencyParameters>,
) -> Result<Response, Problem> {
    let request = window(parameters.first, parameters.after.as_deref())?;
    let agencies = reading.named().agencies(parameters.unit.as_deref(), request)?;
    let list = AgencyList::new(&agencies, &reading.reference);
    let links = link::pages(&uri, parameters.first, &list.page);
    Ok((links, Json(list)).into_response())
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

const fn twenty() -> u32 {
    20
}
