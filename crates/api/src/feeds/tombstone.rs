//! What has left a feed (RFC 6721), which only Atom can say: readers remove their copies.

use lienthong_app::Error;
use lienthong_app::queries::tombstones::{self, Tombstone as Left};
use lienthong_domain::entry::Gone;
use lienthong_domain::ids::SiteId;
use lienthong_syndication::Tombstone;

use super::place::FeedPlace;
use super::request::{FeedRequest, Format};
use crate::reading::Reading;

/// The tombstones that stand on a page: on the first page of an Atom feed, for everything that has left its sites last. The
/// feed of a topic crosses all sites, unless it is asked for within a place. A feed that is narrowed down names articles, too, that were never in it; readers pass
/// over those.
pub(super) async fn of(reading: &Reading, request: &FeedRequest<'_>) -> Result<Vec<Tombstone>, Error> {
    if request.format != Format::Atom || !request.is_first_page() {
        return Ok(Vec::new());
    }
    let left = tombstones::latest(&reading.app, sites(reading, request.source()).as_deref()).await?;
    Ok(left.into_iter().filter_map(|left| tombstone(reading, left)).collect())
}

/// `None` for all.
fn sites(reading: &Reading, place: FeedPlace<'_>) -> Option<Vec<SiteId>> {
    match place {
        FeedPlace::Site(site) | FeedPlace::Category(_, site) => Some(vec![site.id]),
        FeedPlace::Unit(unit) => {
            let below = reading.reference.sites.below(&reading.reference.units, unit.id);
            Some(below.map(|site| site.id).collect())
        }
        FeedPlace::Topic(_) => None,
    }
}

/// `None`, with a line in the log, for an identity that cannot be read.
fn tombstone(reading: &Reading, left: Left) -> Option<Tombstone> {
    let Left { site, tag_uri, why, gone_at } = left;
    let unreadable = |_: &_| tracing::error!(tag_uri, "a tombstone is missing from a feed");
    let id = tag_uri.parse().inspect_err(unreadable).ok()?;
    let by = reading.reference.sites.get(site).map(|site| site.name.clone()).unwrap_or_default();
    Some(Tombstone { id, at: gone_at.to_utc(), by, comment: said(why).to_owned() })
}

/// The reason of a decision stays with the desk: it may speak of people.
const fn said(why: Gone) -> &'static str {
    match why {
        Gone::Withdrawn => "Ban biên tập đã gỡ bài",
        Gone::TakenDown => "Đã gỡ bài theo quyết định",
        Gone::Expired => "Đã hết thời hạn đăng",
        Gone::Redirected => "Đã chuyển sang địa chỉ khác",
    }
}
