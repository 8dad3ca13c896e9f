//! An article as the scanner sees it: everything of it that the public would see.

use crate::article::{Article, ArticleInput, Cover, Source};
use crate::hold::Finding;
use crate::media::Attachment;
use crate::poison::{Reason, Subject, Where, scan};
use crate::slug::Slug;

/// The texts of an article, before or after sanitising.
#[derive(Debug, Clone, Copy)]
pub struct PublicText<'a> {
    title: &'a str,
    summary: &'a str,
    body: &'a str,
    tags: &'a [String],
    author: Option<&'a str>,
    source: Option<&'a Source>,
    cover: Option<&'a Cover>,
    attachments: &'a [Attachment],
}

impl<'a> From<&'a ArticleInput> for PublicText<'a> {
    /// As it came in: sanitising takes out what tells most about whoever sent it.
    fn from(input: &'a ArticleInput) -> Self {
        let ArticleInput { title, summary, body, tags, author, source, cover, .. } = input;
        let (author, source, cover) = (author.as_deref(), source.as_ref(), cover.as_ref());
        // What is attached is known when the library has been asked.
        Self { title, summary, body, tags, author, source, cover, attachments: &[] }
    }
}

impl<'a> From<&'a Article> for PublicText<'a> {
    /// As it is stored.
    fn from(article: &'a Article) -> Self {
        let Article { title, summary, body, tags, author, source, cover, attachments, .. } = article;
        let (author, source, cover) = (author.as_deref(), source.as_ref(), cover.as_ref());
        Self { title, summary, body: body.as_str(), tags, author, source, cover, attachments }
    }
}

/// Why a second person has to see an article before it is public; empty when nothing was found. Its address is judged by
/// [`findings_in_slug`].
pub fn findings<'a>(text: impl Into<PublicText<'a>>) -> Vec<Finding> {
    let text = text.into();
    // Tags are read with the title: the word alone does not tell whether a crime is meant or an offer.
    let tags = (!text.tags.is_empty()).then(|| format!("{}. {}", text.title, text.tags.join(", ")));
    let texts = [
        ("title", Where::Title, Some(text.title)),
        ("summary", Where::Question, Some(text.summary)),
        ("body", Where::BodyHtml, Some(text.body)),
        ("tags", Where::Title, tags.as_deref()),
        ("author", Where::Title, text.author),
        ("source.name", Where::Title, text.source.map(|source| source.name.as_str())),
        ("source.author", Where::Title, text.source.and_then(|source| source.author.as_deref())),
        ("source.url", Where::Link, text.source.and_then(|source| source.url.as_deref())),
    ];
    let texts = texts.into_iter().filter_map(|(field, place, text)| Some((field, Subject { place, text: text? })));
    let texts = texts.chain(of_library(text.cover, text.attachments));
    texts.flat_map(|(field, subject)| look(field, subject)).collect()
}

/// The same for what an article shows of the library of its site, which is known only when that has been asked.
pub fn findings_in_library(article: &Article) -> Vec<Finding> {
    let texts = of_library(article.cover.as_ref(), &article.attachments);
    texts.flat_map(|(field, subject)| look(field, subject)).collect()
}

fn of_library<'a>(
    cover: Option<&'a Cover>,
    attachments: &'a [Attachment],
) -> impl Iterator<Item = (&'static str, Subject<'a>)> {
    let cover = cover.into_iter().flat_map(|cover| {
        [
            ("cover.url", Where::Link, Some(cover.url.as_str())),
            ("cover.alt", Where::Title, Some(cover.alt.as_str())),
            ("cover.caption", Where::Title, cover.caption.as_deref()),
            ("cover.credit", Where::Title, cover.credit.as_deref()),
        ]
    });
    let attachments = attachments.iter().flat_map(|Attachment { title, file_name, .. }| {
        [
            ("attachments.title", Where::Title, Some(title.as_str())),
            ("attachments.fileName", Where::AttachmentName, Some(file_name.as_str())),
        ]
    });
    let texts = cover.chain(attachments);
    texts.filter_map(|(field, place, text)| Some((field, Subject { place, text: text? })))
}

/// The same for the last part of its address. One that is made from the title says nothing beside it, and less: without
/// marks "cán vồn" and "cần vốn" are the same.
pub fn findings_in_slug(slug: &Slug, title: &str) -> Vec<Finding> {
    if slug.is_made_of(title) {
        return Vec::new();
    }
    look("slug", Subject { place: Where::Slug, text: slug.as_str() })
}

fn look(field: &'static str, subject: Subject<'_>) -> Vec<Finding> {
    if subject.text.trim().is_empty() {
        return Vec::new();
    }
    let finding = |Reason { rule, message, found }| Finding {
        field: field.to_owned(),
        rule: rule.to_owned(),
        message: message.to_owned(),
        found,
    };
    scan(&subject).reasons.into_iter().map(finding).collect()
}
