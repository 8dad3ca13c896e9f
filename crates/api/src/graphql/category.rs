//! Categories.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use lienthong_domain::registry;

use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// A category (chuyên mục) of one site.
pub(crate) struct Category(pub(crate) Arc<registry::Category>);

#[Object]
impl Category {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Category, self.0.id.as_uuid()).to_string())
    }

    /// Readable key, unique on the site.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// Name as shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The site it belongs to.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }

    /// The category above it.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Category> {
        Reading::of(ctx).reference.categories.get(self.0.parent?).cloned().map(Self)
    }

    /// The categories directly below it, in order: all of them, since they are a part of the site's menu.
    async fn children(&self, ctx: &Context<'_>) -> Vec<Category> {
        Reading::of(ctx).reference.categories.children(self.0.id).cloned().map(Self).collect()
    }

    /// The topic of the disclosure catalogue it maps to. None is a finding.
    async fn topic(&self, ctx: &Context<'_>) -> Option<Topic> {
        Reading::of(ctx).reference.topics.get(self.0.topic?).cloned().map(Topic)
    }
}
