//! What is kept from the public or asks for a second look, for those at a desk and those who watch over sites.

use std::sync::Arc;

use lienthong_domain::access::{Permit, SiteScope, act};
use lienthong_domain::entry::Entry;
use lienthong_domain::hold::{Hold, Quarantine};
use lienthong_domain::ids::{HoldId, SiteId, UnitId};
use lienthong_domain::registry::Site;
use lienthong_persistence::{holds, quarantines, site_scans};

use crate::app::App;
use crate::error::Error;
use crate::queries::report::reached;

pub use lienthong_persistence::holds::OpenHold;
pub use lienthong_persistence::site_scans::SiteScan;

/// The last holds on an entry that was read with a permit, latest first, at most 50.
///
/// # Errors
/// [`Error::Store`].
pub async fn of_entry(app: &App, entry: &Entry) -> Result<Vec<Hold>, Error> {
    Ok(holds::of_entry(app.store(), entry.id).await?)
}

/// Where to look for holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// On one site.
    Site(SiteId),
    /// On the sites of a unit and of the units below it.
    Unit(UnitId),
    /// On all sites of the permit.
    Permit,
}

/// What is held now, latest first: at most `limit` holds before the hold `before`. One statement.
///
/// # Errors
/// [`Error::NotFound`] for a site or a unit outside the permit; [`Error::Store`].
pub async fn open(
    app: &App,
    permit: &Permit<act::ReadAudit>,
    within: Within,
    (before, limit): (Option<HoldId>, u32),
) -> Result<Vec<OpenHold>, Error> {
    let reference = app.reference();
    let sites: Vec<SiteId> = match within {
        Within::Site(site) if permit.scope().contains(site) => vec![site],
        Within::Site(_) => return Err(Error::NotFound("site")),
        Within::Unit(unit) => reached(&reference, permit, unit)?.iter().map(|site| site.id).collect(),
        Within::Permit => {
            reference.sites.in_order().map(|site| site.id).filter(|site| permit.scope().contains(*site)).collect()
        }
    };
    Ok(holds::open(app.store(), &sites, (before, limit)).await?)
}

/// The last `limit` quarantines of which something lies on `site`, or on the sites of the permit, latest first.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; [`Error::Store`].
pub async fn quarantines(
    app: &App,
    permit: &Permit<act::ReadAudit>,
    site: Option<SiteId>,
    limit: u64,
) -> Result<Vec<Quarantine>, Error> {
    if site.is_some_and(|site| !permit.scope().contains(site)) {
        return Err(Error::NotFound("site"));
    }
    let one = site.map(|site| SiteScope::of([site]));
    Ok(quarantines::list(app.store(), one.as_ref().unwrap_or_else(|| permit.scope()), limit).await?)
}

/// When the sites of a unit and of the units below it were scanned last, in the Vietnamese order of their names; `None` for
/// one that never was.
///
/// # Errors
/// [`Error::NotFound`] for a unit outside the permit; [`Error::Store`].
pub async fn scans(
    app: &App,
    permit: &Permit<act::ReadReport>,
    unit: UnitId,
) -> Result<Vec<(Arc<Site>, Option<SiteScan>)>, Error> {
    let reference = app.reference();
    let sites = reached(&reference, permit, unit)?;
    let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
    let mut scans = site_scans::list(app.store(), &ids).await?;
    let mut of = |site: SiteId| scans.iter().position(|scan| scan.site == site).map(|at| scans.swap_remove(at));
    Ok(sites.into_iter().map(|site| (site.clone(), of(site.id))).collect())
}
