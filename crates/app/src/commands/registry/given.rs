//! Reference data that is given as it is to be, such as the demo's.

use std::collections::BTreeMap;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::registry::{Category, Site, Succession, Unit};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::HistoricKey;
use lienthong_persistence::{Record, categories, sites, units};

use crate::app::App;
use crate::commands::bulk::{audit, instance_wide, reload};
use crate::commands::relisting;
use crate::error::Error;

/// Units, sites and categories, parents before their children.
#[derive(Debug, Clone, Default)]
pub struct GivenRegistry {
    /// Units.
    pub units: Vec<Unit>,
    /// By which keys an import of units recognises the former ones among them.
    pub historic: Vec<(UnitId, HistoricKey)>,
    /// Which unit took over which.
    pub successions: Vec<Succession>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Categories of all sites.
    pub categories: Vec<Category>,
}

impl GivenRegistry {
    /// An act on the units, and one on each site.
    fn audits(&self, permit: &Permit<act::ManageRegistry>, now: Timestamp) -> Vec<Audit> {
        let of_units = audit(permit, Matter::Units, format!("{} units", self.units.len()), now);
        let sites = self.sites.iter().map(|site| (site.id, site.host.to_string()));
        let homes = self.categories.iter().map(|category| category.site);
        let notes: BTreeMap<SiteId, String> = homes.map(|site| (site, "categories".to_owned())).chain(sites).collect();
        let of_sites = notes.into_iter().map(|(site, note)| audit(permit, Matter::Site(site), note, now));
        std::iter::once(of_units).chain(of_sites).collect()
    }
}

/// Brings units, sites and categories to the given state, in one transaction. Lists that are others by that are written
/// anew afterwards.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::Store`].
pub async fn put_registry(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    given: &GivenRegistry,
    now: Timestamp,
) -> Result<(), Error> {
    instance_wide(permit)?;
    let tx = app.store().begin().await?;
    units::put(&tx, &given.units).await?;
    units::put_historic_keys(&tx, &given.historic).await?;
    units::put_successions(&tx, &given.successions).await?;
    sites::put(&tx, &given.sites).await?;
    categories::put(&tx, &given.categories).await?;
    let sets = [ReferenceSet::Units, ReferenceSet::Sites, ReferenceSet::Categories];
    let changes = reload(&sets, now).into_iter().collect();
    let position = tx.commit(Record { changes, audits: given.audits(permit, now) }).await?;
    app.settle(position).await?;
    relisting::work_off(app, now).await?;
    Ok(())
}
