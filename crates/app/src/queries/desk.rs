//! The work list of an editorial desk, and who has done what.

use lienthong_domain::access::{OwnOr, Permit, act};
use lienthong_domain::entry::EditionState;
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::scope::{Place, ScopeKey};
use lienthong_persistence::live_entries::{Listing, Order, Part};
use lienthong_persistence::{audits, desk_entries, entries};

use crate::app::App;
use crate::error::Error;
use crate::queries::PageRequest;
use crate::queries::page::cut;

pub use lienthong_proof::hex;

pub use lienthong_persistence::audits::{Act, ActsOn, NamedAct};
pub use lienthong_persistence::desk_entries::DeskEntry;

/// One page of the work list.
#[derive(Debug, Clone)]
pub struct DeskPage {
    /// The entries, the latest begun first.
    pub entries: Vec<DeskEntry>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// The cursor of the last of them.
    pub end: Option<String>,
}

/// What is on its way on a site, or on all sites of the permit, in one of `states`: everybody's, or one's own where the
/// permit reaches no further. One statement.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; [`Error::BadRequest`], [`Error::InvalidCursor`]; [`Error::Store`].
pub async fn page(
    app: &App,
    permit: &OwnOr<act::ReadDraft>,
    (site, states): (Option<SiteId>, &[EditionState]),
    (first, after): (Option<u32>, Option<String>),
) -> Result<DeskPage, Error> {
    let scope = permit.scope();
    let sites: Vec<SiteId> = match site {
        Some(site) => vec![site],
        None => app.reference().sites.in_order().map(|site| site.id).collect(),
    };
    let sites: Vec<SiteId> = sites.into_iter().filter(|site| scope.contains(*site)).collect();
    if sites.is_empty() {
        return Err(Error::NotFound("site"));
    }
    let open: Vec<EditionState> = states.iter().copied().filter(|state| state.is_open()).collect();
    let listing = listing(site);
    let request = PageRequest { first, after, ..PageRequest::default() };
    let (count, part) = request.part(&app.cursors(), &listing)?;
    let (Part::First(key) | Part::Last(key)) = part;
    let mut entries = desk_entries::list(app.store(), (permit, &sites), &open, (key, count + 1)).await?;
    let (has_next, _) = cut(&mut entries, (count, part));
    let end = entries.last().map(|entry| app.cursors().sign(&listing, entry.key()));
    Ok(DeskPage { entries, has_next, end })
}

/// What a cursor is bound to.
fn listing(site: Option<SiteId>) -> Listing {
    Listing {
        scope: ScopeKey::desk(site.map_or(Place::Instance, Place::Site)),
        order: Order::Published,
        from: None,
        to: None,
        language: None,
        article_kind: None,
        categories: Vec::new(),
        topics: Vec::new(),
    }
}

/// Who has done what with an entry or on a site, latest first: at most `limit` acts before the leaf `before`.
///
/// # Errors
/// [`Error::NotFound`] outside the permit; [`Error::Store`].
pub async fn trail(
    app: &App,
    permit: &Permit<act::ReadAudit>,
    on: ActsOn,
    (before, limit): (Option<u64>, u32),
) -> Result<Vec<NamedAct>, Error> {
    let within = match on {
        ActsOn::Entry(entry) => is_within(app, permit, entry).await?,
        ActsOn::Site(site) => permit.scope().contains(site),
        ActsOn::Everything => *permit.scope() == lienthong_domain::access::SiteScope::Everywhere,
    };
    if !within {
        return Err(Error::NotFound("site"));
    }
    Ok(audits::list(app.store(), on, (before, limit)).await?)
}

async fn is_within(app: &App, permit: &Permit<act::ReadAudit>, entry: EntryId) -> Result<bool, Error> {
    Ok(entries::find(app.store(), permit.scope(), entry).await?.is_some())
}
