//! Agencies by id, identifier and unit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lienthong_domain::agency::AgencyIdentifier;
use lienthong_domain::ids::{AgencyId, UnitId};
use lienthong_domain::registry::Agency;
use lienthong_persistence::{Store, agencies};

use crate::error::Error;
use crate::reference::{Units, listed};

/// All agencies of the instance.
#[derive(Debug, Default)]
pub struct Agencies {
    /// In the Vietnamese order of their names.
    in_order: Vec<Arc<Agency>>,
    by_id: HashMap<AgencyId, usize>,
    by_identifier: HashMap<AgencyIdentifier, usize>,
}

impl Agencies {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        let mut in_order: Vec<_> = agencies::all(store).await?.into_iter().map(Arc::new).collect();
        listed::sort(&mut in_order);
        let by_id = in_order.iter().enumerate().map(|(at, agency)| (agency.id, at)).collect();
        let by_identifier = in_order.iter().enumerate().map(|(at, agency)| (agency.identifier.clone(), at)).collect();
        Ok(Self { in_order, by_id, by_identifier })
    }

    /// The agency with this id.
    pub fn get(&self, id: AgencyId) -> Option<&Arc<Agency>> {
        self.by_id.get(&id).and_then(|at| self.in_order.get(*at))
    }

    /// The agency with this identifier, in either spelling.
    pub fn by_identifier(&self, identifier: &str) -> Option<&Arc<Agency>> {
        let identifier = identifier.parse().ok()?;
        self.by_identifier.get(&identifier).and_then(|at| self.in_order.get(*at))
    }

    /// All agencies in the Vietnamese order of their names.
    pub fn in_order(&self) -> impl Iterator<Item = &Arc<Agency>> {
        self.in_order.iter()
    }

    /// The agencies of a unit and of all units below it, in the Vietnamese order of their names.
    pub fn below<'a>(&'a self, units: &Units, root: UnitId) -> impl Iterator<Item = &'a Arc<Agency>> + use<'a> {
        let subtree: HashSet<UnitId> = units.subtree(root).into_iter().collect();
        self.in_order.iter().filter(move |agency| subtree.contains(&agency.unit))
    }
}
