use lienthong_app::Snapshot;
use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CategoryRef, SiteRef, TopicRef, global_id};
use crate::ids::NodeType;

/// A category (chuyên mục) of one site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Category {
    /// Id.
    id: String,
    /// Readable key, unique on the site.
    #[schema(example = "cai-cach-hanh-chinh")]
    slug: String,
    /// Name as shown.
    #[schema(example = "Cải cách hành chính")]
    name: String,
    /// The site it belongs to.
    #[schema(required)]
    site: Option<SiteRef>,
    /// The category above it.
    #[schema(required)]
    parent: Option<CategoryRef>,
    /// The categories directly below it, in order.
    children: Vec<CategoryRef>,
    /// The topic of the disclosure catalogue it maps to; null is a finding.
    #[schema(required)]
    topic: Option<TopicRef>,
}

/// A category with all categories below it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct CategoryNode {
    /// Id.
    id: String,
    /// Readable key, unique on the site.
    #[schema(example = "cai-cach-hanh-chinh")]
    slug: String,
    /// Name as shown.
    #[schema(example = "Cải cách hành chính")]
    name: String,
    /// The topic of the disclosure catalogue it maps to; null is a finding.
    #[schema(required)]
    topic: Option<TopicRef>,
    /// The categories directly below it, in order.
    #[schema(no_recursion)]
    children: Vec<CategoryNode>,
}

impl Category {
    pub(in crate::rest) fn new(of: &registry::Category, reference: &Snapshot) -> Self {
        let registry::Category { id, site, parent, slug, name, topic, position: _ } = of;
        let categories = &reference.categories;
        Self {
            id: global_id(NodeType::Category, id.as_uuid()),
            slug: slug.to_string(),
            name: name.clone(),
            site: reference.sites.get(*site).map(Into::into),
            parent: parent.and_then(|id| categories.get(id)).map(Into::into),
            children: categories.children(*id).map(Into::into).collect(),
            topic: topic.and_then(|id| reference.topics.get(id)).map(Into::into),
        }
    }
}

impl CategoryNode {
    /// The tree below `of`. Categories form a tree, so this ends.
    pub(in crate::rest) fn new(of: &registry::Category, reference: &Snapshot) -> Self {
        let registry::Category { id, site: _, parent: _, slug, name, topic, position: _ } = of;
        Self {
            id: global_id(NodeType::Category, id.as_uuid()),
            slug: slug.to_string(),
            name: name.clone(),
            topic: topic.and_then(|id| reference.topics.get(id)).map(Into::into),
            children: reference.categories.children(*id).map(|child| Self::new(child, reference)).collect(),
        }
    }
}
