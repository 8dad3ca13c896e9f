//! Entries as their editors see them.

use std::borrow::Cow;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::queries::{autosaves, entries, holds};
use lienthong_domain::access::act;
use lienthong_domain::article::Article;
use lienthong_domain::entry::{self, EditionState as DomainState};
use lienthong_domain::text::Piece;

use crate::error::ApiError;
use crate::graphql::article::{ArticleKind, ArticleSource, Attachment, Cover};
use crate::graphql::autosave::Autosave;
use crate::graphql::category::Category;
use crate::graphql::desk::{ChangeWeight, Remark};
use crate::graphql::hold::Hold;
use crate::graphql::internal::Audience;
use crate::graphql::scalar::DateTime;
use crate::graphql::series::Series;
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
    /// Handed in for review; its text is fixed.
    Submitted,
    /// Looked through by the intermediary of an agency.
    Screened,
    /// Sent back to its writers with reasons.
    Returned,
    /// Approved, and not public yet.
    Approved,
    /// Approved, and public from a time that is set.
    Scheduled,
    /// Was handed in, until somebody wrote on.
    Replaced,
    /// What its audience sees.
    Live,
    /// Was live, until a later edition took its place.
    Superseded,
    /// Was live, until the article was withdrawn.
    Withdrawn,
    /// Was public, until the article was taken down by a decision.
    TakenDown,
    /// Was public, until its time was over.
    Expired,
}

/// A field in which two editions differ.
#[derive(SimpleObject)]
pub(crate) struct FieldDifference {
    /// Its name, as in the input of an article.
    field: &'static str,
    /// What both say, in order: same and removed pieces make the earlier text, same and added ones the later.
    pieces: Vec<TextPiece>,
}

/// A piece of a text that was compared with another.
#[derive(SimpleObject)]
pub(crate) struct TextPiece {
    /// Where it stands.
    kind: PieceKind,
    /// The words.
    text: String,
}

/// Where a piece of text stands.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// In both texts.
    Same,
    /// Only in the earlier text.
    Removed,
    /// Only in the later text.
    Added,
}

impl From<entries::FieldDifference> for FieldDifference {
    fn from(difference: entries::FieldDifference) -> Self {
        let entries::FieldDifference { field, pieces } = difference;
        let piece = |piece| match piece {
            Piece::Same(text) => TextPiece { kind: PieceKind::Same, text },
            Piece::Removed(text) => TextPiece { kind: PieceKind::Removed, text },
            Piece::Added(text) => TextPiece { kind: PieceKind::Added, text },
        };
        Self { field, pieces: pieces.into_iter().map(piece).collect() }
    }
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

    /// Id of the article that it corrects; fixed when it was made.
    async fn corrects(&self) -> Option<ID> {
        self.0.corrects.map(|id| ID(GlobalId::new(NodeType::Article, id.as_uuid()).to_string()))
    }

    /// The edition on its way to the public: being written, under review, approved, or waiting for its time.
    async fn draft(&self) -> Option<Edition> {
        self.0.draft.clone().map(Edition)
    }

    /// The edition its audience sees.
    async fn live(&self) -> Option<Edition> {
        self.0.live.clone().map(Edition)
    }

    /// Its editions, latest first.
    async fn editions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many, 1 to 100.", validator(minimum = 1, maximum = 100))] first: u32,
        #[graphql(desc = "Only those before this number.")] before: Option<u32>,
    ) -> Result<Vec<Edition>, ApiError> {
        let editions = entries::history(&Reading::of(ctx).app, &self.0, (before, first)).await?;
        Ok(editions.into_iter().map(Edition).collect())
    }

    /// In what two editions differ, field by field; bodies without markup.
    async fn differences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the earlier edition.")] from: u32,
        #[graphql(desc = "Number of the later edition.")] to: u32,
    ) -> Result<Vec<FieldDifference>, ApiError> {
        let differences = entries::differences(&Reading::of(ctx).app, &self.0, (from, to)).await?;
        Ok(differences.into_iter().map(Into::into).collect())
    }

    /// What was said about it, latest first, at most 200.
    async fn remarks(&self, ctx: &Context<'_>) -> Result<Vec<Remark>, ApiError> {
        let remarks = entries::remarks_on(&Reading::of(ctx).app, &self.0).await?;
        Ok(remarks.into_iter().map(Remark).collect())
    }

    /// What you have typed into it and not saved (`autosave`); nobody else sees it.
    async fn autosaved(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Autosave>> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::ReadDraft>().ok()?;
        let kept = autosaves::own(&reading.app, &permit, &self.0, reading.now).await;
        let shown = kept.map(|kept| kept.map(|kept| Autosave::of(kept, self.0.version)));
        shown.map_err(|error| ApiError::from(error).into()).transpose()
    }

    /// Why it was or is kept from the public, latest first, at most 50.
    async fn holds(&self, ctx: &Context<'_>) -> Result<Vec<Hold>, ApiError> {
        let holds = holds::of_entry(&Reading::of(ctx).app, &self.0).await?;
        Ok(holds.into_iter().map(Hold).collect())
    }

    /// Since when it is under quarantine: whatever edition is live, nobody sees it.
    async fn quarantined_at(&self) -> Option<DateTime> {
        self.0.quarantined_at.map(DateTime)
    }

    /// Since when it lies in the trash.
    async fn discarded_at(&self) -> Option<DateTime> {
        self.0.trashed_at.map(DateTime)
    }

    /// Since when it is out of all lists, and readable at its address only.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
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
    async fn body(&self, ctx: &Context<'_>) -> Option<Cow<'_, str>> {
        self.article().map(|article| Reading::of(ctx).media.text(article.body.as_str()))
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
    async fn cover(&self, ctx: &Context<'_>) -> Option<Cover> {
        Some(Cover::new(self.article()?.cover.clone()?, &Reading::of(ctx).media))
    }

    /// Attached documents, in their order.
    async fn attachments(&self, ctx: &Context<'_>) -> Vec<Attachment> {
        let attachments = self.article().map(|article| article.attachments.clone());
        Attachment::all(attachments.unwrap_or_default(), &Reading::of(ctx).media)
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

    /// The series it belongs to.
    async fn series(&self, ctx: &Context<'_>) -> Option<Series> {
        let id = self.article()?.series?;
        Reading::of(ctx).reference.series.get(id).cloned().map(Series)
    }

    /// Whether an intermediary has to look through it before the board decides.
    async fn needs_screening(&self) -> bool {
        self.0.needs_screening
    }

    /// Whether the scanner has found something in it that nobody has let pass yet.
    async fn is_held(&self) -> bool {
        self.0.is_held
    }

    /// Whether readers should hear of its publication.
    async fn change(&self) -> ChangeWeight {
        self.0.publication.weight.into()
    }

    /// What its publication changes, for the public.
    async fn change_note(&self) -> Option<&str> {
        self.0.publication.note.as_deref()
    }

    /// From when it is public, when a time was set.
    async fn publish_at(&self) -> Option<DateTime> {
        self.0.publication.at.map(DateTime)
    }

    /// Until when it is public; for good when absent.
    async fn public_until(&self) -> Option<DateTime> {
        self.0.publication.until.map(DateTime)
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
    const fn article(&self) -> Option<&Article> {
        self.0.content.article()
    }
}
