//! Articles (tin, bài): what an editor writes, checked field by field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::audience::Audience;
use crate::html::{Removed, SafeHtml};
use crate::ids::{CategoryId, MediaId, SeriesId, TopicId};
use crate::language::LanguageTag;
use crate::media::{self, Attachment, AttachmentInput, MAX_ATTACHMENTS};
use crate::poison::{Subject, Where, scan};
use crate::text::{fold, storable};
use crate::time::Timestamp;

/// The content of an article, checked and sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Article {
    /// What form of journalism it is.
    #[serde(default)]
    pub kind: ArticleKind,
    /// For whom it is.
    #[serde(default, skip_serializing_if = "Audience::is_public")]
    pub audience: Audience,
    /// The one category.
    pub category: CategoryId,
    /// The topic, when it is not the category's.
    pub topic: Option<TopicId>,
    /// The series of its site that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesId>,
    /// Title: plain text, one line.
    pub title: String,
    /// Summary (sapo): plain text.
    pub summary: String,
    /// Body.
    #[serde(skip)]
    pub body: SafeHtml,
    /// Language of the text.
    pub language: LanguageTag,
    /// Tags as written; compared folded.
    pub tags: Vec<String>,
    /// Byline.
    pub author: Option<String>,
    /// Where a reposted article comes from; an original one has no source.
    pub source: Option<Source>,
    /// Lead image.
    pub cover: Option<Cover>,
    /// Attached documents, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Where it stood before it was imported. Only imports state it, with [`Article::check_original_url`]; edits keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_url: Option<String>,
}

/// Forms of journalism, as boards and royalty tables tell them apart (NĐ 18/2014).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleKind {
    /// Tin.
    #[default]
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

impl ArticleKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::News,
        Self::Feature,
        Self::Notice,
        Self::Reportage,
        Self::Interview,
        Self::Photo,
        Self::Video,
        Self::Audio,
    ];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Feature => "feature",
            Self::Notice => "notice",
            Self::Reportage => "reportage",
            Self::Interview => "interview",
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }

    /// Reads [`ArticleKind::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind when it is not plain news, which most articles are.
    pub fn other_than_news(self) -> Option<Self> {
        (self != Self::News).then_some(self)
    }
}

/// The origin of a repost: source, author and time have to be stated (NĐ 72/2013 Đ20, NĐ 147/2024 Đ24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Name of the press agency or portal.
    pub name: String,
    /// Address of the original.
    pub url: Option<String>,
    /// Author named there.
    pub author: Option<String>,
    /// When it was published there.
    pub published_at: Option<Timestamp>,
    /// Whether it is quoted exactly.
    pub verbatim: bool,
}

/// The lead image of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cover {
    /// The file, when it is of the site's library: its addresses are made of it, and `url` is but the one it was written with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaId>,
    /// Address, absolute.
    pub url: String,
    /// What the image shows, for those who do not see it.
    pub alt: String,
    /// Caption.
    pub caption: Option<String>,
    /// Photographer or source.
    pub credit: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}

/// An article as it comes from a client or a file, before any check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleInput {
    /// See [`Article::kind`].
    pub kind: ArticleKind,
    /// See [`Article::audience`]. A new article is public when this is absent, and an edited one stays what it was, so that a
    /// client that knows nothing of audiences does not give away what is internal.
    pub audience: Option<Audience>,
    /// See [`Article::category`].
    pub category: CategoryId,
    /// See [`Article::topic`].
    pub topic: Option<TopicId>,
    /// See [`Article::series`].
    pub series: Option<SeriesId>,
    /// See [`Article::title`].
    pub title: String,
    /// See [`Article::summary`].
    pub summary: String,
    /// HTML, not yet sanitised.
    pub body: String,
    /// A BCP 47 tag; the main language when absent.
    pub language: Option<String>,
    /// See [`Article::tags`].
    pub tags: Vec<String>,
    /// See [`Article::author`].
    pub author: Option<String>,
    /// See [`Article::source`].
    pub source: Option<Source>,
    /// See [`Article::cover`]. What is blank beside a `media` is taken from its library entry.
    pub cover: Option<Cover>,
    /// See [`Article::attachments`].
    pub attachments: Vec<AttachmentInput>,
}

/// One field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{field}: {rule}")]
pub struct FieldError {
    /// The field as clients write it, such as `cover.alt`.
    pub field: &'static str,
    /// The rule that it breaks.
    pub rule: FieldRule,
}

/// The rules that fields can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "rule", content = "limit", rename_all = "snake_case")]
pub enum FieldRule {
    /// Must not be blank.
    #[error("must not be blank")]
    Blank,
    /// Longer than so many characters (tags: so many items; body: so many bytes).
    #[error("must not exceed {0}")]
    TooLong(usize),
    /// Not an absolute `http` or `https` address.
    #[error("must be an absolute http or https address")]
    NotAnAddress,
    /// Not words of small letters and digits joined by single hyphens.
    #[error("must be words of a-z and 0-9 joined by single hyphens")]
    NotASlug,
    /// Names nothing that exists on this site.
    #[error("must exist on this site")]
    Unknown,
    /// Names an article that the public has never seen.
    #[error("must be an article that is or was public on this site")]
    NeverPublic,
    /// Not a BCP 47 tag.
    #[error("must be a language tag such as vi or en")]
    NotALanguage,
    /// A day that has not come yet.
    #[error("must not lie in the future")]
    InTheFuture,
    /// Shorter than so many characters.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// Not what an identity provider calls a subject.
    #[error("must be the subject at the identity provider: visible ASCII characters without spaces")]
    NotASubject,
    /// Not a sum of money between one đồng and so many.
    #[error("must be between 1 and {0} đồng")]
    NotAnAmount(i64),
    /// A last day before the first one.
    #[error("must not lie before the first day")]
    BeforeValidity,
    /// Some day lies in another table already.
    #[error("must not lie in the days of another table, unless that one has no end")]
    Overlaps,
    /// Not a coefficient.
    #[error("must be between 0.01 and 1000, with at most two digits after the comma")]
    NotACoefficient,
    /// Above the highest coefficient of its class.
    #[error("must not exceed the highest coefficient of the class")]
    AboveHighest,
    /// A class that the table does not have.
    #[error("must be a class of the table that holds on the day of publication")]
    NotInTable,
    /// No table holds on the day of publication.
    #[error("needs rates that hold on the day of its first publication")]
    NoRates,
    /// The same twice.
    #[error("must not be there twice")]
    Twice,
    /// Neither an e-mail address nor a user name.
    #[error("must be an e-mail address, or a user name of 3 to 64 letters a-z, figures, dots, hyphens and underscores")]
    NotASignInName,
    /// Not a short name for an account.
    #[error("must be 3 to 64 small letters a-z, figures, dots, hyphens and underscores, first a letter or figure")]
    NotAHandle,
    /// Among the passwords that are tried first.
    #[error("must not be a common password, a run of characters or the name of the account")]
    Guessable,
    /// Nothing, or what no token for a program may do.
    #[error("must be at least one, and none about accounts, roles or reference data")]
    NotForTokens,
    /// Not within so many days from now.
    #[error("must lie within the next {0} days")]
    NotWithin(i64),
    /// Not exactly one member who answers for the site.
    #[error("must hold exactly one accountable person")]
    NotOneAccountable,
    /// Holds an e-mail address where it would be published.
    #[error("must not hold an e-mail address")]
    HoldsAnAddress,
    /// Has to be there before the article is published.
    #[error("must be given before the article is published")]
    NeededToPublish,
    /// Reads like injected advertising, and nobody could hold it until a second person has looked.
    #[error("must not read like injected advertising")]
    Injected,
    /// An end that is past, or not after the beginning.
    #[error("must lie in the future and after the beginning")]
    BeforeItsStart,
}

/// Longest title, in characters: twice the longest procedure title seen would still be readable.
pub const MAX_TITLE: usize = 500;
/// Longest summary, in characters.
pub const MAX_SUMMARY: usize = 2_000;
/// Largest body, in bytes of HTML.
pub const MAX_BODY: usize = 1 << 20;
/// Most tags on one article.
pub const MAX_TAGS: usize = 20;
/// Longest tag, byline, name or caption, in characters.
pub const MAX_LINE: usize = 300;
/// Longest address, in bytes.
pub const MAX_URL: usize = 2_000;

impl Article {
    /// Checks every field, sanitises the body, and says what sanitising removed.
    ///
    /// # Errors
    /// All fields that break a rule, not only the first.
    pub fn check(input: ArticleInput) -> Result<(Self, Vec<Removed>), Vec<FieldError>> {
        #[rustfmt::skip]
        let ArticleInput {
            kind, audience, category, topic, series, title, summary, body, language, tags, author, source, cover,
            attachments,
        } = input;
        let mut check = Check::default();
        let title = check.required_line("title", &title, MAX_TITLE);
        let summary = check.text("summary", &summary, MAX_SUMMARY);
        check.limit("body", body.len(), MAX_BODY);
        let language = check.language(language.as_deref());
        let tags = check.tags(&tags);
        let author = check.optional_line("author", author);
        let source = source.map(|source| check.source(source));
        let cover = cover.map(|cover| check.cover(cover));
        let attachments = check.attachments(attachments);
        check.finish()?;
        let (body, removed) = SafeHtml::sanitise(&storable(&body));
        let article = Self {
            kind,
            audience: audience.unwrap_or_default(),
            category,
            topic,
            series,
            title,
            summary,
            body,
            language,
            tags,
            author,
            source,
            cover,
            attachments,
            original_url: None,
        };
        Ok((article, removed))
    }

    /// Every file of the library that it shows or links to.
    pub fn media(&self) -> BTreeSet<MediaId> {
        let mut media = media::referred_to(self.body.as_str());
        media.extend(self.cover.iter().filter_map(|cover| cover.media));
        media.extend(self.attachments.iter().map(|attachment| attachment.media));
        media
    }

    /// Checks the address an imported article had before, and brings it to its stored form.
    ///
    /// # Errors
    /// Unless it is an absolute `http` or `https` address of bounded length.
    pub fn check_original_url(url: &str) -> Result<String, FieldError> {
        let mut check = Check::default();
        let address = check.address("originalUrl", url);
        check.errors.into_iter().next().map_or(Ok(address), Err)
    }
}

/// Collects the rules that fields break, and brings text to its stored form on the way.
#[derive(Default)]
pub(crate) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(crate) fn fail(&mut self, field: &'static str, rule: FieldRule) {
        self.errors.push(FieldError { field, rule });
    }

    pub(crate) fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    fn limit(&mut self, field: &'static str, length: usize, limit: usize) {
        if length > limit {
            self.fail(field, FieldRule::TooLong(limit));
        }
    }

    pub(crate) fn text(&mut self, field: &'static str, text: &str, limit: usize) -> String {
        let text = storable(text.trim()).into_owned();
        self.limit(field, text.chars().count(), limit);
        text
    }

    pub(crate) fn required_text(&mut self, field: &'static str, text: &str, limit: usize) -> String {
        let text = self.text(field, text, limit);
        if text.is_empty() {
            self.fail(field, FieldRule::Blank);
        }
        text
    }

    pub(crate) fn line(&mut self, field: &'static str, text: &str, limit: usize) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.text(field, &words.join(" "), limit)
    }

    pub(crate) fn required_line(&mut self, field: &'static str, text: &str, limit: usize) -> String {
        let line = self.line(field, text, limit);
        if line.is_empty() {
            self.fail(field, FieldRule::Blank);
        }
        line
    }

    pub(crate) fn optional_line(&mut self, field: &'static str, text: Option<String>) -> Option<String> {
        text.map(|text| self.line(field, &text, MAX_LINE)).filter(|line| !line.is_empty())
    }

    /// For texts that are public as soon as they are written, without an edition that could be held.
    pub(crate) fn honest(&mut self, field: &'static str, place: Where, text: &str) {
        if scan(&Subject { place, text }).is_held() {
            self.fail(field, FieldRule::Injected);
        }
    }

    pub(crate) fn address(&mut self, field: &'static str, url: &str) -> String {
        self.limit(field, url.len(), MAX_URL);
        match Url::parse(url.trim()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url.into(),
            _ => {
                self.fail(field, FieldRule::NotAnAddress);
                String::new()
            }
        }
    }

    fn language(&mut self, tag: Option<&str>) -> LanguageTag {
        let Some(tag) = tag else { return LanguageTag::default() };
        LanguageTag::parse(tag).unwrap_or_else(|_| {
            self.fail("language", FieldRule::NotALanguage);
            LanguageTag::default()
        })
    }

    /// Tags without blanks, the first spelling of each.
    fn tags(&mut self, tags: &[String]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let lines: Vec<String> = tags.iter().map(|tag| self.line("tags", tag, MAX_LINE)).collect();
        let tags: Vec<String> = lines.into_iter().filter(|tag| !tag.is_empty() && seen.insert(fold(tag))).collect();
        self.limit("tags", tags.len(), MAX_TAGS);
        tags
    }

    fn source(&mut self, source: Source) -> Source {
        let Source { name, url, author, published_at, verbatim } = source;
        Source {
            name: self.required_line("source.name", &name, MAX_LINE),
            url: url.map(|url| self.address("source.url", &url)),
            author: self.optional_line("source.author", author),
            published_at,
            verbatim,
        }
    }

    fn cover(&mut self, cover: Cover) -> Cover {
        let Cover { media, url, alt, caption, credit, width, height } = cover;
        let is_ours = media.is_some();
        Cover {
            media,
            url: self.address("cover.url", &url),
            alt: if is_ours {
                // A draft may lack it; what the site asks for is asked at the publication.
                self.line("cover.alt", &alt, MAX_LINE)
            } else {
                self.required_line("cover.alt", &alt, MAX_LINE)
            },
            caption: self.optional_line("cover.caption", caption),
            credit: self.optional_line("cover.credit", credit),
            width,
            height,
        }
    }

    /// What a client says of them; the library knows the rest.
    fn attachments(&mut self, attachments: Vec<AttachmentInput>) -> Vec<Attachment> {
        self.limit("attachments", attachments.len(), MAX_ATTACHMENTS);
        let mut seen = BTreeSet::new();
        let distinct = attachments.into_iter().filter(|it| seen.insert(it.media));
        let attachment = |AttachmentInput { media, title }| Attachment {
            media,
            title: self.line("attachments.title", &title.unwrap_or_default(), MAX_LINE),
            file_name: String::new(),
            media_type: String::new(),
            size: 0,
        };
        distinct.map(attachment).collect()
    }
}

#[cfg(test)]
mod tests;
