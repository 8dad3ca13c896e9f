//! The statement of royalties as a file for those who pay.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use lienthong_app::{Error, queries, workbook};
use lienthong_domain::access::act;
use lienthong_domain::royalty::Statement;
use lienthong_domain::sheet::ByteOrderMark;
use lienthong_domain::time::Period;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::RoyaltyStatement;
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::ReportProblem;
use crate::rest::query::Parameters;
use crate::rest::reports::day;

/// What `.xlsx` files are.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which days, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatementParameters {
    /// First day in Vietnam, `YYYY-MM-DD`.
    #[param(format = Date, example = "2026-07-01")]
    from: String,
    /// Last day in Vietnam, `YYYY-MM-DD`, included.
    #[param(format = Date, example = "2026-09-30")]
    to: String,
    /// In which form.
    #[serde(default)]
    #[param(inline, required = false)]
    format: Format,
}

/// The form of a statement: `json`, `csv` for programs, `xlsx` for people with a spreadsheet.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "json")]
enum Format {
    /// JSON.
    #[default]
    Json,
    /// CSV (RFC 4180) in UTF-8 with a byte-order mark; no cell begins as a formula.
    Csv,
    /// Office Open XML.
    Xlsx,
}

/// Royalties of a site in a period (bảng kê nhuận bút), for those who pay.
///
/// Works first published on the site in Vietnamese days, both ends included, whatever became of them since. Needs the right to
/// read royalties on the site.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/royalties",
    operation_id = "reportRoyalties",
    tag = "reports",
    security(("token" = [])),
    params(("site" = String, Path, description = "Host or id of the site."), StatementParameters),
    responses(
        (status = 200, description = "The statement.", content(
            (RoyaltyStatement = "application/json"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        ReportProblem,
    ),
)]
pub(super) async fn statement(
    reading: Reading,
    PathOf(site): PathOf<String>,
    Parameters(parameters): Parameters<StatementParameters>,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::ReadRoyalties>()?;
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?;
    let StatementParameters { from, to, format } = parameters;
    let period = Period::new(day("from", &from)?, day("to", &to)?);
    let period = period.map_err(|error| Error::bad_request("to", error.to_string()))?;
    let file = format!("nhuan-but-{}-{}-{}", site.host, period.from(), period.to());
    let wanted = (site.id, period);
    let statement = queries::royalties::statement(&reading.app, &permit, wanted).await?;
    format.response(statement, &file)
}

impl Format {
    /// `file` is the name under which a browser saves it; it has no other letters than those of hosts and days.
    fn response(self, statement: Statement, file: &str) -> Result<Response, Problem> {
        let named = |media: &str, ending: &str| {
            let disposition = format!("attachment; filename=\"{file}.{ending}\"");
            [(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, disposition)]
        };
        Ok(match self {
            Self::Json => Json(RoyaltyStatement::from(statement)).into_response(),
            Self::Csv => {
                (named("text/csv; charset=utf-8", "csv"), statement.to_csv(ByteOrderMark::With)).into_response()
            }
            Self::Xlsx => (named(XLSX, "xlsx"), workbook::statement(&statement)?).into_response(),
        })
    }
}
