//! Administrative procedures of the national catalogue.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::Uri;
use lienthong_app::Error;
use lienthong_app::queries::procedures::{self, ProcedureFilter};
use lienthong_app::queries::{Bodies, PageRequest};
use lienthong_domain::procedure::LocalisedCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::list_parameters::Extra;
use crate::rest::model::{AdministrativeProcedure, AdministrativeProcedureList, PageInfo, ProcedureLevel, Total};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{DetailProblem, ListProblem};
use crate::rest::query::Parameters;
use crate::view::ProcedureView;

/// Which procedures, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// Code (of today), slug or id of a unit at which they are offered; names a level by itself. A unit that has ended
    /// offers nothing and is refused, with the units that took it over in the reason.
    #[param(example = "xa-tien-dien")]
    offered_at: Option<String>,
    /// Only this level.
    #[param(inline)]
    level: Option<ProcedureLevel>,
    /// Only this field (lĩnh vực); marks and case do not matter.
    #[param(example = "Hộ tịch")]
    field: Option<String>,
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

/// A list of administrative procedures in force (danh sách thủ tục hành chính).
///
/// "Offered at" a unit means: the unit exists today, by the day in Vietnam, and the national record names its level, which
/// `offeredBasis` says of each.
#[utoipa::path(
    get,
    path = "/v1/procedures",
    operation_id = "listProcedures",
    tag = "procedures",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list.", body = AdministrativeProcedureList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        ListProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Response, Problem> {
    let counts = matches!(parameters.include, Some(Extra::Total));
    let (filter, request) = parameters.parse(&reading)?;
    let shown = (Bodies::With, &*reading.tags);
    let page = procedures::page(&reading.app, &filter, &request, shown, reading.now).await?;
    let total =
        if counts { Some(procedures::count(&reading.app, &filter, &reading.tags, reading.now).await?) } else { None };
    let info = PageInfo::of(&reading.app, &page);
    let links = link::pages(&uri, request.size()?.0, &info);
    let views = page.headers.iter().map(|header| ProcedureView::of(header, filter.offered_basis()));
    let data = views.map(|view| view.map(Into::into)).collect::<Result<_, Error>>()?;
    Ok((links, Json(AdministrativeProcedureList { data, page: info, total: total.map(Total::from) })).into_response())
}

/// One administrative procedure (một thủ tục hành chính), whatever its status.
#[utoipa::path(
    get,
    path = "/v1/procedures/{code}",
    operation_id = "getProcedure",
    tag = "procedures",
    params(("code" = String, Path, example = "1.001193",
        description = "National code, `d.dddddd`, with or without the suffix of an agency.")),
    responses((status = 200, description = "The procedure.", body = AdministrativeProcedure), DetailProblem),
)]
pub(super) async fn detail(
    reading: Reading,
    PathOf(code): PathOf<String>,
) -> Result<Json<AdministrativeProcedure>, Problem> {
    let code = code.parse::<LocalisedCode>().map_err(|_| not_found("procedure"))?.code;
    let found = procedures::by_code(&reading.app, &code, &reading.tags, reading.now).await?;
    let found = found.ok_or_else(|| not_found("procedure"))?;
    Ok(Json(ProcedureView::of(&found, None)?.into()))
}

impl ListParameters {
    /// The list and the page that are meant.
    fn parse(self, reading: &Reading) -> Result<(ProcedureFilter, PageRequest), Error> {
        let Self { offered_at, level, field, first, after, last, before, include: _ } = self;
        let unit = offered_at.map(|name| reading.named().required_unit("offeredAt", &name)).transpose()?;
        let filter = ProcedureFilter { level: level.map(Into::into), field, offered_at: unit.map(|unit| unit.id) };
        Ok((filter, PageRequest { first, last, after, before }))
    }
}
