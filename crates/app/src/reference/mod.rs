//! Reference data in memory: an immutable snapshot of units, sites, categories and topics, replaced set by set.

mod categories;
mod sites;
mod topics;
mod units;

use std::sync::Arc;

use lienthong_domain::scope::ReferenceSet;
use lienthong_persistence::Store;

pub use categories::Categories;
pub use sites::Sites;
pub use topics::Topics;
pub use units::Units;

use crate::error::Error;

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
}

impl Snapshot {
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
                ReferenceSet::Topics => next.topics = Arc::new(Topics::load(store).await?),
            }
        }
        Ok(next)
    }
}
