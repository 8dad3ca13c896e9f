use lienthong_app::Snapshot;
use lienthong_domain::activity;
use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CategoryNode, Day, PageInfo, SiteRef, Time, Total, UnitRef, global_id};
use crate::ids::NodeType;

/// A site (cổng, trang thông tin điện tử).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Site {
    /// Id.
    id: String,
    /// Name as registered.
    #[schema(example = "Trang Thông tin điện tử xã Xuân Hải")]
    name: String,
    /// How it is hosted.
    kind: SiteKind,
    /// Host of its pages.
    #[schema(example = "xuanhai.nghixuan.hatinh.gov.vn")]
    host: String,
    /// Public address of its home page.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/")]
    home_url: String,
    /// Public address of an article, with `{host}` and `{slug}`.
    #[schema(example = "https://{host}/{slug}")]
    article_url_template: String,
    /// Main language as a BCP 47 tag.
    #[schema(example = "vi")]
    language: String,
    /// First day of operation.
    active_from: Day,
    /// Last day of operation; null while it runs. A closed site stays readable.
    #[schema(required)]
    active_to: Option<Day>,
    /// The unit whose site it is; null for the national catalogue.
    #[schema(required)]
    unit: Option<UnitRef>,
    /// The portal of which it is a component.
    #[schema(required)]
    parent: Option<SiteRef>,
}

/// How a site is hosted: `portal` cổng thông tin điện tử, `standalone` trang riêng, `component` trang thành phần,
/// `catalogue` the national catalogue of procedures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum SiteKind {
    /// Cổng thông tin điện tử.
    Portal,
    /// Trang thông tin điện tử riêng.
    Standalone,
    /// Trang thông tin điện tử thành phần.
    Component,
    /// The national catalogue of procedures.
    Catalogue,
}

/// A site with its categories.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SiteDetail {
    #[serde(flatten)]
    site: Site,
    /// Whether it is used.
    activity: SiteActivity,
    /// Its top categories in order, each with all categories below it.
    categories: Vec<CategoryNode>,
}

/// Whether a site is used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SiteActivity {
    /// Where it stands in its life today.
    stage: SiteStage,
    /// When the first of the articles that are public now was first published.
    #[schema(required)]
    first_published_at: Option<Time>,
    /// When the last of them was.
    #[schema(required)]
    last_published_at: Option<Time>,
}

/// Where a site stands in its life: `provisioned` made within the last 90 days, without an article yet; `never_used` made
/// longer ago, without any; `active` with a new article within the last 90 days; `dormant` without; `archived` closed, and
/// readable still.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SiteStage {
    /// Without an article yet.
    Provisioned,
    /// Without any article.
    NeverUsed,
    /// In use.
    Active,
    /// No longer in use.
    Dormant,
    /// Closed.
    Archived,
}

impl SiteActivity {
    pub(in crate::rest) fn new((stage, activity): (activity::SiteStage, activity::SiteActivity)) -> Self {
        let activity::SiteActivity { first, last } = activity;
        let stage = match stage {
            activity::SiteStage::Provisioned => SiteStage::Provisioned,
            activity::SiteStage::NeverUsed => SiteStage::NeverUsed,
            activity::SiteStage::Active => SiteStage::Active,
            activity::SiteStage::Dormant => SiteStage::Dormant,
            activity::SiteStage::Archived => SiteStage::Archived,
        };
        Self { stage, first_published_at: first.map(Time), last_published_at: last.map(Time) }
    }
}

/// One page of a list of sites.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SiteList {
    /// The sites of the page, in the Vietnamese order of their names.
    pub(in crate::rest) data: Vec<Site>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many sites the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

impl Site {
    pub(in crate::rest) fn new(of: &registry::Site, reference: &Snapshot) -> Self {
        let registry::Site {
            id,
            unit,
            kind,
            parent,
            name,
            host,
            home_url,
            article_url_template,
            language,
            active_from,
            active_to,
        } = of;
        Self {
            id: global_id(NodeType::Site, id.as_uuid()),
            name: name.clone(),
            kind: (*kind).into(),
            host: host.to_string(),
            home_url: home_url.clone(),
            article_url_template: article_url_template.clone(),
            language: language.clone(),
            active_from: Day(*active_from),
            active_to: active_to.map(Day),
            unit: unit.and_then(|id| reference.units.get(id)).map(Into::into),
            parent: parent.and_then(|id| reference.sites.get(id)).map(Into::into),
        }
    }
}

impl SiteDetail {
    pub(in crate::rest) fn new(of: &registry::Site, activity: SiteActivity, reference: &Snapshot) -> Self {
        let roots = reference.categories.roots(of.id);
        let categories = roots.map(|root| CategoryNode::new(root, reference)).collect();
        Self { site: Site::new(of, reference), activity, categories }
    }
}

impl From<registry::SiteKind> for SiteKind {
    fn from(kind: registry::SiteKind) -> Self {
        match kind {
            registry::SiteKind::Portal => Self::Portal,
            registry::SiteKind::Standalone => Self::Standalone,
            registry::SiteKind::Component => Self::Component,
            registry::SiteKind::Catalogue => Self::Catalogue,
        }
    }
}
