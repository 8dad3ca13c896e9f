//! Administrative units.

use axum::Json;
use axum::response::Response;
use chrono::NaiveDate;
use http::Uri;
use lienthong_app::Error;
use lienthong_app::queries::PageRequest;
use lienthong_domain::time::parse_day;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{Unit, UnitDetail, UnitList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::rest::registers::{Turned, Wanted};
use crate::view::Named;

/// Which units, as of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// The day, `YYYY-MM-DD`, on which units exist; by default today.
    #[param(format = Date, example = "2025-06-30")]
    as_of: Option<String>,
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
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Response, Problem> {
    let ListParameters { as_of, first, after, last, before, include } = parameters;
    let wanted = Wanted { page: PageRequest { first, last, after, before }, include };
    let as_of = as_of.as_deref().map(day).transpose()?;
    let turned = Turned::to(&reading, &uri, reading.named().roots(as_of), &wanted)?;
    let data = turned.items().map(|unit| Unit::new(unit, &reading.reference)).collect();
    Ok(turned.answer(|page, total| UnitList { data, page, total }))
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
    let today = reading.now.local_day();
    let day = parameters.as_of.as_deref().map(day).transpose()?.unwrap_or(today);
    let unit = Named::new(&reading.reference, day).unit(&name);
    let unit = unit.ok_or_else(|| not_found("unit"))?;
    Ok(Json(UnitDetail::new(unit, &reading.reference, today)))
}

fn day(text: &str) -> Result<NaiveDate, Error> {
    parse_day(text).map_err(|error| Error::bad_request("asOf", error.to_string()))
}
