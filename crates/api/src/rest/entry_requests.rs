//! What editors send.

use axum::extract::Request;
use http::HeaderMap;
use lienthong_app::commands::IdempotencyKey;
use lienthong_app::commands::articles::NewArticle;
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::article::{self, FieldError, FieldRule};
use lienthong_domain::entry::{Major, Publication, PublicationInput};
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::body;
use crate::rest::media_requests::{AttachmentInput, CoverInput};
use crate::rest::model::{ArticleKind, ArticleSource, Audience};
use crate::rest::path::not_found;
use crate::view::{Filing, article_id};

/// What an article says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ArticleInput {
    /// Address on the site; only when the article is made, and made from the title when absent. Fixed afterwards.
    #[schema(example = "lich-tiep-cong-dan-thang-7")]
    slug: Option<String>,
    /// Id of the article of the site that it corrects (đính chính): one that is or was public. Only when the article is made.
    corrects: Option<String>,
    /// Id of a category of the site, or `host/slug`.
    #[schema(example = "xuanhai.nghixuan.hatinh.gov.vn/thong-bao")]
    category: String,
    /// Code or id of a topic, when it is not the category's.
    topic: Option<String>,
    /// Id of a series of the site, its slug, or `host/slug`.
    series: Option<String>,
    /// Form of journalism; news by default.
    kind: Option<ArticleKind>,
    /// For whom it is. A new article is public when this is absent; an edited one stays what it was.
    audience: Option<Audience>,
    /// Title: plain text, one line, at most 500 characters.
    #[schema(example = "Lịch tiếp công dân tháng 7 của Chủ tịch UBND xã")]
    title: String,
    /// Summary (sapo): plain text, at most 2,000 characters.
    #[serde(default)]
    #[schema(example = "UBND xã Xuân Hải thông báo lịch tiếp công dân định kỳ.")]
    summary: String,
    /// Body: HTML, at most 1 MiB; sanitised, and what is taken out is reported.
    #[schema(example = "<p>Thời gian: 08 giờ 00 ngày 05/7/2024.</p>")]
    body: String,
    /// Language as a BCP 47 tag; `vi` by default.
    #[schema(example = "vi")]
    language: Option<String>,
    /// At most 20 tags.
    #[serde(default)]
    #[schema(example = json!(["tiếp công dân"]))]
    tags: Vec<String>,
    /// Byline.
    author: Option<String>,
    /// Origin, when the article is a repost.
    source: Option<ArticleSource>,
    /// Lead image.
    cover: Option<CoverInput>,
    /// Documents of the site's library, in their order; at most 20.
    #[serde(default)]
    attachments: Vec<AttachmentInput>,
}

/// How a publication is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PublishParameters {
    /// Whether readers should hear of it.
    #[serde(default)]
    #[param(inline, required = false)]
    change: ChangeWeight,
    /// What has changed, for the public: one line, at most 500 characters.
    note: Option<String>,
    /// From when, as RFC 3339 with an offset; at once when absent or past.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-07-01T07:00:00+07:00")]
    at: Option<String>,
    /// Until when; for good when absent.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<String>,
}

/// Whether a publication changes what the text says: `major` moves `updatedAt`, lists and feeds; `minor` is
/// housekeeping, which must not look like news.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "major")]
enum ChangeWeight {
    /// Readers should hear of it.
    #[default]
    Major,
    /// Housekeeping.
    Minor,
}

/// Reads a request to make an article.
pub(super) async fn new_article(reading: &Reading, site: &str, request: Request) -> Result<NewArticle, Problem> {
    let site: SiteId = reading.named().site(site).ok_or_else(|| not_found("site"))?.id;
    let idempotency = idempotency_key(request.headers())?;
    let mut input: ArticleInput = body::json(request).await?;
    let slug = input.slug.take();
    let unknown = || FieldError { field: "corrects", rule: FieldRule::Unknown };
    let corrects = input.corrects.take().map(|id| article_id(&id).ok_or_else(|| Error::Invalid(vec![unknown()])));
    Ok(NewArticle { site, slug, corrects: corrects.transpose()?, input: input.parse(reading)?, idempotency })
}

/// Reads a request to replace the text of an article.
pub(super) async fn new_text(reading: &Reading, request: Request) -> Result<article::ArticleInput, Problem> {
    let input: ArticleInput = body::json(request).await?;
    for (field, is_given) in [("slug", input.slug.is_some()), ("corrects", input.corrects.is_some())] {
        if is_given {
            return Err(Problem::field(
                ErrorCode::InvalidInput,
                field,
                "is fixed when the article is made; leave it out",
            ));
        }
    }
    Ok(input.parse(reading)?)
}

/// The entry that an address names.
pub(super) fn entry_id(name: &str) -> Result<EntryId, Problem> {
    article_id(name).ok_or_else(|| not_found("article"))
}

/// The key in `Idempotency-Key`, which the draft standard writes in quotes and many clients without.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    const NAME: &str = "Idempotency-Key";
    let mut values = headers.get_all(NAME).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        let several = headers.contains_key(NAME);
        return if several { Err(Problem::parameter(NAME, "must be given once")) } else { Ok(None) };
    };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    match IdempotencyKey::parse(text) {
        Err(Error::BadRequest { reason, .. }) => Err(Problem::parameter(NAME, reason)),
        key => Ok(Some(key?)),
    }
}

impl ArticleInput {
    fn parse(self, reading: &Reading) -> Result<article::ArticleInput, Error> {
        #[rustfmt::skip]
        let Self {
            slug: _, corrects: _, category, topic, series, kind, audience, title, summary, body, language, tags, author, source,
            cover, attachments,
        } = self;
        let filing = reading.named().filing(&category, topic.as_deref(), series.as_deref())?;
        let Filing { category, topic, series } = filing;
        Ok(article::ArticleInput {
            kind: kind.map(Into::into).unwrap_or_default(),
            audience: audience.map(Into::into),
            category,
            topic,
            series,
            title,
            summary,
            body,
            language,
            tags,
            author,
            source: source.map(Into::into),
            cover: cover.map(|cover| cover.parse(reading)).transpose()?,
            attachments: attachments.into_iter().map(AttachmentInput::parse).collect::<Result<_, _>>()?,
        })
    }
}

impl PublishParameters {
    pub(super) fn publication(self, now: Timestamp) -> Result<Publication, Problem> {
        let Self { change, note, at, until } = self;
        let weight = match change {
            ChangeWeight::Major => Major::Major,
            ChangeWeight::Minor => Major::Minor,
        };
        let input = PublicationInput { weight, note, at: moment("at", at)?, until: moment("until", until)? };
        Ok(Publication::check(input, now).map_err(Error::Invalid)?)
    }
}

fn moment(name: &'static str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let moment = text.map(|text| Timestamp::parse(&text)).transpose();
    moment.map_err(|_| Problem::parameter(name, "must be a time such as 2026-07-01T07:00:00+07:00"))
}
