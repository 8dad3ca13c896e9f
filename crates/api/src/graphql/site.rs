//! Sites.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::queries::{self, PageRequest, Register};
use lienthong_domain::activity;
use lienthong_domain::registry;

use crate::error::ApiError;
use crate::graphql::category::Category;
use crate::graphql::connection::{Connection, SeriesConnection};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::series::Series;
use crate::graphql::unit::Unit;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// A site (cổng, trang thông tin điện tử).
pub(crate) struct Site(pub(crate) Arc<registry::Site>);

/// How a site is hosted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "registry::SiteKind")]
pub(crate) enum SiteKind {
    /// Cổng thông tin điện tử.
    Portal,
    /// Trang thông tin điện tử riêng.
    Standalone,
    /// Trang thông tin điện tử thành phần.
    Component,
    /// The national catalogue of procedures.
    Catalogue,
}

/// Whether a site is used.
#[derive(SimpleObject)]
pub(crate) struct SiteActivity {
    /// Where it stands in its life today.
    stage: SiteStage,
    /// When the first of the articles that are public now was first published.
    first_published_at: Option<DateTime>,
    /// When the last of them was.
    last_published_at: Option<DateTime>,
}

/// Where a site stands in its life. It counts as used when an article was first published within the last 90 days.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "activity::SiteStage")]
pub(crate) enum SiteStage {
    /// Made within the last 90 days, without an article yet.
    Provisioned,
    /// Made longer ago, without any article.
    NeverUsed,
    /// In use.
    Active,
    /// No longer in use.
    Dormant,
    /// Closed: what it has stays readable, and nothing new is added.
    Archived,
}

#[Object]
impl Site {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Site, self.0.id.as_uuid()).to_string())
    }

    /// Name as registered.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How it is hosted.
    async fn kind(&self) -> SiteKind {
        self.0.kind.into()
    }

    /// Host of its pages.
    async fn host(&self) -> &str {
        self.0.host.as_str()
    }

    /// Public address of its home page.
    async fn home_url(&self) -> &str {
        &self.0.home_url
    }

    /// Public address of an article, with `{host}` and `{slug}`.
    async fn article_url_template(&self) -> &str {
        &self.0.article_url_template
    }

    /// Main language as a BCP 47 tag.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// First day of operation.
    async fn active_from(&self) -> Date {
        Date(self.0.active_from)
    }

    /// Last day of operation; none while it runs. A closed site stays readable.
    async fn active_to(&self) -> Option<Date> {
        self.0.active_to.map(Date)
    }

    /// Whether it is used: where it stands in its life today.
    async fn activity(&self, ctx: &Context<'_>) -> Result<SiteActivity, ApiError> {
        let reading = Reading::of(ctx);
        let found = queries::activity::of_site(&reading.app, &self.0, &reading.tags, reading.now);
        let (stage, activity::SiteActivity { first, last }) = Box::pin(found).await?;
        let [first, last] = [first, last].map(|at| at.map(DateTime));
        Ok(SiteActivity { stage: stage.into(), first_published_at: first, last_published_at: last })
    }

    /// The unit whose site it is.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Unit> {
        Reading::of(ctx).reference.units.get(self.0.unit?).cloned().map(Unit)
    }

    /// The portal of which it is a component.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.parent?).cloned().map(Self)
    }

    /// Its series of articles, the latest first.
    fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<SeriesConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, Register::series(&reading.reference, self.0.id), &request, Series)
    }

    /// Its top categories, in order: all of them, since they are the menu of the site.
    async fn categories(&self, ctx: &Context<'_>) -> Vec<Category> {
        Reading::of(ctx).reference.categories.roots(self.0.id).cloned().map(Category).collect()
    }
}
