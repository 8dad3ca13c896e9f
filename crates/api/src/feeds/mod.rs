//! Feeds, the directory of feeds, sitemaps, and what a visitor finds at our own address.
//!
//! | address | what |
//! |---|---|
//! | `/feeds/{sites\|units\|categories\|topics}/{key}.{rss\|atom\|json}` | a place's articles: [`request`], [`document`] |
//! | `/feeds.opml` | the feeds of all sites by province: [`directory`] |
//! | `/sitemaps/{host}/index.xml`, `{month}.xml`, `news.xml` | a site's addresses for search engines: [`sitemaps`] |
//! | `/robots.txt`, `/.well-known/security.txt`, `/.well-known/jwks.json` | [`well_known`] |
//! | `/` | the list of all addresses, for people and programs: [`entrance`] |
//!
//! # Identity
//! An entry's id is the tag URI that was minted with the entry and is stored with it. A feed's id is derived from what
//! never changes, see [`identity`]; it is the same in all three formats and on every page of the feed.
//!
//! # Sitemaps of other hosts
//! The pages that a sitemap lists lie on the site's own host, not on ours. The protocol allows that when the
//! `robots.txt` of that host names the sitemap (<https://www.sitemaps.org/protocol.html#location>), so a front end puts
//! two lines into its own: `Sitemap: https://api.example/sitemaps/{host}/index.xml` and `…/news.xml`. Our own
//! `robots.txt` cannot speak for other hosts and an index may not list indexes: there is none for the whole instance.

mod address;
mod corrections;
mod directory;
mod document;
mod entrance;
mod identity;
mod item;
mod parameters;
mod place;
mod request;
mod sitemaps;
mod tombstone;
mod well_known;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, Uri, header};

use lienthong_app::queries::{Bodies, articles};
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::scope::ReferenceSet;

use crate::front::ApiConfig;
use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::ListParameters;
use request::FeedRequest;
use well_known::Security;

/// Routes of this module.
pub(crate) fn router(config: &ApiConfig) -> Router {
    Router::new()
        .route("/", get(entrance::entrance))
        .route("/feeds.opml", get(directory::directory))
        .route("/feeds/{collection}/{file}", get(feed))
        .route("/robots.txt", get(well_known::robots))
        .route("/.well-known/security.txt", get(well_known::security))
        .route("/.well-known/jwks.json", get(well_known::jwks))
        .route("/sitemaps/{host}/{file}", get(sitemaps::sitemap))
        .with_state(Arc::new(Security::of(config)))
}

/// `GET /feeds/{collection}/{key}.{format}`.
async fn feed(reading: Reading, path: TwoSegments, uri: Uri) -> Result<Response, Problem> {
    reading.depends_on(&ReferenceSet::ALL);
    let (collection, file) = two(path)?;
    let request = FeedRequest::parse(&reading, (&collection, &file), &uri)?;
    let tags = (Bodies::With, &*reading.tags);
    let page = articles::page(&reading.app, &request.filter, &request.page, tags, reading.now).await;
    let page = page.map_err(ListParameters::renamed)?;
    let deleted = tombstone::of(&reading, &request).await?;
    Ok(document::respond(&reading, (&request, &page), deleted))
}

type TwoSegments = Result<Path<(String, String)>, PathRejection>;

/// What cannot be decoded names nothing.
fn two(path: TwoSegments) -> Result<(String, String), Error> {
    path.map(|Path(segments)| segments).map_err(|_| not_found("address"))
}

const fn not_found(what: &'static str) -> Error {
    Error::NotFound(what)
}

/// A document in UTF-8.
fn answer(media_type: &str, document: String) -> Response {
    let mut response = Response::new(Body::from(document));
    match HeaderValue::from_str(&format!("{media_type}; charset=utf-8")) {
        Ok(value) => {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
            response
        }
        Err(_) => Problem::of(ErrorCode::Internal).into_response(),
    }
}
