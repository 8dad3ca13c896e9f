//! Sitemaps of one site. The index names a sitemap for each calendar month of publication that has articles, see
//! [`lienthong_app::queries::sitemaps`]. It gives no `lastmod`: to know it, every article would have to be read. The months
//! give each article's own, and answer 304 to a crawler that holds them.

use axum::extract::RawQuery;
use axum::response::Response;
use http::{HeaderValue, header};

use lienthong_app::Error;
use lienthong_app::queries::LiveAddress;
use lienthong_app::queries::sitemaps::{self as queries, SitemapPart};
use lienthong_domain::registry::Site;
use lienthong_domain::scope::ReferenceSet;
use lienthong_syndication::sitemap::{self, Location, News, Publication, SitemapError};

use super::address::Ours;
use super::place::is_public;
use super::{TwoSegments, answer, not_found, two};
use crate::problem::Problem;
use crate::reading::Reading;

/// `GET /sitemaps/{host}/{index | news | month}.xml`.
pub(super) async fn sitemap(
    reading: Reading,
    path: TwoSegments,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    reading.depends_on(&[ReferenceSet::Sites]);
    let (host, file) = two(path)?;
    if query.is_some_and(|query| !query.is_empty()) {
        return Err(Error::bad_request("parameter", "a sitemap has no parameters").into());
    }
    let site = reading.named().site(&host).filter(|site| is_public(site)).ok_or_else(|| not_found("site"))?;
    let name = file.strip_suffix(".xml").ok_or_else(|| not_found("sitemap"))?;
    Ok(match name {
        "index" => index(&reading, site).await?,
        "news" => news(&reading, site).await?,
        name => month(&reading, site, name.parse().map_err(|_| not_found("sitemap"))?).await?,
    })
}

async fn index(reading: &Reading, site: &Site) -> Result<Response, Error> {
    let parts = queries::parts(&reading.app, site.id, &reading.tags, reading.now).await?;
    let ours = Ours(&reading.public_url);
    let address = |part| Location { url: ours.sitemap(site.host.as_str(), part), modified: None };
    let sitemaps: Vec<Location> = parts.into_iter().map(address).collect();
    written(sitemap::render_index(&sitemaps))
}

async fn month(reading: &Reading, site: &Site, part: SitemapPart) -> Result<Response, Error> {
    let listed = queries::part(&reading.app, site.id, part, &reading.tags, reading.now).await?;
    let pages: Vec<Location> = listed.iter().filter_map(|article| page(site, article)).collect();
    written(sitemap::render_urlset(&pages))
}

/// An article stops being news by the passing of time alone, of which no change tells: the answer is never kept.
async fn news(reading: &Reading, site: &Site) -> Result<Response, Error> {
    let listed = queries::news(&reading.app, site.id, &reading.tags, reading.now).await?;
    let publication = Publication { name: site.name.clone(), language: site.language.clone() };
    let articles: Vec<News> = listed.iter().filter_map(|article| piece(site, article)).collect();
    let mut response = written(sitemap::render_news(&publication, &articles, reading.now.to_utc()))?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn page(site: &Site, article: &LiveAddress) -> Option<Location> {
    let url = site.article_url(&article.slug).parse().ok()?;
    Some(Location { url, modified: Some(article.modified_at.to_utc()) })
}

fn piece(site: &Site, article: &LiveAddress) -> Option<News> {
    let Location { url, modified } = page(site, article)?;
    Some(News { url, title: article.title.clone(), published: article.first_published_at.to_utc(), modified })
}

/// The protocol has no empty document: what lists nothing is not there.
fn written(document: Result<String, SitemapError>) -> Result<Response, Error> {
    match document {
        Ok(document) => Ok(answer(sitemap::MEDIA_TYPE, document)),
        Err(SitemapError::Empty) => Err(not_found("sitemap")),
        Err(error) => Err(Error::Internal(format!("a sitemap cannot be written: {error}"))),
    }
}
