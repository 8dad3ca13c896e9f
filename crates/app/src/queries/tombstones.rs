//! What has left the public lately: readers of feeds remove their copies of it.

use lienthong_domain::ids::SiteId;
use lienthong_persistence::live_tombstones;

use crate::app::App;
use crate::error::Error;

pub use lienthong_persistence::live_tombstones::Tombstone;

/// Tombstones in one answer: a reader that looks in once a day has seen every one of a province on its busiest day.
const MOST: u32 = 100;

/// The articles that have left these sites last, or all sites, the latest first. One statement.
///
/// Nothing is added to the tags of an answer: whoever leaves a list changes the scopes of that list, which stand in the
/// tags already, and what was never in the list makes no difference to its readers.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn latest(app: &App, sites: Option<&[SiteId]>) -> Result<Vec<Tombstone>, Error> {
    Ok(live_tombstones::latest(app.store(), sites, MOST).await?)
}
