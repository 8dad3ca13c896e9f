use std::borrow::Cow;

use lienthong_app::queries::LiveHeader;
use lienthong_domain::correction::Mention;
use lienthong_domain::{article, media};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CategoryRef, PageInfo, SeriesRef, SiteRef, Time, TopicRef, Total, global_id};
use crate::ids::NodeType;
use crate::view::{ArticleView, CorrectedView, MediaBase, MentionView, RenditionView};

/// A published article (tin, bài). Drafts never have this shape.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Article {
    /// Id.
    id: String,
    /// Identity in feeds: a tag URI that never changes.
    #[schema(example = "tag:xuanhai.nghixuan.hatinh.gov.vn,2024-07-05:01908f6e-7c2a-7000-8000-4b1d5a2c9e01")]
    tag_uri: String,
    /// Address on the site.
    #[schema(example = "lich-tiep-cong-dan-thang-7")]
    slug: String,
    /// Public address of the article's page.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/lich-tiep-cong-dan-thang-7")]
    url: String,
    /// Form of journalism.
    kind: ArticleKind,
    /// Title, plain text.
    #[schema(example = "Lịch tiếp công dân tháng 7 của Chủ tịch UBND xã")]
    title: String,
    /// Summary (sapo), plain text.
    #[schema(example = "UBND xã Xuân Hải thông báo lịch tiếp công dân định kỳ.")]
    summary: String,
    /// Body, sanitised HTML. Only with `view=full` and in a single article.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "<p>Thời gian: 08 giờ 00 ngày 05/7/2024.</p>")]
    body: Option<String>,
    /// Language as a BCP 47 tag.
    #[schema(example = "vi")]
    language: String,
    /// Tags as written.
    #[schema(example = json!(["tiếp công dân"]))]
    tags: Vec<String>,
    /// Byline.
    #[schema(required, example = "Văn phòng HĐND-UBND xã")]
    author: Option<String>,
    /// Origin of a repost; null for an original article.
    #[schema(required)]
    source: Option<ArticleSource>,
    /// Lead image.
    #[schema(required)]
    cover: Option<Cover>,
    /// Attached documents, in their order.
    attachments: Vec<Attachment>,
    /// The site that published it.
    #[schema(required)]
    site: Option<SiteRef>,
    /// Its category.
    #[schema(required)]
    category: Option<CategoryRef>,
    /// Its own topic, or else its category's.
    #[schema(required)]
    topic: Option<TopicRef>,
    /// The series it belongs to.
    #[schema(required)]
    series: Option<SeriesRef>,
    /// What it corrects (đính chính), when it is a correction.
    #[schema(required)]
    corrects: Option<CorrectedArticle>,
    /// Its corrections that are public, newest first, at most 50. Whoever shows or republishes the article shows them with it.
    corrections: Vec<ArticleReference>,
    /// Number of the edition that is public: 1 for the first.
    #[schema(example = 1)]
    edition: u32,
    /// Start of the current run in public. Moves when a withdrawn article returns.
    published_at: Time,
    /// First publication ever; what reports count by.
    first_published_at: Time,
    /// Last major change; orders lists by update.
    updated_at: Time,
    /// Last change of any kind; a correction that comes or goes is one.
    modified_at: Time,
}

/// Forms of journalism: `news` tin, `feature` bài, `notice` thông báo, `reportage` phóng sự, ký, `interview` phỏng vấn,
/// `photo` ảnh, `video`, `audio` bản tin truyền thanh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::rest) enum ArticleKind {
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

/// Where a reposted article comes from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::rest) struct ArticleSource {
    /// Name of the press agency or portal, at most 300 characters.
    #[schema(example = "Báo Hà Tĩnh")]
    name: String,
    /// Absolute address of the original.
    #[schema(example = "https://baohatinh.example/tin-goc")]
    url: Option<String>,
    /// Author named there.
    author: Option<String>,
    /// When it was published there.
    published_at: Option<Time>,
    /// Whether it is quoted exactly.
    #[serde(default = "verbatim")]
    #[schema(default = true)]
    verbatim: bool,
}

/// The lead image of an article.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Cover {
    /// The file in the site's library, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    media: Option<String>,
    /// Absolute address.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/anh/tiep-cong-dan.jpg")]
    url: String,
    /// What the image shows, for those who do not see it.
    #[schema(example = "Phòng tiếp công dân của xã")]
    alt: String,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
    /// Width in pixels.
    #[schema(example = 1200)]
    width: Option<u32>,
    /// Height in pixels.
    #[schema(example = 800)]
    height: Option<u32>,
    /// The same image in other widths and codings, when it is of the site's library; narrowest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    renditions: Vec<Rendition>,
}

/// An image in one width and coding.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Rendition {
    /// Absolute address.
    #[schema(example = "https://api.hatinh.gov.vn/media/01908f6e-7c2a-7000-8000-4b1d5a2c9e01/640.webp")]
    url: String,
    /// `image/webp` or `image/jpeg`.
    #[schema(value_type = String, example = "image/webp")]
    media_type: &'static str,
    /// Width in pixels.
    #[schema(example = 640)]
    width: u32,
}

/// A document attached to an article.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Attachment {
    /// The document in the site's library.
    media: String,
    /// What readers click on.
    #[schema(example = "Kế hoạch chuyển đổi số năm 2026")]
    title: String,
    /// Absolute address; browsers save it and do not show it.
    url: String,
    /// The file's name.
    #[schema(example = "KH-12-UBND.pdf")]
    file_name: String,
    /// Its media type, by its bytes.
    #[schema(example = "application/pdf")]
    media_type: String,
    /// Its size in bytes.
    #[schema(example = 482_133)]
    size: u64,
}

/// An article that another one names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ArticleReference {
    /// Id of the article.
    id: String,
    /// Its title.
    #[schema(example = "Đính chính lịch tiếp công dân tháng 7")]
    title: String,
    /// Public address of its page.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/dinh-chinh-lich-tiep-cong-dan-thang-7")]
    url: String,
    /// Start of its current run in public.
    published_at: Time,
}

/// The article that a correction is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct CorrectedArticle {
    /// Id of the article; it stays also when that is no longer public.
    id: String,
    /// The article, as long as it is public.
    #[schema(required)]
    article: Option<ArticleReference>,
}

/// One page of a list of articles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct ArticleList {
    /// The articles of the page, latest first.
    pub(in crate::rest) data: Vec<Article>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many articles the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

/// Other articles of the same category.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RelatedArticles {
    /// The articles, latest first.
    pub(in crate::rest) data: Vec<Article>,
}

const fn verbatim() -> bool {
    true
}

impl From<ArticleView> for Article {
    fn from(view: ArticleView) -> Self {
        #[rustfmt::skip] // One name a line would make a long function of a short one.
        let LiveHeader {
            entry, edition_number, slug, title, summary, article_kind, language, author, tag_uri,
            first_published_at, published_at, updated_at, modified_at: _, corrects: _, corrected: _, corrections: _,
            corrected_at: _, site: _, edition: _, category: _, topic: _, series: _, tags: _, source: _, cover: _, visible_until: _,
            body: _, attachments: _,
        } = view.header();
        Self {
            id: global_id(NodeType::Article, entry.as_uuid()),
            tag_uri: tag_uri.clone(),
            slug: slug.clone(),
            url: view.url(),
            kind: article_kind.unwrap_or_default().into(),
            title: title.clone(),
            summary: summary.clone(),
            body: view.body_html().map(Cow::into_owned),
            language: language.clone(),
            tags: view.tags(),
            author: author.clone(),
            source: view.source().map(Into::into),
            cover: view.cover().map(|cover| Cover::new(cover, view.media())),
            attachments: Attachment::all(view.attachments(), view.media()),
            site: view.site().map(Into::into),
            category: view.category().map(Into::into),
            topic: view.topic().map(Into::into),
            series: view.series().map(Into::into),
            corrects: view.corrects().map(Into::into),
            corrections: view.corrections().into_iter().map(Into::into).collect(),
            edition: *edition_number,
            published_at: Time(*published_at),
            first_published_at: Time(*first_published_at),
            updated_at: Time(*updated_at),
            modified_at: Time(view.modified_at()),
        }
    }
}

impl From<article::Source> for ArticleSource {
    fn from(source: article::Source) -> Self {
        let article::Source { name, url, author, published_at, verbatim } = source;
        Self { name, url, author, published_at: published_at.map(Time), verbatim }
    }
}

impl From<ArticleSource> for article::Source {
    fn from(source: ArticleSource) -> Self {
        let ArticleSource { name, url, author, published_at, verbatim } = source;
        Self { name, url, author, published_at: published_at.map(|time| time.0), verbatim }
    }
}

impl Cover {
    pub(in crate::rest) fn new(cover: article::Cover, base: &MediaBase) -> Self {
        let renditions = base.renditions_of(&cover).into_iter().map(Into::into).collect();
        let article::Cover { media, url, alt, caption, credit, width, height } = base.shown(cover);
        let media = media.map(|id| global_id(NodeType::Media, id.as_uuid()));
        Self { media, url, alt, caption, credit, width, height, renditions }
    }
}

impl From<CorrectedView> for CorrectedArticle {
    fn from(view: CorrectedView) -> Self {
        let CorrectedView { entry, shown } = view;
        Self { id: global_id(NodeType::Article, entry.as_uuid()), article: shown.map(Into::into) }
    }
}

impl From<MentionView> for ArticleReference {
    fn from(view: MentionView) -> Self {
        let MentionView { url, mention: Mention { entry, title, published_at, .. } } = view;
        let id = global_id(NodeType::Article, entry.as_uuid());
        Self { id, title, url, published_at: Time(published_at) }
    }
}

impl From<RenditionView> for Rendition {
    fn from(view: RenditionView) -> Self {
        let RenditionView { url, media_type, width } = view;
        Self { url, media_type, width }
    }
}

impl Attachment {
    pub(in crate::rest) fn all(of: Vec<media::Attachment>, base: &MediaBase) -> Vec<Self> {
        let attachment = |media::Attachment { media, title, file_name, media_type, size }| Self {
            media: global_id(NodeType::Media, media.as_uuid()),
            title,
            url: base.document(media, &file_name),
            file_name,
            media_type,
            size,
        };
        of.into_iter().map(attachment).collect()
    }
}

impl From<article::ArticleKind> for ArticleKind {
    fn from(kind: article::ArticleKind) -> Self {
        use article::ArticleKind as Domain;
        match kind {
            Domain::News => Self::News,
            Domain::Feature => Self::Feature,
            Domain::Notice => Self::Notice,
            Domain::Reportage => Self::Reportage,
            Domain::Interview => Self::Interview,
            Domain::Photo => Self::Photo,
            Domain::Video => Self::Video,
            Domain::Audio => Self::Audio,
        }
    }
}

impl From<ArticleKind> for article::ArticleKind {
    fn from(kind: ArticleKind) -> Self {
        match kind {
            ArticleKind::News => Self::News,
            ArticleKind::Feature => Self::Feature,
            ArticleKind::Notice => Self::Notice,
            ArticleKind::Reportage => Self::Reportage,
            ArticleKind::Interview => Self::Interview,
            ArticleKind::Photo => Self::Photo,
            ArticleKind::Video => Self::Video,
            ArticleKind::Audio => Self::Audio,
        }
    }
}
