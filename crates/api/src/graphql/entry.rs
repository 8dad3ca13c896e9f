//! Entries as their editors see them.

use async_graphql::{Context, Enum, ID, Object};

use lienthong_domain::entry::{self, Content, EditionState as DomainState};

use crate::graphql::article::{ArticleKind, ArticleSource, Cover};
use crate::graphql::category::Category;
use crate::graphql::internal::Audience;
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// An article with its draft and its published edition.
pub(crate) struct Entry(pub(crate) entry::Entry);

/// One version of an article.
pub(crate) struct Edition(pub(crate) entry::Edition);

/// Where an edition stands.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "DomainState")]
pub(crate) enum EditionState {
    /// Being written.
    Draft,
    /// What its audience sees.
    Live,
    /// Was live, until a later edition took its place.
    Superseded,
    /// Was live, until the article was withdrawn.
    Withdrawn,
}

#[Object]
impl Entry {
    /// Global id of the article.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Article, self.0.id.as_uuid()).to_string())
    }

    /// Counts the writes. Every write names the version it was made against.
    async fn version(&self) -> u32 {
        self.0.version.get()
    }

    /// Address on the site.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// The site that made it.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }

    /// The edition being written.
    async fn draft(&self) -> Option<Edition> {
        self.0.draft.clone().map(Edition)
    }

    /// The edition its audience sees.
    async fn live(&self) -> Option<Edition> {
        self.0.live.clone().map(Edition)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// First time it became public; none for what has been internal only.
    async fn first_published_at(&self) -> Option<DateTime> {
        self.0.first_published_at.map(DateTime)
    }
}

#[Object]
impl Edition {
    /// 1 for the first edition, then counting up.
    async fn number(&self) -> u32 {
        self.0.number
    }

    /// Where it stands.
    async fn state(&self) -> EditionState {
        self.0.state.into()
    }

    /// For whom it is.
    async fn audience(&self) -> Audience {
        self.0.content.audience().into()
    }

    /// Title.
    async fn title(&self) -> &str {
        self.0.content.title()
    }

    /// Form of journalism.
    async fn kind(&self) -> Option<ArticleKind> {
        self.article().map(|article| article.kind.into())
    }

    /// Summary.
    async fn summary(&self) -> Option<&str> {
        self.article().map(|article| article.summary.as_str())
    }

    /// Body, sanitised HTML.
    async fn body(&self) -> Option<&str> {
        self.article().map(|article| article.body.as_str())
    }

    /// Language as a BCP 47 tag.
    async fn language(&self) -> Option<&str> {
        self.article().map(|article| article.language.as_str())
    }

    /// Tags.
    async fn tags(&self) -> &[String] {
        self.article().map_or(&[], |article| article.tags.as_slice())
    }

    /// Byline.
    async fn author(&self) -> Option<&str> {
        self.article()?.author.as_deref()
    }

    /// Origin of a repost.
    async fn source(&self) -> Option<ArticleSource> {
        self.article()?.source.clone().map(Into::into)
    }

    /// Lead image.
    async fn cover(&self) -> Option<Cover> {
        self.article()?.cover.clone().map(Into::into)
    }

    /// Category.
    async fn category(&self, ctx: &Context<'_>) -> Option<Category> {
        let id = self.article()?.category;
        Reading::of(ctx).reference.categories.get(id).cloned().map(Category)
    }

    /// Its own topic; none when it has its category's.
    async fn topic(&self, ctx: &Context<'_>) -> Option<Topic> {
        let id = self.article()?.topic?;
        Reading::of(ctx).reference.topics.get(id).cloned().map(Topic)
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was published.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }
}

impl Edition {
    const fn article(&self) -> Option<&lienthong_domain::article::Article> {
        match &self.0.content {
            Content::Article(article) => Some(article),
            Content::Procedure(_) => None,
        }
    }
}
