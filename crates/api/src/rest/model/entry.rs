use lienthong_domain::article::Article;
use lienthong_domain::entry::{self, Content};
use lienthong_domain::hold;
use lienthong_domain::html::Removed;
use lienthong_domain::ids::SiteId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ArticleKind, ArticleSource, Attachment, Audience, CategoryRef, Cover, SeriesRef, SiteRef, Time, TopicRef, global_id,
};
use crate::ids::NodeType;
use crate::reading::Reading;

/// An article with its draft and its published edition, as its editors see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Entry {
    /// Id of the article.
    pub(in crate::rest) id: String,
    /// Counts the writes. Version 3 is `"v3"` in `ETag` and `If-Match`; an answer that was compressed says `"v3-gzip"` or
    /// `"v3-br"`, which `If-Match` takes as well.
    #[schema(example = 3)]
    version: u32,
    /// Address on the site.
    #[schema(example = "lich-tiep-cong-dan-thang-7")]
    slug: String,
    /// The site that made it.
    #[schema(required)]
    site: Option<SiteRef>,
    /// Id of the article that it corrects; fixed when it was made.
    #[schema(required)]
    corrects: Option<String>,
    /// The edition on its way to the public: being written, under review, approved, or waiting for its time.
    #[schema(required)]
    draft: Option<Edition>,
    /// The edition its audience sees.
    #[schema(required)]
    live: Option<Edition>,
    /// Since when it lies in the trash.
    #[schema(required)]
    discarded_at: Option<Time>,
    /// Since when it is out of all lists, and readable at its address only.
    #[schema(required)]
    archived_at: Option<Time>,
    /// Since when it is under quarantine: whatever edition is live, nobody sees it.
    #[schema(required)]
    quarantined_at: Option<Time>,
    /// When it was made.
    created_at: Time,
    /// First time it became public; null for what has been internal only.
    #[schema(required)]
    first_published_at: Option<Time>,
}

/// One version of an article.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Edition {
    /// 1 for the first edition, then counting up.
    #[schema(example = 1)]
    number: u32,
    /// Where it stands.
    state: EditionState,
    /// For whom it is.
    audience: Audience,
    /// Title.
    #[schema(example = "Lịch tiếp công dân tháng 7 của Chủ tịch UBND xã")]
    title: String,
    /// Form of journalism.
    kind: ArticleKind,
    /// Summary.
    summary: String,
    /// Body, sanitised HTML.
    body: String,
    /// Language as a BCP 47 tag.
    #[schema(example = "vi")]
    language: String,
    /// Tags.
    tags: Vec<String>,
    /// Byline.
    #[schema(required)]
    author: Option<String>,
    /// Origin of a repost.
    #[schema(required)]
    source: Option<ArticleSource>,
    /// Lead image.
    #[schema(required)]
    cover: Option<Cover>,
    /// Attached documents, in their order.
    attachments: Vec<Attachment>,
    /// Category.
    #[schema(required)]
    category: Option<CategoryRef>,
    /// Its own topic; null when it has its category's.
    #[schema(required)]
    topic: Option<TopicRef>,
    /// The series it belongs to.
    #[schema(required)]
    series: Option<SeriesRef>,
    /// Whether an intermediary has to look through it before the board decides.
    needs_screening: bool,
    /// Whether the scanner has found something in it that nobody has let pass yet.
    is_held: bool,
    /// What its publication changes, for the public.
    #[schema(required)]
    change_note: Option<String>,
    /// From when it is public, when a time was set.
    #[schema(required)]
    publish_at: Option<Time>,
    /// Until when it is public; for good when null.
    #[schema(required)]
    public_until: Option<Time>,
    /// When it was begun.
    created_at: Time,
    /// When it was published.
    #[schema(required)]
    published_at: Option<Time>,
}

/// Where an edition stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum EditionState {
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

/// A draft as a link shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct PreviewedArticle {
    /// The site it is for.
    #[schema(required)]
    site: Option<SiteRef>,
    /// What it says.
    edition: Edition,
}

impl PreviewedArticle {
    /// The edition with its files, which are found with the secret of the link.
    pub(in crate::rest) fn new(
        (site, edition): (SiteId, entry::Edition),
        secret: &str,
        reading: &Reading,
    ) -> Option<Self> {
        let site = reading.reference.sites.get(site).map(Into::into);
        let reading = Reading { media: reading.media.of_preview(secret), ..reading.clone() };
        let edition = Edition::new(edition, &reading)?;
        let edition = Edition { body: reading.media.body(&edition.body), ..edition };
        Some(Self { site, edition })
    }
}

/// An article after its text was written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct WrittenEntry {
    /// The article.
    pub(in crate::rest) entry: Entry,
    /// What sanitising took out of the body, for the author to read.
    pub(in crate::rest) removed: Vec<RemovedMarkup>,
    /// Why a second person has to look at what was written before it becomes public; empty unless the draft is held.
    pub(in crate::rest) findings: Vec<Finding>,
}

/// Something that sanitising took out of the body.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct RemovedMarkup {
    /// An element such as `script`, or an attribute such as `@onclick`.
    #[schema(example = "script")]
    what: String,
    /// How many of them.
    #[schema(example = 1)]
    count: usize,
}

/// Something that the scanner has found in a text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Finding {
    /// The field.
    #[schema(example = "body")]
    field: String,
    /// The rule; stable.
    #[schema(example = "hidden.link")]
    rule: String,
    /// What the rule looks for, in Vietnamese.
    message_vi: String,
    /// What was found, at most 120 characters.
    found: String,
}

impl From<hold::Finding> for Finding {
    fn from(finding: hold::Finding) -> Self {
        let hold::Finding { field, rule, message, found } = finding;
        Self { field, rule, message_vi: message, found }
    }
}

impl Entry {
    pub(in crate::rest) fn new(of: entry::Entry, reading: &Reading) -> Self {
        #[rustfmt::skip] // One name a line would make a long function of a short one.
        let entry::Entry {
            id, site, kind: _, slug, source_id: _, tag_uri: _, corrects, version, created_at, first_published_at, published_at: _,
            updated_at: _, editions: _, trashed_at, archived_at, quarantined_at, draft, live,
        } = of;
        let edition = |edition: entry::Edition| Edition::new(edition, reading);
        Self {
            id: global_id(NodeType::Article, id.as_uuid()),
            version: version.get(),
            slug: slug.to_string(),
            site: reading.reference.sites.get(site).map(Into::into),
            corrects: corrects.map(|id| global_id(NodeType::Article, id.as_uuid())),
            draft: draft.and_then(edition),
            live: live.and_then(edition),
            discarded_at: trashed_at.map(Time),
            archived_at: archived_at.map(Time),
            quarantined_at: quarantined_at.map(Time),
            created_at: Time(created_at),
            first_published_at: first_published_at.map(Time),
        }
    }
}

impl Edition {
    /// `None` for content of another kind, which articles do not have.
    fn new(of: entry::Edition, reading: &Reading) -> Option<Self> {
        let Content::Article(article) = of.content else { return None };
        #[rustfmt::skip] // One name a line would make a long function of a short one.
        let Article {
            kind, audience, category, topic, series, title, summary, body, language, tags, author, source, cover,
            attachments,
            original_url: _,
        } = *article;
        Some(Self {
            number: of.number,
            state: of.state.into(),
            audience: audience.into(),
            title,
            kind: kind.into(),
            summary,
            body: reading.media.text(body.as_str()).into_owned(),
            language: language.into(),
            tags,
            author,
            source: source.map(Into::into),
            cover: cover.map(|cover| Cover::new(cover, &reading.media)),
            attachments: Attachment::all(attachments, &reading.media),
            category: reading.reference.categories.get(category).map(Into::into),
            topic: topic.and_then(|id| reading.reference.topics.get(id)).map(Into::into),
            series: series.and_then(|id| reading.reference.series.get(id)).map(Into::into),
            needs_screening: of.needs_screening,
            is_held: of.is_held,
            change_note: of.publication.note,
            publish_at: of.publication.at.map(Time),
            public_until: of.publication.until.map(Time),
            created_at: Time(of.created_at),
            published_at: of.published_at.map(Time),
        })
    }
}

impl From<entry::EditionState> for EditionState {
    fn from(state: entry::EditionState) -> Self {
        match state {
            entry::EditionState::Draft => Self::Draft,
            entry::EditionState::Submitted => Self::Submitted,
            entry::EditionState::Screened => Self::Screened,
            entry::EditionState::Returned => Self::Returned,
            entry::EditionState::Approved => Self::Approved,
            entry::EditionState::Scheduled => Self::Scheduled,
            entry::EditionState::Replaced => Self::Replaced,
            entry::EditionState::Live => Self::Live,
            entry::EditionState::Superseded => Self::Superseded,
            entry::EditionState::Withdrawn => Self::Withdrawn,
            entry::EditionState::TakenDown => Self::TakenDown,
            entry::EditionState::Expired => Self::Expired,
        }
    }
}

impl From<Removed> for RemovedMarkup {
    fn from(removed: Removed) -> Self {
        let Removed { what, count } = removed;
        Self { what, count }
    }
}
