//! Reference data in memory: an immutable snapshot of units, sites, categories, topics and series, replaced set by set.

mod agencies;
mod categories;
mod listed;
mod series;
mod sites;
mod topics;
mod units;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use lienthong_domain::ids::UnitId;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::{Timestamp, start_of_day};
use lienthong_persistence::Store;

pub use agencies::Agencies;
pub use categories::Categories;
pub use listed::Listed;
pub use series::AllSeries;
pub use sites::Sites;
pub use topics::Topics;
pub use units::Units;

use crate::error::Error;

/// Levels that a tree of units or categories can have, so that a ring in damaged data does not hold us up.
pub(crate) const DEEPEST: usize = 20;

/// One consistent state of the reference data. Cheap to clone: the sets are shared.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Counts the replacements since the node started.
    pub version: u64,
    /// Administrative units.
    pub units: Arc<Units>,
    /// Sites.
    pub sites: Arc<Sites>,
    /// Categories of all sites.
    pub categories: Arc<Categories>,
    /// The disclosure catalogue.
    pub topics: Arc<Topics>,
    /// Agencies.
    pub agencies: Arc<Agencies>,
    /// Series of all sites.
    pub series: Arc<AllSeries>,
    /// See [`Self::next_turn`]; in order.
    turns: Arc<[Timestamp]>,
}

/// What lies in a unit and below it on a day, counted from the registry and never typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnitCounts {
    /// Units below it that exist.
    pub units: usize,
    /// Public sites that run.
    pub sites: usize,
    /// Agencies that exist.
    pub agencies: usize,
}

impl Snapshot {
    /// Counts what lies in `unit` and below it on `day`.
    pub fn counts(&self, unit: UnitId, day: NaiveDate) -> UnitCounts {
        let below = self.units.subtree(unit).into_iter().skip(1).filter_map(|id| self.units.get(id));
        UnitCounts {
            units: below.filter(|unit| unit.is_valid_on(day)).count(),
            sites: self.sites.below(&self.units, unit).filter(|site| site.was_active_within(day, day)).count(),
            agencies: self.agencies.below(&self.units, unit).filter(|agency| agency.is_valid_on(day)).count(),
        }
    }

    /// Reads all sets.
    ///
    /// # Errors
    /// When the database does not answer or holds a row that cannot be read.
    pub async fn load(store: &Store) -> Result<Self, Error> {
        Self::default().reloaded(store, &ReferenceSet::ALL).await
    }

    /// The snapshot with these sets read anew.
    ///
    /// # Errors
    /// When the database does not answer or holds a row that cannot be read.
    pub async fn reloaded(&self, store: &Store, sets: &[ReferenceSet]) -> Result<Self, Error> {
        let mut next = Self { version: self.version + 1, ..self.clone() };
        for set in sets {
            match set {
                ReferenceSet::Units => next.units = Arc::new(Units::load(store).await?),
                ReferenceSet::Sites => next.sites = Arc::new(Sites::load(store).await?),
                ReferenceSet::Categories => next.categories = Arc::new(Categories::load(store).await?),
                ReferenceSet::Agencies => next.agencies = Arc::new(Agencies::load(store).await?),
                ReferenceSet::Series => next.series = Arc::new(AllSeries::load(store).await?),
                ReferenceSet::Topics => next.topics = Arc::new(Topics::load(store).await?),
            }
        }
        next.turns = next.turns();
        Ok(next)
    }

    /// The next midnight in Vietnam from which a unit, an agency or a site exists, or exists no longer.
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        self.turns.get(self.turns.partition_point(|turn| *turn <= now)).copied()
    }

    fn turns(&self) -> Arc<[Timestamp]> {
        let units = self.units.all().map(|unit| (unit.valid_from, unit.valid_to));
        let agencies = self.agencies.in_order().map(|agency| (agency.valid_from, agency.valid_to));
        let sites = self.sites.in_order().map(|site| (Some(site.active_from), site.active_to));
        let days = units.chain(agencies).chain(sites);
        let days = days.flat_map(|(from, to)| [from, to.and_then(|last| last.succ_opt())]).flatten();
        let days: BTreeSet<NaiveDate> = days.collect();
        days.into_iter().map(start_of_day).collect()
    }
}
