use lienthong_app::queries::report::{
    SiteReadiness as ReadinessRow, UnmappedCategories as UnmappedReport, UnmappedCategory as UnmappedRow,
};
use lienthong_domain::golive::{Decision, Requirement};
use lienthong_domain::report;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CategoryRef, SiteRef, global_id};
use crate::ids::NodeType;

/// Articles by site in a period, as district offices attach the table to letters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ArticleReport {
    /// The two lines above the table.
    #[schema(example = json!(["THỐNG KÊ SỐ LƯỢNG BÀI VIẾT TRÊN CỔNG/TRANG TTĐT", "(Từ 01/01/2024 - 07/07/2024)"]))]
    title: Vec<String>,
    /// The lines, by number descending, then in Vietnamese order of the names.
    rows: Vec<ArticleReportRow>,
    /// All of them together.
    #[schema(example = 2207)]
    sum: u64,
}

/// One line of the table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ArticleReportRow {
    /// TT: 1 for the first line.
    #[schema(example = 1)]
    rank: u32,
    /// Id of the site.
    site: String,
    /// Trang: the site's name as registered.
    #[schema(example = "Trang Thông tin điện tử xã Xuân Hải")]
    label: String,
    /// Tổng số.
    #[schema(example = 2079)]
    total: u64,
    /// Tổng số as it is written in Vietnamese: `2.079`.
    #[schema(example = "2.079")]
    total_text: String,
}

/// Categories that map to no topic of the disclosure catalogue, as findings for monitors.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct UnmappedCategories {
    /// The categories, in the Vietnamese order of the sites' names.
    rows: Vec<UnmappedCategory>,
    /// How many of them there are.
    sum: usize,
    /// How many categories the sites have in all.
    categories: u64,
    /// How many sites were looked at.
    sites: u64,
}

/// A category without topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnmappedCategory {
    /// Its site.
    site: SiteRef,
    /// The category.
    category: CategoryRef,
    /// Its name with the names of the categories above it.
    #[schema(example = "Văn bản › Công báo")]
    path: String,
}

/// What was decided for sites before they go live.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SiteReadinessReport {
    /// The sites, in the Vietnamese order of their names.
    rows: Vec<SiteReadiness>,
    /// How many of them still miss a decision.
    incomplete: usize,
}

/// A site and what was decided for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SiteReadiness {
    /// The site.
    site: SiteRef,
    /// What was decided.
    decisions: Vec<SiteDecision>,
    /// What is still to be decided: `board`, `regulation`, `budget`.
    #[schema(example = json!(["budget"]))]
    missing: Vec<&'static str>,
}

/// The document by which something was decided.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SiteDecision {
    /// What was decided: `board`, `regulation`, `budget`.
    #[schema(example = "board")]
    requirement: &'static str,
    /// Its number, word for word.
    #[schema(example = "12/QĐ-UBND")]
    number: String,
    /// The day it was signed.
    #[schema(format = Date, example = "2025-07-15")]
    signed_on: String,
    /// Who issued it.
    agency: Option<String>,
    /// Where it can be read.
    url: Option<String>,
}

impl From<Vec<ReadinessRow>> for SiteReadinessReport {
    fn from(rows: Vec<ReadinessRow>) -> Self {
        let incomplete = rows.iter().filter(|row| !row.checklist.is_complete()).count();
        let row = |ReadinessRow { site, checklist }: ReadinessRow| SiteReadiness {
            site: (&site).into(),
            decisions: checklist.decided().map(Into::into).collect(),
            missing: checklist.missing().map(Requirement::as_str).collect(),
        };
        Self { rows: rows.into_iter().map(row).collect(), incomplete }
    }
}

impl From<(Requirement, &Decision)> for SiteDecision {
    fn from((requirement, decision): (Requirement, &Decision)) -> Self {
        let Decision { number, signed_on, agency, url } = decision.clone();
        Self { requirement: requirement.as_str(), number, signed_on: signed_on.to_string(), agency, url }
    }
}

impl From<UnmappedReport> for UnmappedCategories {
    fn from(report: UnmappedReport) -> Self {
        let UnmappedReport { rows, categories, sites } = report;
        let row = |row| {
            let UnmappedRow { category, path, site } = row;
            UnmappedCategory { site: (&site).into(), category: (&category).into(), path }
        };
        Self { sum: rows.len(), rows: rows.into_iter().map(row).collect(), categories, sites }
    }
}

impl From<report::ArticleReport> for ArticleReport {
    fn from(report: report::ArticleReport) -> Self {
        let report::ArticleReport { title, rows, sum } = report;
        Self { title: title.into(), rows: rows.into_iter().map(Into::into).collect(), sum }
    }
}

impl From<report::ReportRow> for ArticleReportRow {
    fn from(row: report::ReportRow) -> Self {
        let report::ReportRow { rank, site, label, total } = row;
        let total_text = report::grouped(total);
        Self { rank, site: global_id(NodeType::Site, site.as_uuid()), label, total, total_text }
    }
}
