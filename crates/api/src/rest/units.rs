//! Administrative units.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use http::Uri;
use lienthong_app::Error;
use lienthong_domain::time::parse_day;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::model::{UnitDetail, UnitList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::window::window;
use crate::view::Named;

/// Which units, as of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// The day, `YYYY-MM-DD`, on which units exist; by default today.
    #[param(format = Date, example = "2025-06-30")]
    as_of: Option<String>,
    /// How many.
    #[serde(default = "hundred")]
    #[param(required = false, minimum = 1, maximum = 100, default = 100)]
    first: u32,
    /// Id of the unit after which to go on.
    after: Option<String>,
}

/// As of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct DetailParameters {
    /// The day, `YYYY-MM-DD`, on which a code is read; by default today. Codes were reused in 2025.
    #[param(format = Date, example = "2025-06-30")]
    as_of: Option<String>,
}

/// The topmost units (đơn vị hành chính): today's provinces, and former units whose parent is not known.
#[utoipa::path(
    get,
    path = "/v1/units",
    operation_id = "listUnits",
    tag = "units",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list.", body = UnitList,
            headers(("Link" = String, description = "Next and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Response, Problem> {
    let day = day(&reading, parameters.as_of.as_deref())?;
    let request = window(parameters.first, parameters.after.as_deref())?;
    let list = UnitList::new(&Named::new(&reading.reference, day).roots(request)?, &reading.reference);
    let links = link::pages(&uri, parameters.first, &list.page);
    Ok((links, Json(list)).into_response())
}

/// One unit (một đơn vị hành chính) with the units below it, its predecessors and successors, and its sites.
#[utoipa::path(
    get,
    path = "/v1/units/{unit}",
    operation_id = "getUnit",
    tag = "units",
    params(
        ("unit" = String, Path, description = "Official code (2, 3 or 5 digits), slug or id.", example = "ha-tinh"),
        DetailParameters,
    ),
    responses((status = 200, description = "The unit.", body = UnitDetail), DetailProblem),
)]
pub(super) async fn detail(
    reading: Reading,
    PathOf(name): PathOf<String>,
    Parameters(parameters): Parameters<DetailParameters>,
) -> Result<Json<UnitDetail>, Problem> {
    let unit = Named::new(&reading.reference, day(&reading, parameters.as_of.as_deref())?).unit(&name);
    let unit = unit.ok_or_else(|| not_found("unit"))?;
    Ok(Json(UnitDetail::new(unit, &reading.reference, reading.now.local_day())))
}

fn day(reading: &Reading, text: Option<&str>) -> Result<NaiveDate, Error> {
    let Some(text) = text else { return Ok(reading.now.local_day()) };
    parse_day(text).map_err(|error| Error::bad_request("asOf", error.to_string()))
}

const fn hundred() -> u32 {
    100
}
