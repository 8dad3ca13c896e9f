//! Articles as the public reads them.

use std::borrow::Cow;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::queries::articles as queries;
use lienthong_domain::correction::Mention;
use lienthong_domain::{article, media};

use crate::error::ApiError;
use crate::graphql::category::Category;
use crate::graphql::scalar::DateTime;
use crate::graphql::series::Series;
use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;
use crate::view::{ArticleView, CorrectedView, MediaBase, MentionView, RenditionView};

/// A published article (tin, bài). Drafts are never reachable through this type.
pub(crate) struct Article(pub(crate) ArticleView);

/// Forms of journalism.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "article::ArticleKind")]
pub(crate) enum ArticleKind {
    /// Tin.
    News,
    /// Bài.
    Feature,
    /// Thông báo.
    Notice,
    /// Phóng sự, ký.
    Reportage,
    /// Phỏng vấn.
    Interview,
    /// Ảnh.
    Photo,
    /// Video.
    Video,
    /// Bản tin truyền thanh.
    Audio,
}

/// The lead image of an article.
#[derive(SimpleObject)]
pub(crate) struct Cover {
    /// The file in the site's library, when it is one.
    media: Option<ID>,
    /// Absolute address.
    url: String,
    /// What the image shows, for those who do not see it.
    alt: String,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
    /// Width in pixels.
    width: Option<u32>,
    /// Height in pixels.
    height: Option<u32>,
    /// The same image in other widths and codings, when it is of the site's library; narrowest first.
    renditions: Vec<Rendition>,
}

/// An image in one width and coding.
#[derive(SimpleObject)]
pub(crate) struct Rendition {
    /// Absolute address.
    url: String,
    /// `image/webp` or `image/jpeg`.
    media_type: &'static str,
    /// Width in pixels.
    width: u32,
}

/// A document attached to an article.
#[derive(SimpleObject)]
pub(crate) struct Attachment {
    /// The document in the site's library.
    media: ID,
    /// What readers click on.
    title: String,
    /// Absolute address; browsers save it and do not show it.
    url: String,
    /// The file's name.
    file_name: String,
    /// Its media type, by its bytes.
    media_type: String,
    /// Its size in bytes.
    size: u64,
}

/// Where a reposted article comes from.
#[derive(SimpleObject)]
pub(crate) struct ArticleSource {
    /// Name of the press agency or portal.
    name: String,
    /// Address of the original.
    url: Option<String>,
    /// Author named there.
    author: Option<String>,
    /// When it was published there.
    published_at: Option<DateTime>,
    /// Whether it is quoted exactly.
    verbatim: bool,
}

/// An article that another one names.
#[derive(SimpleObject)]
pub(crate) struct ArticleReference {
    /// Id of the article.
    id: ID,
    /// Its title.
    title: String,
    /// Public address of its page.
    url: String,
    /// Start of its current run in public.
    published_at: DateTime,
}

/// The article that a correction is about.
#[derive(SimpleObject)]
pub(crate) struct CorrectedArticle {
    /// Id of the article; it stays also when that is no longer public.
    id: ID,
    /// The article, as long as it is public.
    article: Option<ArticleReference>,
}

/// The signature of a site over an edition.
#[derive(SimpleObject)]
pub(crate) struct ArticleSignature {
    /// `kid` of the key in `/.well-known/jwks.json`.
    key_id: String,
    /// Detached JWS (RFC 7515 appendix F, RFC 7797) with `EdDSA`.
    jws: String,
}

#[Object]
impl Article {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Article, self.0.header().entry.as_uuid()).to_string())
    }

    /// Identity in feeds: a tag URI that never changes.
    async fn tag_uri(&self) -> &str {
        &self.0.header().tag_uri
    }

    /// Address on the site.
    async fn slug(&self) -> &str {
        &self.0.header().slug
    }

    /// Public address of the article's page.
    async fn url(&self) -> String {
        self.0.url()
    }

    /// Form of journalism.
    async fn kind(&self) -> ArticleKind {
        self.0.header().article_kind.unwrap_or_default().into()
    }

    /// Title, plain text.
    async fn title(&self) -> &str {
        &self.0.header().title
    }

    /// Summary (sapo), plain text.
    async fn summary(&self) -> &str {
        &self.0.header().summary
    }

    /// Body, sanitised HTML. Read only when it is asked for.
    async fn body(&self) -> Option<Cow<'_, str>> {
        self.0.body_html()
    }

    /// The signature of the site over the edition; related articles are shown without. `/v1/articles/{id}/signature` gives
    /// the text that is signed.
    async fn signature(&self) -> Option<ArticleSignature> {
        let (key_id, jws) = self.0.signature()?;
        Some(ArticleSignature { key_id, jws })
    }

    /// Language as a BCP 47 tag.
    async fn language(&self) -> &str {
        &self.0.header().language
    }

    /// Tags.
    async fn tags(&self) -> Vec<String> {
        self.0.tags()
    }

    /// Byline.
    async fn author(&self) -> Option<&str> {
        self.0.header().author.as_deref()
    }

    /// Origin of a repost; original articles have none.
    async fn source(&self) -> Option<ArticleSource> {
        self.0.source().map(Into::into)
    }

    /// Lead image.
    async fn cover(&self) -> Option<Cover> {
        self.0.cover().map(|cover| Cover::new(cover, self.0.media()))
    }

    /// Attached documents, in their order.
    async fn attachments(&self) -> Vec<Attachment> {
        Attachment::all(self.0.attachments(), self.0.media())
    }

    /// The site that published it.
    async fn site(&self) -> Option<Site> {
        self.0.site().cloned().map(Site)
    }

    /// Its category.
    async fn category(&self) -> Option<Category> {
        self.0.category().cloned().map(Category)
    }

    /// Its own topic, or else its category's.
    async fn topic(&self) -> Option<Topic> {
        self.0.topic().cloned().map(Topic)
    }

    /// The series it belongs to.
    async fn series(&self) -> Option<Series> {
        self.0.series().cloned().map(Series)
    }

    /// What it corrects (đính chính), when it is a correction.
    async fn corrects(&self) -> Option<CorrectedArticle> {
        let CorrectedView { entry, shown } = self.0.corrects()?;
        let id = ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string());
        Some(CorrectedArticle { id, article: shown.map(Into::into) })
    }

    /// Its corrections that are public, newest first, at most 50. Whoever shows or republishes the article shows them with it.
    async fn corrections(&self) -> Vec<ArticleReference> {
        self.0.corrections().into_iter().map(Into::into).collect()
    }

    /// Number of the edition that is public: 1 for the first.
    async fn edition(&self) -> u32 {
        self.0.header().edition_number
    }

    /// Start of the current run in public. Moves when a withdrawn article returns.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.header().published_at)
    }

    /// First publication ever; what reports count by.
    async fn first_published_at(&self) -> DateTime {
        DateTime(self.0.header().first_published_at)
    }

    /// Last major change; orders lists and feeds by update.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.header().updated_at)
    }

    /// Last change of any kind; a correction that comes or goes is one.
    async fn modified_at(&self) -> DateTime {
        DateTime(self.0.modified_at())
    }

    /// Other articles of the same category, latest first.
    async fn related(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 5, validator(minimum = 1, maximum = 20), desc = "How many, 1 to 20.")] first: u32,
    ) -> Result<Vec<Article>, ApiError> {
        let reading = Reading::of(ctx);
        let related = queries::related(&reading.app, self.0.header(), first, &reading.tags, reading.now);
        Ok(Box::pin(related).await?.into_iter().map(|header| Self(reading.article(header))).collect())
    }
}

impl From<article::Source> for ArticleSource {
    fn from(source: article::Source) -> Self {
        let article::Source { name, url, author, published_at, verbatim } = source;
        Self { name, url, author, published_at: published_at.map(DateTime), verbatim }
    }
}

impl Cover {
    pub(crate) fn new(cover: article::Cover, base: &MediaBase) -> Self {
        let renditions = base.renditions_of(&cover).into_iter().map(Into::into).collect();
        let article::Cover { media, url, alt, caption, credit, width, height } = base.shown(cover);
        let media = media.map(|id| ID(GlobalId::new(NodeType::Media, id.as_uuid()).to_string()));
        Self { media, url, alt, caption, credit, width, height, renditions }
    }
}

impl From<MentionView> for ArticleReference {
    fn from(view: MentionView) -> Self {
        let MentionView { url, mention: Mention { entry, title, published_at, .. } } = view;
        let id = ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string());
        Self { id, title, url, published_at: DateTime(published_at) }
    }
}

impl From<RenditionView> for Rendition {
    fn from(view: RenditionView) -> Self {
        let RenditionView { url, media_type, width } = view;
        Self { url, media_type, width }
    }
}

impl Attachment {
    pub(crate) fn all(attachments: impl IntoIterator<Item = media::Attachment>, base: &MediaBase) -> Vec<Self> {
        let attachment = |media::Attachment { media, title, file_name, media_type, size }| Self {
            media: ID(GlobalId::new(NodeType::Media, media.as_uuid()).to_string()),
            title,
            url: base.document(media, &file_name),
            file_name,
            media_type,
            size,
        };
        attachments.into_iter().map(attachment).collect()
    }
}
