//! What is published for the offices themselves, read with a permit and only on its sites. No kept answer is made of it.

use std::sync::Arc;

use lienthong_domain::access::{Permit, SiteScope, act};
use lienthong_domain::ids::{EntryId, SiteId, UnitId};
use lienthong_domain::registry::Topic;
use lienthong_domain::scope::{Place, ScopeKey};
use lienthong_persistence::internal_entries;
use lienthong_persistence::live_entries::{Bodies, Listing, Order};

use crate::app::App;
use crate::error::Error;
use crate::queries::PageRequest;
use crate::queries::page::cut;
use crate::reference::Snapshot;

pub use lienthong_persistence::internal_entries::InternalArticle;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InternalPlace {
    /// All sites of the permit.
    #[default]
    Everywhere,
    /// One site.
    Site(SiteId),
    /// A unit and all units below it.
    Unit(UnitId),
}

/// One page of a list, latest first.
#[derive(Debug, Clone)]
pub struct InternalPage {
    /// The articles.
    pub articles: Vec<InternalArticle>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has articles before them.
    pub has_previous: bool,
    listing: Listing,
}

/// One page of the internal articles at `place`, as far as the permit reaches: one statement.
///
/// # Errors
/// [`Error::NotFound`] for a place that does not exist or lies outside the permit; [`Error::BadRequest`] and
/// [`Error::InvalidCursor`] for what cannot be asked; [`Error::Store`].
pub async fn page(
    app: &App,
    permit: &Permit<act::ReadInternal>,
    (place, request): (InternalPlace, &PageRequest),
    bodies: Bodies,
) -> Result<InternalPage, Error> {
    let sites = sites(&app.reference(), permit.scope(), place)?;
    let listing = listing(place);
    let (size, part) = request.part(&app.cursors(), &listing)?;
    let mut articles = internal_entries::list(app.store(), &sites, part, (size + 1, bodies)).await?;
    let (has_next, has_previous) = cut(&mut articles, (size, part));
    Ok(InternalPage { articles, has_next, has_previous, listing })
}

/// One internal article with its body.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, or when nothing of it is internal; [`Error::Store`].
pub async fn detail(app: &App, permit: &Permit<act::ReadInternal>, id: EntryId) -> Result<InternalArticle, Error> {
    internal_entries::find(app.store(), permit.scope(), id).await?.ok_or(Error::NotFound("article"))
}

/// The article's own topic, or else its category's, by the reference data of this moment.
pub fn topic<'a>(reference: &'a Snapshot, of: &InternalArticle) -> Option<&'a Arc<Topic>> {
    let of_category = || reference.categories.get(of.article.category).and_then(|category| category.topic);
    of.article.topic.or_else(of_category).and_then(|topic| reference.topics.get(topic))
}

impl InternalPage {
    /// The cursor of one of its articles.
    pub fn cursor(&self, app: &App, article: &InternalArticle) -> String {
        app.cursors().sign(&self.listing, article.key())
    }
}

/// What a cursor is bound to: the place. Whose permit it was read with does not matter, since a cursor is but a moment.
fn listing(place: InternalPlace) -> Listing {
    let place = match place {
        InternalPlace::Everywhere => Place::Instance,
        InternalPlace::Site(site) => Place::Site(site),
        InternalPlace::Unit(unit) => Place::Unit(unit),
    };
    Listing {
        scope: ScopeKey::internal(place),
        order: Order::Published,
        from: None,
        to: None,
        language: None,
        article_kind: None,
        categories: Vec::new(),
        topics: Vec::new(),
    }
}

/// The sites at `place` that the permit reaches. A place without any of them does not exist.
fn sites(reference: &Snapshot, scope: &SiteScope, place: InternalPlace) -> Result<Vec<SiteId>, Error> {
    let (sites, what): (Vec<SiteId>, _) = match place {
        InternalPlace::Everywhere => (reference.sites.in_order().map(|site| site.id).collect(), "site"),
        InternalPlace::Site(site) => (reference.sites.get(site).map(|site| site.id).into_iter().collect(), "site"),
        InternalPlace::Unit(unit) => {
            reference.units.get(unit).ok_or(Error::NotFound("unit"))?;
            (reference.sites.below(&reference.units, unit).map(|site| site.id).collect(), "unit")
        }
    };
    let reached: Vec<SiteId> = sites.iter().copied().filter(|site| scope.contains(*site)).collect();
    if reached.is_empty() && (what == "site" || !sites.is_empty()) {
        return Err(Error::NotFound(what));
    }
    Ok(reached)
}
