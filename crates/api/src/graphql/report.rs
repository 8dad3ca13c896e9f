//! Reports for the offices above.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::queries;
use lienthong_domain::golive::{Decision, Requirement};
use lienthong_domain::report;

use crate::graphql::category::Category;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

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

/// What was decided for sites before they go live.
pub(crate) struct SiteReadinessReport(pub(crate) Vec<queries::report::SiteReadiness>);

/// A site and what was decided for it.
pub(crate) struct SiteReadiness(queries::report::SiteReadiness);

/// One of the decisions that a site needs.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "Requirement")]
pub(crate) enum SiteRequirement {
    /// Quyết định thành lập Ban biên tập.
    Board,
    /// Quy chế hoạt động.
    Regulation,
    /// Bố trí kinh phí.
    Budget,
}

/// The document by which something was decided.
#[derive(SimpleObject)]
pub(crate) struct SiteDecision {
    /// What was decided.
    requirement: SiteRequirement,
    /// Its number, word for word.
    number: String,
    /// The day it was signed.
    signed_on: Date,
    /// Who issued it.
    agency: Option<String>,
    /// Where it can be read.
    url: Option<String>,
}

/// A site where whoever wrote a text may also approve it.
pub(crate) struct FourEyesException(pub(crate) queries::report::OwnWorkException);

#[Object]
impl FourEyesException {
    /// The site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }

    /// Why.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// Since when.
    async fn since(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

#[Object]
impl SiteReadinessReport {
    /// The sites, in the Vietnamese order of their names.
    async fn rows(&self) -> Vec<SiteReadiness> {
        self.0.iter().cloned().map(SiteReadiness).collect()
    }

    /// How many of them still miss a decision.
    async fn incomplete(&self) -> usize {
        self.0.iter().filter(|row| !row.checklist.is_complete()).count()
    }
}

#[Object]
impl SiteReadiness {
    /// The site.
    async fn site(&self) -> Site {
        Site(self.0.site.clone())
    }

    /// What was decided.
    async fn decisions(&self) -> Vec<SiteDecision> {
        self.0.checklist.decided().map(Into::into).collect()
    }

    /// What is still to be decided.
    async fn missing(&self) -> Vec<SiteRequirement> {
        self.0.checklist.missing().map(Into::into).collect()
    }
}

impl From<(Requirement, &Decision)> for SiteDecision {
    fn from((requirement, decision): (Requirement, &Decision)) -> Self {
        let Decision { number, signed_on, agency, url } = decision.clone();
        Self { requirement: requirement.into(), number, signed_on: Date(signed_on), agency, url }
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
