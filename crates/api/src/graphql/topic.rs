//! Topics of the disclosure catalogue.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use lienthong_domain::registry;

use crate::graphql::unit::Unit;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// A topic (mục thông tin công khai) of the legal disclosure catalogue: data with citations.
pub(crate) struct Topic(pub(crate) Arc<registry::Topic>);

#[Object]
impl Topic {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Topic, self.0.id.as_uuid()).to_string())
    }

    /// Code such as `tt.tin`.
    async fn code(&self) -> String {
        self.0.code.to_string()
    }

    /// The province that has added it to the national catalogue for its own sites; none for a national topic.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Unit> {
        Reading::of(ctx).reference.units.get(self.0.unit?).cloned().map(Unit)
    }

    /// The national topic of which it is a part, for a province's own topic; its lists hold what is listed here as well.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Topic> {
        Reading::of(ctx).reference.topics.get(self.0.parent?).cloned().map(Self)
    }

    /// Vietnamese name.
    async fn name(&self) -> &str {
        &self.0.name_vi
    }

    /// English name.
    async fn name_en(&self) -> &str {
        &self.0.name_en
    }

    /// Levels it binds: T province, H district (until 30/06/2025), X commune.
    async fn levels(&self) -> Vec<&str> {
        self.0.levels.split_whitespace().collect()
    }

    /// Legal basis, as the catalogue cites it.
    async fn legal_basis(&self) -> &str {
        &self.0.legal_basis
    }

    /// The rule on when it must appear, as the catalogue states it.
    async fn after_event(&self) -> &str {
        &self.0.after_event
    }

    /// Days without a change after which it counts as stale, where the catalogue gives a number.
    async fn max_stale_days(&self) -> Option<u32> {
        self.0.max_stale_days
    }
}
