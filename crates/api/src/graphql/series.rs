//! Series.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use lienthong_domain::series;

use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// A series (chuyên đề, loạt bài) of articles on one site.
pub(crate) struct Series(pub(crate) Arc<series::Series>);

#[Object]
impl Series {
    /// Global id. `articles(series:)` lists its articles.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Series, self.0.id.as_uuid()).to_string())
    }

    /// Readable key, unique on the site.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// Title, plain text.
    async fn title(&self) -> &str {
        &self.0.text.title
    }

    /// Summary, plain text.
    async fn summary(&self) -> &str {
        &self.0.text.summary
    }

    /// The site it belongs to.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }
}
