//! Reports for the offices above. The permit is asked for before anything is looked up.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use lienthong_app::{Error, queries};
use lienthong_domain::access::act;
use lienthong_domain::sheet::ByteOrderMark;
use lienthong_domain::time::{Period, parse_day};
use lienthong_domain::{golive, report};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{ArticleReport, SiteReadinessReport, UnmappedCategories};
use crate::rest::problem_responses::ReportProblem;
use crate::rest::query::Parameters;

/// Which sites, which days, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportParameters {
    /// Code (of today), slug or id of the unit; the sites of its whole subtree.
    #[param(example = "nghi-xuan")]
    unit: String,
    /// First day in Vietnam, `YYYY-MM-DD`.
    #[param(format = Date, example = "2024-01-01")]
    from: String,
    /// Last day in Vietnam, `YYYY-MM-DD`, included.
    #[param(format = Date, example = "2024-07-07")]
    to: String,
    /// In which form.
    #[serde(default)]
    #[param(inline, required = false)]
    format: Format,
}

/// The form of a report: `json`, `csv` for spreadsheets, `text` as it stands in the letter.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "json")]
enum Format {
    /// JSON.
    #[default]
    Json,
    /// CSV (RFC 4180) in UTF-8 with a byte-order mark, without which spreadsheets misread Vietnamese.
    Csv,
    /// The table of the letter in plain text.
    Text,
}

/// Articles by site (thống kê số lượng bài viết), as district offices attach the table to letters.
///
/// Counts what is public now, own and reposted alike, by first publication in Vietnamese days, both ends included. Needs
/// the right to read reports on the sites.
#[utoipa::path(
    get,
    path = "/v1/reports/articles",
    operation_id = "reportArticles",
    tag = "reports",
    security(("token" = [])),
    params(ReportParameters),
    responses(
        (status = 200, description = "The report.", content(
            (ArticleReport = "application/json"),
            (String = "text/csv", example = "TT,Trang,Tổng số\r\n1,Trang Thông tin điện tử xã Xuân Hải,64\r\n"),
            (String = "text/plain"),
        )),
        ReportProblem,
    ),
)]
pub(super) async fn articles(
    reading: Reading,
    Parameters(parameters): Parameters<ReportParameters>,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::ReadReport>()?;
    let unit = reading.named().required_unit("unit", &parameters.unit)?;
    let file = format!("bao-cao-{}-{}-{}.csv", unit.slug, parameters.from, parameters.to);
    let unit = unit.id;
    let report = queries::report::articles(&reading.app, &permit, (unit, parameters.period()?), reading.now).await?;
    Ok(parameters.format.response(report, &file))
}

/// Which sites.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UnitParameters {
    /// Code (of today), slug or id of the unit; the sites of its whole subtree.
    #[param(example = "42")]
    unit: String,
}

/// Which sites, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadinessParameters {
    /// Code (of today), slug or id of the unit; the sites of its whole subtree.
    #[param(example = "42")]
    unit: String,
    /// In which form.
    #[serde(default)]
    #[param(inline, required = false)]
    format: SheetFormat,
}

/// The form of a list: `json`, or `csv` for spreadsheets.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "json")]
enum SheetFormat {
    /// JSON.
    #[default]
    Json,
    /// CSV (RFC 4180) in UTF-8 with a byte-order mark, without which spreadsheets misread Vietnamese.
    Csv,
}

/// Categories that map to no topic (chuyên mục chưa có trong danh mục thông tin công khai) of the running sites of a unit.
///
/// Needs the right to read reports on the sites.
#[utoipa::path(
    get,
    path = "/v1/reports/unmapped-categories",
    operation_id = "reportUnmappedCategories",
    tag = "reports",
    security(("token" = [])),
    params(UnitParameters),
    responses((status = 200, description = "The report.", body = UnmappedCategories), ReportProblem),
)]
pub(super) async fn unmapped_categories(
    reading: Reading,
    Parameters(parameters): Parameters<UnitParameters>,
) -> Result<Json<UnmappedCategories>, Problem> {
    let permit = reading.permit::<act::ReadReport>()?;
    let unit = reading.named().required_unit("unit", &parameters.unit)?.id;
    Ok(Json(queries::report::unmapped_categories(&reading.app, &permit, unit, reading.now)?.into()))
}

/// What was decided for the sites of a unit before they go live: board, regulation, budget (điều kiện vận hành).
///
/// Lists the sites that are not closed. Needs the right to read reports on the sites.
#[utoipa::path(
    get,
    path = "/v1/reports/readiness",
    operation_id = "reportReadiness",
    tag = "reports",
    security(("token" = [])),
    params(ReadinessParameters),
    responses(
        (status = 200, description = "The report.", content(
            (SiteReadinessReport = "application/json"),
            (String = "text/csv"),
        )),
        ReportProblem,
    ),
)]
pub(super) async fn readiness(
    reading: Reading,
    Parameters(parameters): Parameters<ReadinessParameters>,
) -> Result<Response, Problem> {
    let permit = reading.permit::<act::ReadReport>()?;
    let unit = reading.named().required_unit("unit", &parameters.unit)?;
    let sites = queries::report::readiness(&reading.app, &permit, unit.id, reading.now).await?;
    Ok(match parameters.format {
        SheetFormat::Json => Json(SiteReadinessReport::from(sites)).into_response(),
        SheetFormat::Csv => {
            let rows = sites.iter().map(|row| (row.site.name.as_str(), row.site.host.as_str(), &row.checklist));
            csv_file(&format!("dieu-kien-{}.csv", unit.slug), golive::to_csv(ByteOrderMark::With, rows))
        }
    })
}

impl ReportParameters {
    fn period(&self) -> Result<Period, Error> {
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        Period::new(from, to).map_err(|error| Error::bad_request("to", error.to_string()))
    }
}

impl Format {
    fn response(self, report: report::ArticleReport, file: &str) -> Response {
        match self {
            Self::Json => Json(ArticleReport::from(report)).into_response(),
            Self::Csv => csv_file(file, report.to_csv(ByteOrderMark::With)),
            Self::Text => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], report.to_text()).into_response(),
        }
    }
}

/// `name` is the one under which a browser saves the file; it has no other letters than those of slugs and days.
fn csv_file(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}

pub(super) fn day(parameter: &'static str, text: &str) -> Result<NaiveDate, Error> {
    parse_day(text).map_err(|error| Error::bad_request(parameter, error.to_string()))
}
