//! Articles as the people with a role on a site read them, besides what is public.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};

use lienthong_app::Snapshot;
use lienthong_app::queries::internal::{self, InternalPage};
use lienthong_domain::audience;

use crate::error::ApiError;
use crate::graphql::article::{ArticleKind, ArticleSource, Attachment, Cover};
use crate::graphql::category::Category;
use crate::graphql::connection::{self, Edge, PageInfo, Shown};
use crate::graphql::scalar::DateTime;
use crate::graphql::series::Series;
use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// For whom an edition is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "audience::Audience")]
pub(crate) enum Audience {
    /// Công khai: everybody.
    Public,
    /// Nội bộ: the people with a role on the site.
    Internal,
}

/// An article that is published internally (tin, bài nội bộ). It has no public address, and nothing public leads to it.
pub(crate) struct InternalArticle {
    of: internal::InternalArticle,
    reference: Arc<Snapshot>,
}

/// One page of a list of internal articles. It has no total: what the permit reaches is not counted.
pub(crate) struct InternalArticleConnection(pub(crate) InternalPage);

impl Shown for InternalPage {
    type Page = Self;
    type Node = InternalArticle;

    fn page(&self) -> &Self {
        self
    }

    fn node(&self, reading: &Reading, item: &internal::InternalArticle) -> Result<InternalArticle, ApiError> {
        Ok(InternalArticle::new(item.clone(), reading))
    }
}

/// One page of a list of internal articles.
#[Object]
impl InternalArticleConnection {
    /// The articles of the page with their cursors.
    fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<InternalArticle>>, ApiError> {
        connection::edges(&self.0, Reading::of(ctx))
    }

    /// The articles of the page.
    fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<InternalArticle>, ApiError> {
        connection::nodes(&self.0, Reading::of(ctx))
    }

    /// Where the page lies in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo::of(&self.0, &Reading::of(ctx).app)
    }
}

impl InternalArticle {
    pub(crate) fn new(of: internal::InternalArticle, reading: &Reading) -> Self {
        Self { of, reference: Arc::clone(&reading.reference) }
    }
}

#[Object]
impl InternalArticle {
    /// Global id, the same as that of the entry.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Article, self.of.entry.as_uuid()).to_string())
    }

    /// The address it would have on the site if it were public.
    async fn slug(&self) -> &str {
        &self.of.slug
    }

    /// Form of journalism.
    async fn kind(&self) -> ArticleKind {
        self.of.article.kind.into()
    }

    /// Title, plain text.
    async fn title(&self) -> &str {
        &self.of.article.title
    }

    /// Summary (sapo), plain text.
    async fn summary(&self) -> &str {
        &self.of.article.summary
    }

    /// Body, sanitised HTML. Read only when it is asked for.
    async fn body(&self, ctx: &Context<'_>) -> Cow<'_, str> {
        Reading::of(ctx).media.text(self.of.article.body.as_str())
    }

    /// Language as a BCP 47 tag.
    async fn language(&self) -> &str {
        self.of.article.language.as_str()
    }

    /// Tags.
    async fn tags(&self) -> &[String] {
        &self.of.article.tags
    }

    /// Byline.
    async fn author(&self) -> Option<&str> {
        self.of.article.author.as_deref()
    }

    /// Origin of a repost; original articles have none.
    async fn source(&self) -> Option<ArticleSource> {
        self.of.article.source.clone().map(Into::into)
    }

    /// Lead image.
    async fn cover(&self, ctx: &Context<'_>) -> Option<Cover> {
        Some(Cover::new(self.of.article.cover.clone()?, &Reading::of(ctx).media))
    }

    /// Attached documents, in their order.
    async fn attachments(&self, ctx: &Context<'_>) -> Vec<Attachment> {
        Attachment::all(self.of.article.attachments.clone(), &Reading::of(ctx).media)
    }

    /// The site that published it.
    async fn site(&self) -> Option<Site> {
        self.reference.sites.get(self.of.site).cloned().map(Site)
    }

    /// Its category.
    async fn category(&self) -> Option<Category> {
        self.reference.categories.get(self.of.article.category).cloned().map(Category)
    }

    /// Its own topic, or else its category's.
    async fn topic(&self) -> Option<Topic> {
        internal::topic(&self.reference, &self.of).cloned().map(Topic)
    }

    /// The series it belongs to.
    async fn series(&self) -> Option<Series> {
        self.reference.series.get(self.of.article.series?).cloned().map(Series)
    }

    /// Number of the edition that is shown: 1 for the first.
    async fn edition(&self) -> u32 {
        self.of.edition_number
    }

    /// Since when it has been internal.
    async fn published_at(&self) -> DateTime {
        DateTime(self.of.published_at)
    }

    /// Last major change.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.of.updated_at)
    }

    /// Last change of any kind.
    async fn modified_at(&self) -> DateTime {
        DateTime(self.of.modified_at)
    }
}
