//! Reference data that is given as it is to be, such as the demo's.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::registry::{Category, Site, Succession, Unit};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
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
    /// Which unit took over which.
    pub successions: Vec<Succession>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Categories of all sites.
    pub categories: Vec<Category>,
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
    units::put_successions(&tx, &given.successions).await?;
    sites::put(&tx, &given.sites).await?;
    categories::put(&tx, &given.categories).await?;
    let note =
        format!("{} units, {} sites, {} categories", given.units.len(), given.sites.len(), given.categories.len());
    let sets = [ReferenceSet::Units, ReferenceSet::Sites, ReferenceSet::Categories];
    let record =
        Record { changes: reload(&sets, now).into_iter().collect(), audits: vec![audit(permit, None, note, now)] };
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    relisting::work_off(app, now).await?;
    Ok(())
}
