//! Reports for the offices above.

use async_graphql::{ID, Object, SimpleObject};

use lienthong_domain::report;

use crate::ids::{GlobalId, NodeType};

/// Articles by site in a period, as district offices attach the table to letters.
pub(crate) struct ArticleReport(pub(crate) report::ArticleReport);

/// One line of the table.
#[derive(SimpleObject)]
pub(crate) struct ArticleReportRow {
    /// TT: 1 for the first line.
    rank: u32,
    /// Id of the site.
    site: ID,
    /// Trang: the site's name as registered.
    label: String,
    /// Tổng số.
    total: u64,
    /// Tổng số as it is written in Vietnamese: `2.079`.
    total_text: String,
}

#[Object]
impl ArticleReport {
    /// The two lines above the table.
    async fn title(&self) -> &[String] {
        &self.0.title
    }

    /// The lines, by number descending, then in Vietnamese order of the names.
    async fn rows(&self) -> Vec<ArticleReportRow> {
        self.0.rows.iter().map(Into::into).collect()
    }

    /// All of them together.
    async fn sum(&self) -> u64 {
        self.0.sum
    }
}

impl From<&report::ReportRow> for ArticleReportRow {
    fn from(row: &report::ReportRow) -> Self {
        let report::ReportRow { rank, site, label, total } = row;
        Self {
            rank: *rank,
            site: ID(GlobalId::new(NodeType::Site, site.as_uuid()).to_string()),
            label: label.clone(),
            total: *total,
            total_text: report::grouped(*total),
        }
    }
}
