//! The root of all writes. What a client can expect to go wrong comes back in the payload, typed; only faults of ours
//! and refusals of the request as a whole are errors.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::commands::IdempotencyKey;
use lienthong_app::commands::articles::{self, NewArticle, Written};
use lienthong_app::commands::{decisions, series};
use lienthong_domain::access::act;
use lienthong_domain::article;
use lienthong_domain::entry::Version;
use lienthong_domain::golive::Decision;
use lienthong_domain::html::Removed;
use lienthong_domain::ids::{EntryId, MediaId};
use lienthong_domain::media;
use lienthong_domain::series::SeriesText;

use crate::error::ApiError;
use crate::graphql::article::ArticleKind;
use crate::graphql::entry::Entry;
use crate::graphql::hold::Finding;
use crate::graphql::internal::Audience;
use crate::graphql::report::SiteRequirement;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::series::Series;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;
use crate::view::Filing;

/// What is written.
pub(crate) struct Mutation;

/// What an article says.
#[derive(InputObject)]
pub(crate) struct ArticleInput {
    /// Id of a category of the site, or `host/slug`.
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
    title: String,
    /// Summary (sapo): plain text, at most 2,000 characters.
    #[graphql(default)]
    summary: String,
    /// Body: HTML, at most 1 MiB; sanitised, and what is taken out is reported.
    body: String,
    /// Language as a BCP 47 tag; `vi` by default.
    language: Option<String>,
    /// At most 20 tags.
    #[graphql(default)]
    tags: Vec<String>,
    /// Byline.
    author: Option<String>,
    /// Origin, when the article is a repost.
    source: Option<SourceInput>,
    /// Lead image.
    cover: Option<CoverInput>,
    /// Documents of the site's library, in their order; at most 20.
    #[graphql(default)]
    attachments: Vec<AttachmentInput>,
}

/// Where a reposted article comes from.
#[derive(InputObject)]
pub(crate) struct SourceInput {
    /// Name of the press agency or portal.
    name: String,
    /// Absolute address of the original.
    url: Option<String>,
    /// Author named there.
    author: Option<String>,
    /// When it was published there.
    published_at: Option<DateTime>,
    /// Whether it is quoted exactly.
    #[graphql(default = true)]
    verbatim: bool,
}

/// The lead image of an article.
#[derive(InputObject)]
pub(crate) struct CoverInput {
    /// An image of the site's library; what is left out beside it is taken from there.
    media: Option<ID>,
    /// Absolute address of an image that is not of the library.
    url: Option<String>,
    /// What the image shows, for those who do not see it. Needed, unless it is of the library.
    alt: Option<String>,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
    /// Width in pixels.
    width: Option<u32>,
    /// Height in pixels.
    height: Option<u32>,
}

/// A document to be attached.
#[derive(InputObject)]
pub(crate) struct AttachmentInput {
    /// A document of the site's library.
    media: ID,
    /// What readers click on; the file's name when absent.
    title: Option<String>,
}

/// The document by which something was decided for a site.
#[derive(InputObject)]
pub(crate) struct SiteDecisionInput {
    /// Its number, word for word, such as `12/QĐ-UBND`; at most 100 characters.
    number: String,
    /// The day it was signed; not in the future.
    signed_on: Date,
    /// Who issued it.
    agency: Option<String>,
    /// Absolute address where it can be read.
    url: Option<String>,
}

/// The outcome of a record about a site.
#[derive(SimpleObject)]
pub(crate) struct SiteDecisionPayload {
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of a record of a series.
#[derive(SimpleObject)]
pub(crate) struct SeriesPayload {
    /// The series as it is now; none when there are errors.
    series: Option<Series>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// Something the client can mend.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// Stable code.
    code: &'static str,
    /// One English sentence.
    message: String,
    /// One Vietnamese sentence.
    message_vi: &'static str,
    /// The field that breaks a rule, such as `cover.alt`.
    field: Option<&'static str>,
    /// The version now, when the write was made against an older one.
    current_version: Option<u32>,
}

/// Something that sanitising took out of the body.
#[derive(SimpleObject)]
pub(crate) struct RemovedMarkup {
    /// An element such as `script`, or an attribute such as `@onclick`.
    what: String,
    /// How many of them.
    count: usize,
}

/// The outcome of a write: the entry, or what is to be mended.
#[derive(SimpleObject)]
pub(crate) struct ArticlePayload {
    /// The entry after the write; none when there are errors.
    entry: Option<Entry>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
    /// What sanitising took out of the body, for the author to read.
    removed: Vec<RemovedMarkup>,
    /// Why a second person has to look at what was written before it becomes public; empty unless the draft is held.
    findings: Vec<Finding>,
}

#[Object(name = "ContentMutation")]
impl Mutation {
    /// Makes an article as a draft. Needs the right to create on the site.
    async fn create_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "Address on the site; made from the title when absent.")] slug: Option<String>,
        #[graphql(
            desc = "Id of the article of the site that it corrects (đính chính): one that is or was public. Fixed from then on."
        )]
        corrects: Option<ID>,
        #[graphql(desc = "What it says.")] input: ArticleInput,
        #[graphql(desc = "Unique for this request; sent again within 24 hours, it makes nothing a second time.")]
        idempotency_key: Option<String>,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Create>()?;
        let create = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            let idempotency = idempotency_key.as_deref().map(IdempotencyKey::parse).transpose()?;
            let corrects = corrects.map(|id| entry_id(&id).map_err(|_| unknown("corrects"))).transpose()?;
            let new = NewArticle { site, slug, corrects, input: input.parse(reading)?, idempotency };
            articles::create(&reading.app, &permit, new, reading.now).await
        };
        ArticlePayload::of_written(create.await)
    }

    /// Replaces the draft's text, or begins a new draft over the edition that is public or was handed in. Needs the right to
    /// edit on the site, or to create there for one's own text.
    async fn edit_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version the text was made against.")] version: u32,
        #[graphql(desc = "What it says.")] input: ArticleInput,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let edit = async {
            let seen = (entry_id(&id)?, Version::new(version));
            articles::edit(&reading.app, &permit, seen, input.parse(reading)?, reading.now).await
        };
        ArticlePayload::of_written(edit.await)
    }

    /// Records by which document a site was decided on before it goes live; without a document, takes the record out.
    /// Needs the right to record decisions on the site.
    async fn record_site_decision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "What was decided.")] requirement: SiteRequirement,
        #[graphql(desc = "The document.")] decision: Option<SiteDecisionInput>,
    ) -> Result<SiteDecisionPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::RecordDecision>()?;
        let record = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            let decision = decision.map(Into::into);
            decisions::record(&reading.app, &permit, (site, requirement.into()), decision, reading.now).await
        };
        SiteDecisionPayload::of(record.await)
    }

    /// Makes a series of articles on a site, or changes the title and the summary of the one under this slug. Needs the
    /// right to manage series on the site.
    async fn record_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "Readable key, unique on the site; fixed.")] slug: String,
        #[graphql(desc = "Title: plain text, one line, at most 500 characters.")] title: String,
        #[graphql(default, desc = "Summary: plain text, at most 2,000 characters.")] summary: String,
    ) -> Result<SeriesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ManageSeries>()?;
        let record = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            let text = SeriesText { title, summary };
            series::record(&reading.app, &permit, (site, &slug), text, reading.now).await
        };
        match record.await {
            Ok(series) => Ok(SeriesPayload { series: Some(Series(Arc::new(series))), errors: Vec::new() }),
            Err(error) => Ok(SeriesPayload { series: None, errors: mendable(error)? }),
        }
    }
}

impl SiteDecisionPayload {
    pub(crate) fn of(outcome: Result<(), Error>) -> Result<Self, ApiError> {
        Ok(Self { errors: outcome.err().map(mendable).transpose()?.unwrap_or_default() })
    }
}

impl ArticlePayload {
    fn of_written(outcome: Result<Written, Error>) -> Result<Self, ApiError> {
        let Written { entry, removed, findings } = match outcome {
            Ok(written) => written,
            Err(error) => return Self::refused(error),
        };
        let removed = removed.into_iter().map(|Removed { what, count }| RemovedMarkup { what, count }).collect();
        let findings = findings.into_iter().map(Into::into).collect();
        Ok(Self { entry: Some(Entry(entry)), errors: Vec::new(), removed, findings })
    }

    pub(super) fn of_entry(outcome: Result<lienthong_domain::entry::Entry, Error>) -> Result<Self, ApiError> {
        Self::of_written(outcome.map(|entry| Written { entry, removed: Vec::new(), findings: Vec::new() }))
    }

    fn refused(error: Error) -> Result<Self, ApiError> {
        Ok(Self { entry: None, errors: mendable(error)?, removed: Vec::new(), findings: Vec::new() })
    }
}

/// What the client can mend; a fault of ours is an error of the request.
pub(crate) fn mendable(error: Error) -> Result<Vec<UserError>, ApiError> {
    match error {
        fault @ (Error::Store(_) | Error::Vault(_) | Error::Internal(_)) => Err(fault.into()),
        error => Ok(user_errors(&error)),
    }
}

fn user_errors(error: &Error) -> Vec<UserError> {
    let code = error.code();
    let user_error = |field, message| UserError {
        code: code.as_str(),
        message,
        message_vi: code.message_vi(),
        field,
        current_version: error.current_version().map(Version::get),
    };
    match error {
        Error::Invalid(fields) => fields.iter().map(|it| user_error(Some(it.field), it.rule.to_string())).collect(),
        Error::BadRequest { parameter, reason } => vec![user_error(Some(parameter), reason.clone())],
        other => vec![user_error(None, other.to_string())],
    }
}

pub(super) fn entry_id(id: &ID) -> Result<EntryId, Error> {
    let id = GlobalId::parse(id).filter(|id| id.kind == NodeType::Article).ok_or(Error::NotFound("article"))?;
    Ok(EntryId::from_uuid(id.uuid))
}

pub(super) fn media_id(id: &ID) -> Result<MediaId, Error> {
    let id = GlobalId::parse(id).filter(|id| id.kind == NodeType::Media).ok_or(Error::NotFound("media"))?;
    Ok(MediaId::from_uuid(id.uuid))
}

impl ArticleInput {
    fn parse(self, reading: &Reading) -> Result<article::ArticleInput, Error> {
        #[rustfmt::skip]
        let Self {
            category, topic, series, kind, audience, title, summary, body, language, tags, author, source, cover,
            attachments,
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

impl From<SourceInput> for article::Source {
    fn from(input: SourceInput) -> Self {
        let SourceInput { name, url, author, published_at, verbatim } = input;
        Self { name, url, author, published_at: published_at.map(|time| time.0), verbatim }
    }
}

impl From<SiteDecisionInput> for Decision {
    fn from(input: SiteDecisionInput) -> Self {
        let SiteDecisionInput { number, signed_on, agency, url } = input;
        Self { number, signed_on: signed_on.0, agency, url }
    }
}

impl CoverInput {
    fn parse(self, reading: &Reading) -> Result<article::Cover, Error> {
        let Self { media, url, alt, caption, credit, width, height } = self;
        let media = media.map(|id| media_id(&id).map_err(|_| unknown("cover.media"))).transpose()?;
        let (url, alt) = (url.unwrap_or_default(), alt.unwrap_or_default());
        Ok(reading.media.shown(article::Cover { media, url, alt, caption, credit, width, height }))
    }
}

impl AttachmentInput {
    fn parse(self) -> Result<media::AttachmentInput, Error> {
        let Self { media, title } = self;
        Ok(media::AttachmentInput { media: media_id(&media).map_err(|_| unknown("attachments.media"))?, title })
    }
}

fn unknown(field: &'static str) -> Error {
    Error::Invalid(vec![article::FieldError { field, rule: article::FieldRule::Unknown }])
}
