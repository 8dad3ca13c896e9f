//! Sitemaps (<https://www.sitemaps.org/protocol.html>) and news sitemaps
//! (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::date;
use crate::xml::Xml;

/// Media type of the documents.
pub const MEDIA_TYPE: &str = "application/xml";

/// Most addresses in one document; split a longer list with `chunks`.
pub const MAX_ADDRESSES: usize = 50_000;

/// Most articles in one news sitemap.
pub const MAX_NEWS: usize = 1_000;

/// Largest document, uncompressed: 50 MB.
pub const MAX_BYTES: usize = 52_428_800;

/// Longest address plus one.
const ADDRESS_LIMIT: usize = 2_048;

/// For how long an article is news.
const NEWS_AGE: TimeDelta = TimeDelta::days(2);

/// A page, or in an index a sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Its address.
    pub url: Url,
    /// When its content last changed, where that is known; never the time of rendering.
    pub modified: Option<DateTime<Utc>>,
}

/// The site as a news publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its name as people read it.
    pub name: String,
    /// BCP 47 tag; its primary language is written.
    pub language: String,
}

/// An article in a news sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Where people read it.
    pub url: Url,
    /// Its title.
    pub title: String,
    /// First publication.
    pub published: DateTime<Utc>,
    /// Last change.
    pub modified: Option<DateTime<Utc>>,
}

/// Why a document would break the protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SitemapError {
    /// The protocol's schema wants one address at least.
    #[error("a sitemap holds one address at least")]
    Empty,
    /// More than [`MAX_ADDRESSES`], or for news [`MAX_NEWS`].
    #[error("{count} addresses do not fit into one sitemap of {most}")]
    TooMany {
        /// How many were given.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// More than [`MAX_BYTES`].
    #[error("a sitemap of {0} bytes is over the limit of {MAX_BYTES}")]
    TooLarge(usize),
    /// An address of 2,048 characters or more.
    #[error("the address {0} is too long for a sitemap")]
    AddressTooLong(Url),
    /// Addresses of two hosts or schemes in one sitemap.
    #[error("{0} belongs to another host than the addresses before it")]
    ForeignHost(Url),
}

/// Renders an index of sitemaps. They may lie on several hosts.
///
/// # Errors
/// Any [`SitemapError`] except `ForeignHost`.
pub fn render_index(sitemaps: &[Location]) -> Result<String, SitemapError> {
    check(sitemaps.iter().map(|sitemap| &sitemap.url), MAX_ADDRESSES)?;
    render(("sitemapindex", "sitemap"), sitemaps)
}

/// Renders the pages of one site.
///
/// # Errors
/// Any [`SitemapError`].
pub fn render_urlset(pages: &[Location]) -> Result<String, SitemapError> {
    check(pages.iter().map(|page| &page.url), MAX_ADDRESSES)?;
    one_host(pages.iter().map(|page| &page.url))?;
    render(("urlset", "url"), pages)
}

/// Renders the articles of one site that were published in the two days before `now`; others are left out. A site
/// without news has an empty sitemap.
///
/// # Errors
/// Any [`SitemapError`] except `Empty`.
pub fn render_news(publication: &Publication, articles: &[News], now: DateTime<Utc>) -> Result<String, SitemapError> {
    let window = now.checked_sub_signed(NEWS_AGE).unwrap_or(DateTime::<Utc>::MIN_UTC)..=now;
    let recent: Vec<_> = articles.iter().filter(|article| window.contains(&article.published)).collect();
    if !recent.is_empty() {
        check(recent.iter().map(|article| &article.url), MAX_NEWS)?;
        one_host(recent.iter().map(|article| &article.url))?;
    }
    let root = [("xmlns", NAMESPACE), ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9")];
    small_enough(Xml::document(300 + 700 * recent.len(), "urlset", &root, |xml| {
        for article in recent {
            xml.element("url", &[], |xml| news(xml, publication, article));
        }
    }))
}

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn render((root, entry): (&str, &str), locations: &[Location]) -> Result<String, SitemapError> {
    let size: usize = locations.iter().map(|location| 100 + location.url.as_str().len()).sum();
    small_enough(Xml::document(200 + size, root, &[("xmlns", NAMESPACE)], |xml| {
        for location in locations {
            xml.element(entry, &[], |xml| place(xml, &location.url, location.modified));
        }
    }))
}

fn place(xml: &mut Xml, url: &Url, modified: Option<DateTime<Utc>>) {
    xml.line("loc", &[], url.as_str());
    if let Some(modified) = modified {
        xml.line("lastmod", &[], &date::rfc3339(modified));
    }
}

fn news(xml: &mut Xml, publication: &Publication, article: &News) {
    place(xml, &article.url, article.modified);
    xml.element("news:news", &[], |xml| {
        xml.element("news:publication", &[], |xml| {
            xml.line("news:name", &[], &publication.name);
            // ISO 639: the region and script of a tag are not part of it.
            let language = publication.language.split('-').next().unwrap_or_default();
            xml.line("news:language", &[], &language.to_ascii_lowercase());
        });
        xml.line("news:publication_date", &[], &date::rfc3339(article.published));
        xml.line("news:title", &[], &article.title);
    });
}

fn check<'a>(urls: impl ExactSizeIterator<Item = &'a Url>, most: usize) -> Result<(), SitemapError> {
    let count = urls.len();
    if count == 0 {
        return Err(SitemapError::Empty);
    }
    if count > most {
        return Err(SitemapError::TooMany { count, most });
    }
    let mut urls = urls;
    match urls.find(|url| url.as_str().len() >= ADDRESS_LIMIT) {
        Some(url) => Err(SitemapError::AddressTooLong(url.clone())),
        None => Ok(()),
    }
}

fn one_host<'a>(urls: impl Iterator<Item = &'a Url>) -> Result<(), SitemapError> {
    let mut urls = urls;
    let Some(first) = urls.next() else { return Ok(()) };
    match urls.find(|url| url.origin() != first.origin()) {
        Some(url) => Err(SitemapError::ForeignHost(url.clone())),
        None => Ok(()),
    }
}

fn small_enough(document: String) -> Result<String, SitemapError> {
    if document.len() > MAX_BYTES { Err(SitemapError::TooLarge(document.len())) } else { Ok(document) }
}
