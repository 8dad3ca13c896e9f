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

/// The answer with the document, and its address and the next page's in `Link` (RFC 8288).
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
    let links = [(Some(&feed.self_url), "self"), (feed.next_url.as_ref(), "next")];
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
    let (place, ours) = (request.place, Ours(&reading.public_url));
    let items: Vec<Item> = page.headers.iter().filter_map(|it| item(&reading.article(it.clone()), ours)).collect();
    let last = page.headers.last().filter(|_| page.has_next);
    Ok(Feed {
        id: feed_id(place, &request.narrowed, &reading.public_url)?,
        title: title(request),
        subtitle: place.subtitle(),
        language: request.filter.language.clone().unwrap_or_else(|| place.language().to_owned()),
        self_url: request.self_url(ours),
        alternate_url: place.home(reading),
        next_url: last.map(|last| request.page_url(ours, Some(&page.cursor(&reading.app, last)))),
        hub: None,
        updated: items.iter().map(|item| item.updated).max().unwrap_or_else(|| begun(place)),
        generator: concat!("Liên Thông ", env!("CARGO_PKG_VERSION")).to_owned(),
        rights: None,
        author: place.office(),
        expired: place.is_closed(&reading.reference, reading.now),
        items,
        deleted,
    })
}

fn title(request: &FeedRequest<'_>) -> String {
    let place = request.place.title();
    if request.subject.is_empty() { place } else { format!("{} – {place}", request.subject) }
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
