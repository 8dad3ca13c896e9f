//! Accounts, for their owners and those who manage people.

use lienthong_domain::access::{Permit, SiteScope, act};
use lienthong_domain::account::SignInName;
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_persistence::accounts::{self, Account, Within};
use lienthong_persistence::{actors, identities};

use crate::error::Error;

/// An account with its roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The account.
    pub account: Account,
    /// What its owner is, and where.
    pub roles: Vec<HeldRole>,
    /// Who its owner is at identity providers.
    pub identities: Vec<Linked>,
}

pub use lienthong_persistence::actors::{HeldRole, Reach};
pub use lienthong_persistence::identities::Linked;

/// An account, whatever its state.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn find(store: &Store, id: ActorId) -> Result<Option<Profile>, Error> {
    let Some(account) = accounts::find(store, id).await? else { return Ok(None) };
    Ok(profiles(store, vec![account]).await?.pop())
}

/// Whether somebody works nowhere but within a scope, so that those who manage people there may know the sign-in name.
pub fn is_own(profile: &Profile, scope: &SiteScope) -> bool {
    let is_within = |held: &HeldRole| held.site().is_some_and(|site| scope.contains(site));
    *scope == SiteScope::Everywhere || profile.roles.iter().all(is_within)
}

/// The account that signs in under a name, whatever its state. For the operator: it tells which names there are.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn find_named(store: &Store, name: &SignInName) -> Result<Option<Profile>, Error> {
    let Some(account) = accounts::find_named(store, name).await? else { return Ok(None) };
    Ok(profiles(store, vec![account]).await?.pop())
}

/// The accounts with a role that reaches one of `sites`, or of all the permit's sites, by handle.
///
/// # Errors
/// [`Error::NotFound`] for a site beyond the permit.
pub async fn list(
    store: &Store,
    permit: &Permit<act::ManagePeople>,
    site: Option<SiteId>,
) -> Result<Vec<Profile>, Error> {
    let own: Vec<SiteId>;
    let within = match (site, permit.scope()) {
        (Some(site), scope) if !scope.contains(site) => return Err(Error::NotFound("site")),
        (Some(site), _) => {
            own = vec![site];
            Within::Sites(&own)
        }
        (None, SiteScope::Everywhere) => Within::Everywhere,
        (None, SiteScope::Sites(sites)) => {
            own = sites.iter().copied().collect();
            Within::Sites(&own)
        }
    };
    profiles(store, accounts::list(store, within).await?).await
}

/// Since when an account counts as dormant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dormancy {
    /// Not used for so many days.
    pub unused: u16,
    /// Never used in so many days since it was issued.
    pub never_used: u16,
}

/// The accounts on `sites` that somebody was given and nobody uses, by handle.
///
/// # Errors
/// [`Error::NotFound`] when none of the sites is within the permit.
pub async fn dormant(
    store: &Store,
    (permit, sites): (&Permit<act::ReadReport>, &[SiteId]),
    than: Dormancy,
    now: Timestamp,
) -> Result<Vec<Profile>, Error> {
    let sites: Vec<SiteId> = sites.iter().copied().filter(|site| permit.scope().contains(*site)).collect();
    if sites.is_empty() {
        return Err(Error::NotFound("site"));
    }
    let found = accounts::list(store, Within::Sites(&sites)).await?;
    let dormant = found.into_iter().filter(|account| is_dormant(account, than, now)).collect();
    profiles(store, dormant).await
}

/// Whether an account that may be used is not.
pub fn is_dormant(account: &Account, than: Dormancy, now: Timestamp) -> bool {
    let before = |days: u16| now.plus_seconds(-i64::from(days) * 24 * 60 * 60);
    account.disabled_at.is_none()
        && match account.last_used_at {
            Some(used) => used < before(than.unused),
            None => account.issued_at < before(than.never_used),
        }
}

async fn profiles(store: &Store, found: Vec<Account>) -> Result<Vec<Profile>, Error> {
    let ids: Vec<ActorId> = found.iter().map(|account| account.id).collect();
    let mut roles = actors::held_by(store, &ids).await?;
    let mut linked = identities::of(store, &ids).await?;
    let profile = |account: Account| Profile {
        roles: roles.remove(&account.id).unwrap_or_default(),
        identities: linked.remove(&account.id).unwrap_or_default(),
        account,
    };
    Ok(found.into_iter().map(profile).collect())
}
