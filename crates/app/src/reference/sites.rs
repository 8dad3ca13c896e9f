//! Sites by id, host and unit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::registry::Site;
use lienthong_persistence::{Store, sites};

use crate::error::Error;
use crate::reference::{Units, listed};

/// All sites of the instance.
#[derive(Debug, Default)]
pub struct Sites {
    by_id: HashMap<SiteId, Arc<Site>>,
    by_host: HashMap<String, SiteId>,
    by_unit: HashMap<UnitId, Vec<SiteId>>,
    /// Public sites in the Vietnamese order of their names.
    in_order: Vec<SiteId>,
    catalogue: Option<SiteId>,
}

impl Sites {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        Ok(Self::new(sites::all(store).await?))
    }

    fn new(all: Vec<Site>) -> Self {
        let mut sites = Self::default();
        let mut all: Vec<_> = all.into_iter().map(Arc::new).collect();
        listed::sort(&mut all);
        for site in all {
            match site.unit {
                Some(unit) => {
                    sites.in_order.push(site.id);
                    sites.by_unit.entry(unit).or_default().push(site.id);
                }
                None => sites.catalogue = Some(site.id),
            }
            sites.by_host.insert(site.host.to_string(), site.id);
            sites.by_id.insert(site.id, site);
        }
        sites
    }

    /// The site with this id.
    pub fn get(&self, id: SiteId) -> Option<&Arc<Site>> {
        self.by_id.get(&id)
    }

    /// The site on this host, in any case.
    pub fn by_host(&self, host: &str) -> Option<&Arc<Site>> {
        self.by_host.get(host).or_else(|| self.by_host.get(&host.to_ascii_lowercase())).and_then(|id| self.get(*id))
    }

    /// The national catalogue of procedures; `None` before the first import.
    pub const fn catalogue(&self) -> Option<SiteId> {
        self.catalogue
    }

    /// The sites of exactly this unit, in the Vietnamese order of their names.
    pub fn of_unit(&self, unit: UnitId) -> impl Iterator<Item = &Arc<Site>> {
        self.by_unit.get(&unit).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// All public sites in the Vietnamese order of their names.
    pub fn in_order(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.in_order.iter().filter_map(|id| self.get(*id))
    }

    /// The public sites of a unit and of all units below it, in the Vietnamese order of their names.
    pub fn below<'a>(&'a self, units: &Units, root: UnitId) -> impl Iterator<Item = &'a Arc<Site>> + use<'a> {
        let subtree: HashSet<UnitId> = units.subtree(root).into_iter().collect();
        self.in_order().filter(move |site| site.unit.is_some_and(|unit| subtree.contains(&unit)))
    }
}
