use lienthong_domain::report;
use serde::Serialize;
use utoipa::ToSchema;

use super::global_id;
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
