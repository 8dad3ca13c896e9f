use lienthong_domain::registry::{self, Category as DomainCategory, Site as DomainSite, Topic as DomainTopic};
use std::sync::Arc;

use lienthong_domain::series;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{GlobalId, NodeType};

/// The site that something belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SiteRef {
    /// Id.
    id: String,
    /// Name as registered.
    #[schema(example = "Trang Thông tin điện tử xã Xuân Hải")]
    name: String,
    /// Host of its pages.
    #[schema(example = "xuanhai.nghixuan.hatinh.gov.vn")]
    host: String,
    /// Public address of its home page.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/")]
    home_url: String,
}

/// The category that something stands in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct CategoryRef {
    /// Id.
    id: String,
    /// Readable key, unique on the site.
    #[schema(example = "cai-cach-hanh-chinh")]
    slug: String,
    /// Name as shown.
    #[schema(example = "Cải cách hành chính")]
    name: String,
}

/// The topic that something is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct TopicRef {
    /// Id.
    id: String,
    /// Code in the catalogue.
    #[schema(example = "tt.tin")]
    code: String,
    /// Vietnamese name.
    #[schema(example = "Tin tức, sự kiện")]
    name: String,
}

/// The series that something belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SeriesRef {
    /// Id.
    id: String,
    /// Readable key, unique on the site.
    #[schema(example = "xay-dung-nong-thon-moi")]
    slug: String,
    /// Title, plain text.
    #[schema(example = "Xây dựng nông thôn mới")]
    title: String,
}

/// A unit in relation to another thing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct UnitRef {
    /// Id.
    id: String,
    /// Official code; null for historic units whose code is not known.
    #[schema(required, example = "18352")]
    code: Option<String>,
    /// Readable key.
    #[schema(example = "xa-xuan-hai")]
    slug: String,
    /// Name with the kind.
    #[schema(example = "Xã Xuân Hải")]
    full_name: String,
}

/// The id that clients see.
pub(in crate::rest) fn global_id(kind: NodeType, id: Uuid) -> String {
    GlobalId::new(kind, id).to_string()
}

impl From<&Arc<DomainSite>> for SiteRef {
    fn from(site: &Arc<DomainSite>) -> Self {
        Self {
            id: global_id(NodeType::Site, site.id.as_uuid()),
            name: site.name.clone(),
            host: site.host.to_string(),
            home_url: site.home_url.clone(),
        }
    }
}

impl From<&Arc<DomainCategory>> for CategoryRef {
    fn from(category: &Arc<DomainCategory>) -> Self {
        Self {
            id: global_id(NodeType::Category, category.id.as_uuid()),
            slug: category.slug.to_string(),
            name: category.name.clone(),
        }
    }
}

impl From<&Arc<DomainTopic>> for TopicRef {
    fn from(topic: &Arc<DomainTopic>) -> Self {
        Self {
            id: global_id(NodeType::Topic, topic.id.as_uuid()),
            code: topic.code.to_string(),
            name: topic.name_vi.clone(),
        }
    }
}

impl From<&Arc<series::Series>> for SeriesRef {
    fn from(series: &Arc<series::Series>) -> Self {
        Self {
            id: global_id(NodeType::Series, series.id.as_uuid()),
            slug: series.slug.to_string(),
            title: series.text.title.clone(),
        }
    }
}

impl From<&Arc<registry::Unit>> for UnitRef {
    fn from(unit: &Arc<registry::Unit>) -> Self {
        Self {
            id: global_id(NodeType::Unit, unit.id.as_uuid()),
            code: unit.code.map(|code| code.to_string()),
            slug: unit.slug.to_string(),
            full_name: unit.full_name.clone(),
        }
    }
}
