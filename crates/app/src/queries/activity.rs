//! Whether a site is used.

use lienthong_domain::activity::{SiteActivity, SiteStage};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::registry::Site;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_activity;

use crate::app::App;
use crate::error::Error;
use crate::queries::Tags;

/// Where `site` stands in its life today, with its first and last article: one statement.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn of_site(app: &App, site: &Site, tags: &Tags, now: Timestamp) -> Result<(SiteStage, SiteActivity), Error> {
    tags.add(ScopeKey::list(EntryKind::Article, Place::Site(site.id), &Subject::Any));
    let activity = live_activity::of_site(app.store(), site.id, now).await?;
    Ok((SiteStage::of(site, activity, now.local_day()), activity))
}
