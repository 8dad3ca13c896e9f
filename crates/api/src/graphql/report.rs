//! Reports for the offices above.

use async_graphql::{ID, Object, SimpleObject};

use lienthong_app::queries;
use lienthong_domain::report;

use crate::graphql::category::Category;
use crate::graphql::site::Site;
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

/// Categories that map to no topic of the disclosure catalogue, as findings for monitors.
pub(crate) struct UnmappedCategories(pub(crate) queries::report::UnmappedCategories);

/// A category without topic.
pub(crate) struct UnmappedCategory(queries::report::UnmappedCategory);

#[Object]
impl UnmappedCategories {
    /// The categories, in the Vietnamese order of the sites' names.
    async fn rows(&self) -> Vec<UnmappedCategory> {
        self.0.rows.iter().cloned().map(UnmappedCategory).collect()
    }

    /// How many of them there are.
    async fn sum(&self) -> usize {
        self.0.rows.len()
    }

    /// How many categories the sites have in all.
    async fn categories(&self) -> u64 {
        self.0.categories
    }

    /// How many sites were looked at.
    async fn sites(&self) -> u64 {
        self.0.sites
    }
}

#[Object]
impl UnmappedCategory {
    /// Its site.
    async fn site(&self) -> Site {
        Site(self.0.site.clone())
    }

    /// The category.
    async fn category(&self) -> Category {
        Category(self.0.category.clone())
    }

    /// Its name with the names of the categories above it: `Văn bản › Công báo`.
    async fn path(&self) -> &str {
        &self.0.path
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
