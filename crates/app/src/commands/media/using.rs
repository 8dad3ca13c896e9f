//! Articles that use files of their site's library.

use lienthong_domain::article::{Article, Cover, FieldError, FieldRule};
use lienthong_domain::entry::Entry;
use lienthong_domain::ids::{MediaId, SiteId};
use lienthong_domain::media::{Attachment, Description, Media, MediaKind, MediaRule};
use lienthong_persistence::{Tx, media, media_rules};

use crate::error::Error;

/// Fills in what the library knows of the cover and of the attachments.
///
/// # Errors
/// [`Error::Invalid`] for what is not in the library of `site`, or not of the kind that stands there.
pub(in crate::commands) async fn resolve(tx: &Tx, site: SiteId, article: Article) -> Result<Article, Error> {
    let cover = article.cover.as_ref().and_then(|cover| cover.media);
    let named = article.attachments.iter().map(|attachment| attachment.media).chain(cover).collect();
    let found = media::of_site(tx, site, &named).await?;
    let known = |id: MediaId, kind| found.iter().find(|media| media.id == id && media.kind() == kind);
    let unknown = |field| FieldError { field, rule: FieldRule::Unknown };
    let mut errors = Vec::new();
    if cover.is_some_and(|id| known(id, MediaKind::Image).is_none()) {
        errors.push(unknown("cover.media"));
    }
    if article.attachments.iter().any(|it| known(it.media, MediaKind::Document).is_none()) {
        errors.push(unknown("attachments.media"));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let covered = |cover: Cover| match cover.media.and_then(|id| known(id, MediaKind::Image)) {
        Some(media) => with_library(cover, media),
        None => cover,
    };
    let attached = |it: Attachment| known(it.media, MediaKind::Document).map(|media| attachment(it, media));
    Ok(Article {
        cover: article.cover.map(covered),
        attachments: article.attachments.into_iter().filter_map(attached).collect(),
        ..article
    })
}

/// What the writer says goes before what the library says; the size is that of the file.
fn with_library(cover: Cover, media: &Media) -> Cover {
    let Description { alt, caption, credit } = media.description.clone();
    let Cover { media: id, url, alt: own_alt, caption: own_caption, credit: own_credit, width: _, height: _ } = cover;
    Cover {
        media: id,
        url,
        alt: if own_alt.is_empty() { alt.unwrap_or_default() } else { own_alt },
        caption: own_caption.or(caption),
        credit: own_credit.or(credit),
        width: media.dimensions.map(|(width, _)| width),
        height: media.dimensions.map(|(_, height)| height),
    }
}

fn attachment(of: Attachment, media: &Media) -> Attachment {
    Attachment {
        media: media.id,
        title: if of.title.is_empty() { media.file_name.to_string() } else { of.title },
        file_name: media.file_name.to_string(),
        media_type: media.media_type.as_str().to_owned(),
        size: media.size,
    }
}

/// Checks that the open edition says of its images what its site asks for.
///
/// # Errors
/// [`Error::Invalid`] with every field that lacks something.
pub(in crate::commands) async fn check_rule(tx: &Tx, entry: &Entry) -> Result<(), Error> {
    let article = entry.draft.as_ref().and_then(|draft| draft.content.article());
    let Some(article) = article.filter(|article| MediaRule::concerns(article)) else { return Ok(()) };
    let rule = media_rules::of_site(tx, entry.site).await?;
    let found = media::of_site(tx, entry.site, &article.media()).await?;
    // What belongs to another site's library is for that site to credit.
    let has_credit =
        |id| found.iter().find(|media| media.id == id).is_none_or(|media| media.description.credit.is_some());
    rule.check(article, has_credit).map_err(Error::Invalid)
}
