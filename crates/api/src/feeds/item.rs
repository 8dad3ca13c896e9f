//! One article as an item of a feed.

use url::Url;

use lienthong_app::proof;
use lienthong_app::queries::LiveHeader;
use lienthong_domain::registry::Site;
use lienthong_domain::{article, media};
use lienthong_syndication::{
    Attachment, Category, Image, Item, Origin, Signature, Source, TagUri, absolutise, image_type,
};

use super::address::Ours;
use super::corrections;
use super::place::home_url;
use crate::view::ArticleView;

/// The item; `None`, with a line in the log, for a row whose address or identity cannot be read.
pub(super) fn item(article: &ArticleView, ours: Ours<'_>) -> Option<Item> {
    let header = article.header();
    let site = article.site()?;
    let unreadable = |what: &str| tracing::error!(entry = %header.entry, what, "an entry is missing from a feed");
    let url: Url = article.url().parse().inspect_err(|_| unreadable("address")).ok()?;
    let id: TagUri = header.tag_uri.parse().inspect_err(|_| unreadable("identity")).ok()?;
    let (corrects, corrections) = corrections::of(article);
    let html = corrections::shown(&header.language, (corrects.as_ref(), &corrections));
    // Readers hear of a correction: to them it is a major change, though the edition is the same.
    let updated = header.corrected_at.map_or(header.updated_at, |at| at.max(header.updated_at));
    let modified = article.modified_at();
    Some(Item {
        id,
        title: header.title.clone(),
        summary: header.summary.clone(),
        content_html: absolutise(&(html + &article.body_html().unwrap_or_default()), &url),
        published: header.first_published_at.to_utc(),
        updated: updated.to_utc(),
        modified: (modified != updated).then(|| modified.to_utc()),
        author: header.author.clone(),
        office: site.name.clone(),
        categories: categories(article, site, ours),
        image: article.cover().and_then(image),
        attachments: attachments(article),
        source: article.source().map(source),
        corrects,
        corrections,
        language: header.language.clone(),
        origin: Some(origin(header, home_url(site, ours))),
        url,
    })
}

/// The site's category, the topic of the catalogue, and the tags. Category and topic say by their scheme whose term
/// they are: that site's, or the catalogue's. Both schemes are addresses of the REST interface and lead to the terms.
fn categories(article: &ArticleView, site: &Site, ours: Ours<'_>) -> Vec<Category> {
    let category = article.category().map(|category| Category {
        term: category.slug.to_string(),
        scheme: Some(ours.at(&["v1", "sites", site.host.as_str()])),
        label: category.name.clone(),
    });
    let topic = article.topic().map(|topic| Category {
        term: topic.code.to_string(),
        scheme: Some(ours.at(&["v1", "topics"])),
        label: topic.name_vi.clone(),
    });
    let tags = article.tags().into_iter().map(|tag| Category { label: tag.clone(), term: tag, scheme: None });
    category.into_iter().chain(topic).chain(tags).collect()
}

fn attachments(article: &ArticleView) -> Vec<Attachment> {
    let attachment = |of: media::Attachment| {
        let media::Attachment { media, title, file_name, media_type, size } = of;
        let url = article.media().document(media, &file_name).parse().ok()?;
        Some(Attachment { url, media_type, length: Some(size), title })
    };
    article.attachments().into_iter().filter_map(attachment).collect()
}

fn image(cover: article::Cover) -> Option<Image> {
    let article::Cover { media: _, url, alt, caption, credit, width: _, height: _ } = cover;
    let url: Url = url.parse().ok()?;
    Some(Image {
        media_type: image_type(&url).unwrap_or_default().to_owned(),
        url,
        length: None,
        alt,
        caption: caption.unwrap_or_default(),
        credit: credit.unwrap_or_default(),
    })
}

fn source(source: article::Source) -> Source {
    let article::Source { name, url, author, published_at, verbatim: _ } = source;
    Source {
        name,
        url: url.and_then(|url| url.parse().ok()),
        feed_url: None,
        author,
        published: published_at.map(lienthong_domain::time::Timestamp::to_utc),
    }
}

fn origin(header: &LiveHeader, site_url: Url) -> Origin {
    Origin {
        site_url,
        entry: header.entry.to_string(),
        edition: header.edition.to_string(),
        signature: signature(header),
    }
}

/// The detached JWS of the site over the edition; docs/proof.md says over which text.
fn signature(header: &LiveHeader) -> Option<Signature> {
    let (key, bytes) = header.body.as_ref()?.signature?;
    let (key_id, value) = proof::detached(header.site, key, &bytes);
    Some(Signature { key_id, value })
}
