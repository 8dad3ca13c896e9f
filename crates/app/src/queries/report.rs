//! Reports for the offices above.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lienthong_domain::access::{Action, Permit, act};
use lienthong_domain::golive::Checklist;
use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::registry::{Category, Site};
use lienthong_domain::report::ArticleReport;
use lienthong_domain::time::{Period, Timestamp};
use lienthong_persistence::own_work_exceptions;
pub use lienthong_persistence::own_work_exceptions::OwnWorkException;
use lienthong_persistence::{live_entries, site_decisions};

use crate::app::App;
use crate::error::Error;
use crate::reference::Snapshot;

/// Articles by site, as district offices attach them to letters.
///
/// Counted are entries of kind article that are public now, own and reposted alike, by the day of their *first*
/// publication in Vietnamese time, under the site that first published them. Listed are all sites of the unit and of the
/// units below it that were in operation on some day of the period, without any article too, as far as the permit
/// reaches.
///
/// # Errors
/// [`Error::NotFound`] for a unit that does not exist or all of whose sites lie outside the permit; [`Error::Store`].
pub async fn articles(
    app: &App,
    permit: &Permit<act::ReadReport>,
    (unit, period): (UnitId, Period),
    now: Timestamp,
) -> Result<ArticleReport, Error> {
    let reference = app.reference();
    let sites = sites(&reference, permit, (unit, period))?;
    let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
    let counted = live_entries::count_first_published(app.store(), &ids, period.instants(), now).await?;
    let counted: HashMap<SiteId, u64> = counted.into_iter().collect();
    let total = |site: &Arc<Site>| counted.get(&site.id).copied().unwrap_or(0);
    Ok(ArticleReport::new(period, sites.iter().map(|site| (site.id, site.name.clone(), total(site)))))
}

/// A category that maps to no topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmappedCategory {
    /// The category.
    pub category: Arc<Category>,
    /// Its name with the names of the categories above it, from the top down: `Văn bản › Công báo`.
    pub path: String,
    /// Its site.
    pub site: Arc<Site>,
}

/// The categories that map to no topic (chuyên mục chưa có trong danh mục), which no aggregate can show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnmappedCategories {
    /// In the Vietnamese order of the sites' names, then in the sites' own order.
    pub rows: Vec<UnmappedCategory>,
    /// How many categories there are in all on the sites that were looked at.
    pub categories: u64,
    /// How many sites were looked at.
    pub sites: u64,
}

/// Which categories of the sites of `unit` and of the units below it map to no topic, on sites that run on the day of `now`,
/// as far as the permit reaches.
///
/// # Errors
/// [`Error::NotFound`] for a unit that does not exist or all of whose sites lie outside the permit.
pub fn unmapped_categories(
    app: &App,
    permit: &Permit<act::ReadReport>,
    unit: UnitId,
    now: Timestamp,
) -> Result<UnmappedCategories, Error> {
    let reference = app.reference();
    let today = now.local_day();
    let period = Period::new(today, today).map_err(|error| Error::Internal(error.to_string()))?;
    let mut found = UnmappedCategories::default();
    for site in sites(&reference, permit, (unit, period))? {
        found.sites += 1;
        let mut waiting: Vec<(&Arc<Category>, String)> =
            reference.categories.roots(site.id).map(|root| (root, root.name.clone())).collect();
        waiting.reverse();
        while let Some((category, path)) = waiting.pop() {
            found.categories += 1;
            let below: Vec<_> = reference.categories.children(category.id).collect();
            waiting.extend(below.into_iter().rev().map(|child| (child, format!("{path} › {}", child.name))));
            if category.topic.is_none() {
                found.rows.push(UnmappedCategory { category: category.clone(), path, site: site.clone() });
            }
        }
    }
    Ok(found)
}

/// A site and what was decided for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteReadiness {
    /// The site.
    pub site: Arc<Site>,
    /// Its decisions.
    pub checklist: Checklist,
}

/// What was decided for the sites of `unit` and of the units below it, of those that are not closed on the day of `now`, as
/// far as the permit reaches; in the Vietnamese order of their names. One statement.
///
/// # Errors
/// As [`articles`].
pub async fn readiness(
    app: &App,
    permit: &Permit<act::ReadReport>,
    unit: UnitId,
    now: Timestamp,
) -> Result<Vec<SiteReadiness>, Error> {
    let reference = app.reference();
    let mut sites = reached(&reference, permit, unit)?;
    sites.retain(|site| !site.is_closed_on(now.local_day()));
    let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
    let mut decided = site_decisions::of_sites(app.store(), &ids).await?;
    let row = |site: &Arc<Site>| SiteReadiness {
        site: site.clone(),
        checklist: decided.remove(&site.id).unwrap_or_default(),
    };
    Ok(sites.into_iter().map(row).collect())
}

/// The sites of `unit` and of the units below it where whoever wrote a text may also approve it, as far as the permit
/// reaches; the oldest exception first.
///
/// # Errors
/// As [`articles`].
pub async fn four_eyes_exceptions(
    app: &App,
    permit: &Permit<act::ReadReport>,
    unit: UnitId,
) -> Result<Vec<OwnWorkException>, Error> {
    let reference = app.reference();
    let reached: HashSet<SiteId> = reached(&reference, permit, unit)?.iter().map(|site| site.id).collect();
    let mut exceptions = own_work_exceptions::all(app.store()).await?;
    exceptions.retain(|exception| reached.contains(&exception.site));
    Ok(exceptions)
}

/// The sites that the report lists.
fn sites<'a>(
    reference: &'a Snapshot,
    permit: &Permit<act::ReadReport>,
    (unit, period): (UnitId, Period),
) -> Result<Vec<&'a Arc<Site>>, Error> {
    let mut sites = reached(reference, permit, unit)?;
    sites.retain(|site| site.was_active_within(period.from(), period.to()));
    Ok(sites)
}

/// The sites of the unit and below it that the permit reaches.
pub(super) fn reached<'a, A: Action>(
    reference: &'a Snapshot,
    permit: &Permit<A>,
    unit: UnitId,
) -> Result<Vec<&'a Arc<Site>>, Error> {
    reference.units.get(unit).ok_or(Error::NotFound("unit"))?;
    let below: Vec<&Arc<Site>> = reference.sites.below(&reference.units, unit).collect();
    let reached: Vec<&Arc<Site>> = below.iter().copied().filter(|site| permit.scope().contains(site.id)).collect();
    if reached.is_empty() && !below.is_empty() {
        return Err(Error::NotFound("unit"));
    }
    Ok(reached)
}
