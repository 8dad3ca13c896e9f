//! Roles, given and taken back by those who manage people.

use lienthong_domain::access::{Operation, Role};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::{self, HeldRole, Reach};
use lienthong_persistence::{Store, accounts as rows};

use super::authority::{Manager, site_of};
use super::people::unknown_reach;
use crate::error::Error;

/// Gives a role to somebody who has an account, here or elsewhere. One that is held already is not given twice.
///
/// # Errors
/// [`Error::NotFound`] for an account that is unknown or disabled, and for a role or a reach that the manager may not give.
pub async fn grant(
    store: &Store,
    manager: &Manager,
    (to, role, reach): (ActorId, Role, Reach),
    now: Timestamp,
) -> Result<(), Error> {
    let tx = store.begin().await?;
    if !manager.may_give(&tx, &[(role, reach)]).await? {
        return Err(Error::NotFound("role"));
    }
    let account = rows::lock(&tx, to).await?.filter(|account| account.disabled_at.is_none());
    let account = account.ok_or(Error::NotFound("account"))?;
    if actors::held_in(&tx, to).await?.iter().any(|held| held.role == role && held.reach == reach) {
        return Ok(());
    }
    actors::grant(&tx, to, role, reach, (manager.id(), now)).await.map_err(unknown_reach)?;
    let note = format!("grant {role} to {}", account.handle);
    tx.commit(super::record(manager.by(), Operation::ManagePeople, (to, site_of(reach), note), now)).await?;
    Ok(())
}

/// Takes a role back. Works on the next request of its holder.
///
/// # Errors
/// [`Error::NotFound`] when the account does not hold it, or the manager may not give it; [`Error::LastAdministrator`].
pub async fn take_back(
    store: &Store,
    manager: &Manager,
    (from, role, reach): (ActorId, Role, Reach),
    now: Timestamp,
) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = rows::lock(&tx, from).await?.ok_or(Error::NotFound("account"))?;
    let held = actors::held_in(&tx, from).await?;
    let is_meant = |held: &&HeldRole| held.role == role && held.reach == reach;
    let grant = held.iter().find(is_meant).ok_or(Error::NotFound("role"))?;
    if !manager.may_give(&tx, &[(role, reach)]).await? {
        return Err(Error::NotFound("role"));
    }
    if role == Role::ProvincialAdministrator && reach == Reach::Instance {
        Manager::keep_one_administrator(&tx, from).await?;
    }
    actors::revoke(&tx, grant.id).await?;
    let note = format!("revoke {role} from {}", account.handle);
    tx.commit(super::record(manager.by(), Operation::ManagePeople, (from, site_of(reach), note), now)).await?;
    Ok(())
}
