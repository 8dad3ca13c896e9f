//! Release bundles as those at a desk see them.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::bundle::Bundle;
use lienthong_domain::ids::{BundleId, SiteId};
use lienthong_persistence::bundles;

use crate::app::App;
use crate::error::Error;

pub use lienthong_persistence::bundles::BundledEntry;

/// A bundle with its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleView {
    /// The bundle.
    pub bundle: Bundle,
    /// What is in it, in the order of addresses.
    pub entries: Vec<BundledEntry>,
}

/// One bundle.
///
/// # Errors
/// [`Error::NotFound`] outside the permit; [`Error::Store`].
pub async fn find(app: &App, permit: &Permit<act::ReadDraft>, id: BundleId) -> Result<BundleView, Error> {
    let bundle = bundles::find(app.store(), permit.scope(), id).await?.ok_or(Error::NotFound("bundle"))?;
    with_entries(app, bundle).await
}

/// The bundles of a site, latest first: at most `limit` of those made before `before`.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; [`Error::Store`].
pub async fn of_site(
    app: &App,
    permit: &Permit<act::ReadDraft>,
    site: SiteId,
    (before, limit): (Option<BundleId>, u32),
) -> Result<Vec<BundleView>, Error> {
    if !permit.scope().contains(site) {
        return Err(Error::NotFound("site"));
    }
    let found = bundles::of_site(app.store(), site, (before, limit)).await?;
    let ids: Vec<BundleId> = found.iter().map(|bundle| bundle.id).collect();
    let entries = bundles::entries(app.store(), &ids).await?;
    let of = |id: BundleId| entries.iter().filter(move |entry| entry.bundle == id).cloned().collect();
    Ok(found.into_iter().map(|bundle| BundleView { entries: of(bundle.id), bundle }).collect())
}

/// A bundle that was just written, with its articles.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn with_entries(app: &App, bundle: Bundle) -> Result<BundleView, Error> {
    let entries = bundles::entries(app.store(), &[bundle.id]).await?;
    Ok(BundleView { bundle, entries })
}
