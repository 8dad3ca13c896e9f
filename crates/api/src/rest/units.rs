//! Administrative units.

use axum::Json;
use chrono::NaiveDate;
use lienthong_app::Error;
use lienthong_domain::time::parse_day;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{Unit, UnitDetail, UnitList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{AnyProblem, DetailProblem};
use crate::rest::query::Parameters;
use crate::view::Named;

/// As of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct UnitParameters {
    /// The day, `YYYY-MM-DD`, on which units exist and codes are read; by default today. Codes were reused in 2025.
    #[param(format = Date, example = "2025-06-30")]
    as_of: Option<String>,
}

/// The topmost units (đơn vị hành chính): today's provinces, and former units whose parent is not known.
#[utoipa::path(
    get,
    path = "/v1/units",
    operation_id = "listUnits",
    tag = "units",
    params(UnitParameters),
    responses((status = 200, description = "The units, at most 500.", body = UnitList), AnyProblem),
)]
pub(super) async fn list(
    reading: Reading,
    Parameters(parameters): Parameters<UnitParameters>,
) -> Result<Json<UnitList>, Problem> {
    let roots = Named::new(&reading.reference, parameters.day(&reading)?).roots();
    Ok(Json(UnitList { data: roots.into_iter().map(|unit| Unit::new(unit, &reading.reference)).collect() }))
}

/// One unit (một đơn vị hành chính) with the units below it, its predecessors and successors, and its sites.
#[utoipa::path(
    get,
    path = "/v1/units/{unit}",
    operation_id = "getUnit",
    tag = "units",
    params(
        ("unit" = String, Path, description = "Official code (2, 3 or 5 digits), slug or id.", example = "ha-tinh"),
        UnitParameters,
    ),
    responses((status = 200, description = "The unit.", body = UnitDetail), DetailProblem),
)]
pub(super) async fn detail(
    reading: Reading,
    PathOf(name): PathOf<String>,
    Parameters(parameters): Parameters<UnitParameters>,
) -> Result<Json<UnitDetail>, Problem> {
    let unit = Named::new(&reading.reference, parameters.day(&reading)?).unit(&name);
    let unit = unit.ok_or_else(|| not_found("unit"))?;
    Ok(Json(UnitDetail::new(unit, &reading.reference)))
}

impl UnitParameters {
    fn day(&self, reading: &Reading) -> Result<NaiveDate, Error> {
        let Some(text) = &self.as_of else { return Ok(reading.now.local_day()) };
        parse_day(text).map_err(|error| Error::bad_request("asOf", error.to_string()))
    }
}
