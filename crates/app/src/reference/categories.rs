//! Categories by id and site.

use std::collections::HashMap;
use std::sync::Arc;

use lienthong_domain::ids::{CategoryId, SiteId};
use lienthong_domain::registry::Category;
use lienthong_persistence::{Store, categories};

use crate::error::Error;

/// All categories of the instance.
#[derive(Debug, Default)]
pub struct Categories {
    by_id: HashMap<CategoryId, Arc<Category>>,
    /// Top categories of a site, in order.
    roots: HashMap<SiteId, Vec<CategoryId>>,
    children: HashMap<CategoryId, Vec<CategoryId>>,
    by_slug: HashMap<SiteId, HashMap<String, CategoryId>>,
}

impl Categories {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        Ok(Self::new(categories::all(store).await?))
    }

    fn new(mut all: Vec<Category>) -> Self {
        all.sort_by_key(|category| (category.site, category.position, category.id));
        let mut categories = Self::default();
        for category in all {
            match category.parent {
                Some(parent) => categories.children.entry(parent).or_default().push(category.id),
                None => categories.roots.entry(category.site).or_default().push(category.id),
            }
            categories.by_slug.entry(category.site).or_default().insert(category.slug.to_string(), category.id);
            categories.by_id.insert(category.id, Arc::new(category));
        }
        categories
    }

    /// The category with this id.
    pub fn get(&self, id: CategoryId) -> Option<&Arc<Category>> {
        self.by_id.get(&id)
    }

    /// The category of a site under this slug.
    pub fn by_slug(&self, site: SiteId, slug: &str) -> Option<&Arc<Category>> {
        self.by_slug.get(&site)?.get(slug).and_then(|id| self.get(*id))
    }

    /// Top categories of a site, in order.
    pub fn roots(&self, site: SiteId) -> impl Iterator<Item = &Arc<Category>> {
        self.roots.get(&site).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// Categories directly below, in order.
    pub fn children(&self, id: CategoryId) -> impl Iterator<Item = &Arc<Category>> {
        self.children.get(&id).into_iter().flatten().filter_map(|child| self.get(*child))
    }

    /// The category and all categories below it.
    pub fn subtree(&self, root: CategoryId) -> Vec<CategoryId> {
        let mut found = vec![root];
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            found.extend(self.children.get(&id).into_iter().flatten());
            next += 1;
        }
        found
    }
}
