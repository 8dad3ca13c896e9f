//! Who may manage whom: nobody beyond the roles and the reach that they hold themselves.

use lienthong_domain::access::{Access, Actor, By, Denied, Permit, Role, act};
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_persistence::accounts::{self as rows, Account};
use lienthong_persistence::actors::{self, HeldRole, Reach};
use lienthong_persistence::{Store, Tx};

use crate::error::Error;

/// Somebody who manages people, with what they hold.
#[derive(Debug, Clone)]
pub struct Manager {
    permit: Permit<act::ManagePeople>,
    is_operator: bool,
}

impl Manager {
    /// Asks for the permit.
    ///
    /// # Errors
    /// [`Denied`] when the actor manages nobody.
    pub fn of(actor: &Actor) -> Result<Self, Denied> {
        let is_operator = matches!(actor.access(), Access::Operator);
        Ok(Self { permit: actor.permit()?, is_operator })
    }

    /// The permit.
    pub const fn permit(&self) -> &Permit<act::ManagePeople> {
        &self.permit
    }

    pub(super) const fn by(&self) -> By {
        self.permit.by()
    }

    pub(super) const fn id(&self) -> ActorId {
        self.permit.actor()
    }

    /// Locks an account and reads it, when every role of its owner is one that this manager could give. Somebody who
    /// also works elsewhere, or stands higher, is out of reach: a new password for them would be a new role for us.
    pub(super) async fn lock(&self, tx: &Tx, id: ActorId) -> Result<Account, Error> {
        let unknown = || Error::NotFound("account");
        let account = rows::lock(tx, id).await?.ok_or_else(unknown)?;
        let held = actors::held_in(tx, id).await?;
        // Without any role nobody's site is concerned: only who manages the whole instance.
        let nobodys = [(Role::ProvincialAdministrator, Reach::Instance)];
        let needed: Vec<_> = held.iter().map(|HeldRole { id: _, role, reach }| (*role, *reach)).collect();
        let needed = if needed.is_empty() { &nobodys[..] } else { &needed[..] };
        if self.may_give(tx, needed).await? { Ok(account) } else { Err(unknown()) }
    }

    /// Whether every one of these roles may be given by this manager. Read in the transaction, so that a demotion
    /// a moment ago counts.
    pub(super) async fn may_give(&self, tx: &Tx, roles: &[(Role, Reach)]) -> Result<bool, Error> {
        if self.is_operator {
            return Ok(true);
        }
        let own = actors::held_in(tx, self.id()).await?;
        for (role, reach) in roles {
            let mut covered = false;
            for held in own.iter().filter(|held| held.role.may_grant(*role)) {
                covered = covered || actors::reaches(tx, held.reach, *reach).await?;
            }
            if !covered {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Refuses to leave the instance without a provincial administrator.
    pub(super) async fn keep_one_administrator(tx: &Tx, without: ActorId) -> Result<(), Error> {
        let role = Role::ProvincialAdministrator;
        let held = actors::held_in(tx, without).await?;
        let is_one = held.iter().any(|held| held.role == role && held.reach == Reach::Instance);
        if is_one && actors::others_on_instance(tx, role, without).await? == 0 {
            return Err(Error::LastAdministrator);
        }
        Ok(())
    }
}

/// The site that an audit row is about, when it is about one.
pub(super) const fn site_of(reach: Reach) -> Option<SiteId> {
    match reach {
        Reach::Site(site) => Some(site),
        Reach::Unit(_) | Reach::Instance => None,
    }
}

/// The accounts that a manager finds: those with a role within the manager's own sites.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub(super) async fn enabled(store: &Store, id: ActorId) -> Result<Account, Error> {
    rows::find(store, id).await?.ok_or(Error::NotFound("account"))
}
