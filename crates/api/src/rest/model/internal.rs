use lienthong_app::queries::internal;
use lienthong_domain::article::Article;
use lienthong_domain::audience;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ArticleKind, ArticleSource, Attachment, CategoryRef, Cover, PageInfo, SeriesRef, SiteRef, Time, TopicRef, global_id,
};
use crate::ids::NodeType;
use crate::reading::Reading;

/// For whom an edition is: `public` everybody (công khai), `internal` the people with a role on the site (nội bộ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::rest) enum Audience {
    /// Everybody.
    Public,
    /// The people with a role on the site.
    Internal,
}

/// An article that is published internally (tin, bài nội bộ). It has no public address, and nothing public leads to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct InternalArticle {
    /// Id, the same as that of the entry.
    id: String,
    /// The address it would have on the site if it were public.
    #[schema(example = "lich-truc-thang-7")]
    slug: String,
    /// Form of journalism.
    kind: ArticleKind,
    /// Title, plain text.
    #[schema(example = "Lịch trực cơ quan tháng 7")]
    title: String,
    /// Summary (sapo), plain text.
    summary: String,
    /// Body, sanitised HTML. Only in a single article.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Language as a BCP 47 tag.
    #[schema(example = "vi")]
    language: String,
    /// Tags as written.
    tags: Vec<String>,
    /// Byline.
    #[schema(required)]
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
    /// Number of the edition that is shown: 1 for the first.
    #[schema(example = 1)]
    edition: u32,
    /// Since when it has been internal.
    published_at: Time,
    /// Last major change.
    updated_at: Time,
    /// Last change of any kind.
    modified_at: Time,
}

/// One page of a list of internal articles.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::rest) struct InternalArticleList {
    /// The articles.
    pub(in crate::rest) data: Vec<InternalArticle>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
}

impl InternalArticle {
    /// Without its body.
    pub(in crate::rest) fn of_list(of: internal::InternalArticle, reading: &Reading) -> Self {
        Self { body: None, ..Self::of_detail(of, reading) }
    }

    /// With its body.
    pub(in crate::rest) fn of_detail(of: internal::InternalArticle, reading: &Reading) -> Self {
        let shown_topic = internal::topic(&reading.reference, &of).map(Into::into);
        #[rustfmt::skip]
        let internal::InternalArticle {
            entry, site, edition_number, slug, first_published_at: _, published_at, updated_at, modified_at, article,
        } = of;
        #[rustfmt::skip]
        let Article {
            kind, audience: _, category, topic: _, series, title, summary, body, language, tags, author, source, cover,
            attachments,
            original_url: _,
        } = article;
        Self {
            id: global_id(NodeType::Article, entry.as_uuid()),
            slug,
            kind: kind.into(),
            title,
            summary,
            body: Some(reading.media.text(body.as_str()).into_owned()),
            language: language.into(),
            tags,
            author,
            source: source.map(Into::into),
            cover: cover.map(|cover| Cover::new(cover, &reading.media)),
            attachments: Attachment::all(attachments, &reading.media),
            site: reading.reference.sites.get(site).map(Into::into),
            category: reading.reference.categories.get(category).map(Into::into),
            topic: shown_topic,
            series: series.and_then(|id| reading.reference.series.get(id)).map(Into::into),
            edition: edition_number,
            published_at: Time(published_at),
            updated_at: Time(updated_at),
            modified_at: Time(modified_at),
        }
    }
}

impl From<audience::Audience> for Audience {
    fn from(audience: audience::Audience) -> Self {
        match audience {
            audience::Audience::Public => Self::Public,
            audience::Audience::Internal => Self::Internal,
        }
    }
}

impl From<Audience> for audience::Audience {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Public => Self::Public,
            Audience::Internal => Self::Internal,
        }
    }
}
