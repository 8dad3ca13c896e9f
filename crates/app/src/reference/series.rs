//! Series by id and site.

use std::collections::HashMap;
use std::sync::Arc;

use lienthong_domain::ids::{SeriesId, SiteId};
use lienthong_domain::series::Series;
use lienthong_persistence::{Store, series};

use crate::error::Error;
use crate::reference::listed;

/// All series of the instance.
#[derive(Debug, Default)]
pub struct AllSeries {
    by_id: HashMap<SeriesId, Arc<Series>>,
    /// The series of a site, the latest first.
    of_site: HashMap<SiteId, Vec<SeriesId>>,
}

impl AllSeries {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        Ok(Self::new(series::all(store).await?))
    }

    fn new(all: Vec<Series>) -> Self {
        let mut all: Vec<_> = all.into_iter().map(Arc::new).collect();
        listed::sort(&mut all);
        let mut found = Self::default();
        for series in all {
            found.of_site.entry(series.site).or_default().push(series.id);
            found.by_id.insert(series.id, series);
        }
        found
    }

    /// The series with this id.
    pub fn get(&self, id: SeriesId) -> Option<&Arc<Series>> {
        self.by_id.get(&id)
    }

    /// The series of a site, the latest first.
    pub fn of_site(&self, site: SiteId) -> impl Iterator<Item = &Arc<Series>> {
        self.of_site.get(&site).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// The series of a site under this slug.
    pub fn by_slug(&self, site: SiteId, slug: &str) -> Option<&Arc<Series>> {
        self.of_site(site).find(|series| series.slug.as_str() == slug)
    }
}
