//! One page of a feed as a document.

use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use http::{HeaderValue, header};
use url::Url;

use lienthong_app::ErrorCode;
use lienthong_app::queries::Page;
use lienthong_domain::time::start_of_day;
use lienthong_syndication::{Feed, InvalidTagUri, Item, Tombstone, atom, jsonfeed, rss};

use super::address::Ours;
use super::answer;
use super::identity::feed_id;
use super::item::item;
use super::place::FeedPlace;
use super::request::{FeedRequest, Format};
use crate::problem::Problem;
use crate::reading::Reading;

/// The answer with the document, and its address and those of the pages beside it in `Link` (RFC 8288).
pub(super) fn respond(
    reading: &Reading,
    (request, page): (&FeedRequest<'_>, &Page),
    deleted: Vec<Tombstone>,
) -> Response {
    let feed = match feed(reading, (request, page), deleted) {
        Ok(feed) => feed,
        Err(error) => {
            tracing::error!(%error, "a feed has no identity");
            return Problem::of(ErrorCode::Internal).into_response();
        }
    };
    let mut response = match request.format {
        Format::Rss => answer(rss::MEDIA_TYPE, rss::render(&feed)),
        Format::Atom => answer(atom::MEDIA_TYPE, atom::render(&feed)),
        Format::Json => answer(jsonfeed::MEDIA_TYPE, jsonfeed::render(&feed)),
    };
    let previous = previous_url(reading, (request, page));
    let links = [(Some(&feed.self_url), "self"), (feed.next_url.as_ref(), "next"), (previous.as_ref(), "prev")];
    let values = links.into_iter().filter_map(|(url, relation)| link(url?, relation));
    values.for_each(|value| {
        response.headers_mut().append(header::LINK, value);
    });
    response
}

fn feed(
    reading: &Reading,
    (request, page): (&FeedRequest<'_>, &Page),
    deleted: Vec<Tombstone>,
) -> Result<Feed, InvalidTagUri> {
    let (source, ours) = (request.source(), Ours(&reading.public_url));
    let items: Vec<Item> = page.headers.iter().filter_map(|it| item(&reading.article(it.clone()), ours)).collect();
    let next = page.end_cursor(&reading.app).filter(|_| page.has_next);
    Ok(Feed {
        id: feed_id(request.place, &request.narrowed, &reading.public_url)?,
        title: title(request),
        subtitle: subtitle(request),
        language: request.filter.language.clone().unwrap_or_else(|| source.language().to_owned()),
        self_url: request.self_url(ours),
        alternate_url: source.home(reading),
        next_url: next.map(|cursor| request.next_url(ours, cursor)),
        hub: None,
        updated: items.iter().map(|item| item.updated).max().unwrap_or_else(|| begun(source)),
        generator: concat!("Liên Thông ", env!("CARGO_PKG_VERSION")).to_owned(),
        rights: None,
        author: source.office(),
        expired: source.is_closed(&reading.reference, reading.now),
        items,
        deleted,
    })
}

fn previous_url(reading: &Reading, (request, page): (&FeedRequest<'_>, &Page)) -> Option<Url> {
    let cursor = page.start_cursor(&reading.app).filter(|_| page.has_previous)?;
    Some(request.previous_url(Ours(&reading.public_url), cursor))
}

fn title(request: &FeedRequest<'_>) -> String {
    let within = request.within.map(FeedPlace::title);
    let parts = request.subjects.iter().cloned().chain([request.place.title()]).chain(within);
    parts.collect::<Vec<_>>().join(" – ")
}

fn subtitle(request: &FeedRequest<'_>) -> String {
    match request.within {
        Some(within) => format!("Tin, bài về {} – {}", request.place.title(), within.title()),
        None => request.place.subtitle(request.filter.exact),
    }
}

/// Since when a feed without entries is as it is: never the time of the request, or every answer would be another one.
fn begun(place: FeedPlace<'_>) -> DateTime<Utc> {
    let day = match place {
        FeedPlace::Site(site) | FeedPlace::Category(_, site) => Some(site.active_from),
        FeedPlace::Unit(unit) => unit.valid_from,
        FeedPlace::Topic(_) => None,
    };
    day.map_or(DateTime::UNIX_EPOCH, |day| start_of_day(day).to_utc())
}

fn link(url: &Url, relation: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{url}>; rel=\"{relation}\"")).ok()
}
