//! Identity of feeds: tag URIs (RFC 4151), derived from what is stored and never changes.
//!
//! | feed of | id |
//! |---|---|
//! | a site | `tag:{host},{first day of operation}:feed` |
//! | a category | `tag:{host},{first day of operation}:feed/categories/{uuid}` |
//! | a unit | `tag:{our host},{day the unit was registered here}:feed/units/{uuid}` |
//! | a topic | `tag:{our host},{day the topic was registered here}:feed/topics/{uuid}` |
//!
//! The day of registration is in the uuid itself (version 7). Units and topics cross sites, and two instances may hold
//! the same ones with other content, so their feeds are named by us. What narrows a feed follows as a query in a fixed
//! order: `…:feed?topic=tt.tin&lang=en`. Places and topics there have the key of their own feeds, a search its words as they
//! were read. Format and page are no part of it. Names, slugs, codes and addresses may change without touching an id; only a
//! site that moves to another host or gets another first day, or an instance whose public address changes, gets new feed ids.
//! The ids of entries are stored and move with them.

use chrono::NaiveDate;
use url::Url;
use uuid::Uuid;

use lienthong_domain::registry::Site;
use lienthong_domain::time::Timestamp;
use lienthong_syndication::{InvalidTagUri, TagUri};

use super::place::FeedPlace;

/// The id of a place's feed, narrowed by `filter`, a query in canonical form.
pub(super) fn feed_id(place: FeedPlace<'_>, filter: &str, public_url: &Url) -> Result<TagUri, InvalidTagUri> {
    let base = match place {
        FeedPlace::Site(site) => format!("{}:feed", authority(site)),
        FeedPlace::Category(category, site) => format!("{}:feed/categories/{}", authority(site), category.id),
        FeedPlace::Unit(unit) => ours(public_url, "units", unit.id.as_uuid()),
        FeedPlace::Topic(topic) => ours(public_url, "topics", topic.id.as_uuid()),
    };
    let id = if filter.is_empty() { base } else { format!("{base}?{filter}") };
    id.parse()
}

fn authority(site: &Site) -> String {
    format!("tag:{},{}", site.host, site.active_from)
}

fn ours(public_url: &Url, collection: &str, id: Uuid) -> String {
    // An IPv6 address is no authority of a tag URI. It is nobody's public address either.
    let host = public_url.host_str().filter(|host| !host.starts_with('[')).unwrap_or("localhost");
    format!("tag:{host},{}:feed/{collection}/{id}", day_of(id))
}

fn day_of(id: Uuid) -> NaiveDate {
    let seconds = id.get_timestamp().map_or(0, |time| time.to_unix().0);
    Timestamp::default().plus_seconds(i64::try_from(seconds).unwrap_or(0)).to_utc().date_naive()
}
