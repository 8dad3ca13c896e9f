//! Actors and their roles.

use lienthong_domain::access::{Permit, Role, SiteScope, act};
use lienthong_domain::account;
use lienthong_domain::article::FieldError;
use lienthong_domain::change::Matter;
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::{ActorId, GrantId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::{self, HeldRole, Reach};
use lienthong_persistence::identities::{self, Linked};
use lienthong_persistence::sessions::{self, EndReason};
use lienthong_persistence::{Record, Store};

use crate::commands::bulk::audit;
use crate::error::Error;

/// The actor with this handle, made when there is none. One that is there is found under the handle it has.
///
/// # Errors
/// [`Error::Invalid`] when the handle or the name of a new one breaks a rule; [`Error::Store`] when the database refuses.
pub async fn ensure_actor(
    store: &Store,
    permit: &Permit<act::ManageAccess>,
    (handle, name): (&str, &str),
    now: Timestamp,
) -> Result<ActorId, Error> {
    if let Some(id) = actors::find_id(store, handle).await? {
        return Ok(id);
    }
    let (handle, name) = checked(handle, name).map_err(Error::Invalid)?;
    let id = ActorId::new(now);
    let tx = store.begin().await?;
    actors::add(&tx, id, &handle, &name, now).await?;
    tx.commit(record(permit, (id, format!("actor {handle}")), now)).await?;
    Ok(id)
}

fn checked(handle: &str, name: &str) -> Result<(String, String), Vec<FieldError>> {
    match (account::handle(handle), account::display_name(name)) {
        (Ok(handle), Ok(name)) => Ok((handle, name)),
        (handle, name) => Err([handle.err(), name.err()].into_iter().flatten().flatten().collect()),
    }
}

/// Gives a role; a role already held within the same reach is not given twice.
///
/// # Errors
/// [`Error::NotFound`] for a reach that the permit does not cover or that does not exist.
pub async fn grant(
    store: &Store,
    permit: &Permit<act::ManageAccess>,
    (to, role, reach): (ActorId, Role, Reach),
    now: Timestamp,
) -> Result<GrantId, Error> {
    within(store, permit, reach).await?;
    let held = actors::held(store, to).await?;
    if let Some(known) = held.iter().find(|held| held.role == role && held.reach == reach) {
        return Ok(known.id);
    }
    let tx = store.begin().await?;
    let id = actors::grant(&tx, to, role, reach, (permit.actor(), now)).await?;
    tx.commit(record(permit, (to, format!("grant {role} to {to}")), now)).await?;
    Ok(id)
}

/// Takes a role back. Works on the next request of the actor.
///
/// # Errors
/// [`Error::NotFound`] when the actor does not hold the role within that reach.
pub async fn revoke(
    store: &Store,
    permit: &Permit<act::ManageAccess>,
    (from, role, reach): (ActorId, Role, Reach),
    now: Timestamp,
) -> Result<(), Error> {
    within(store, permit, reach).await?;
    let held = actors::held(store, from).await?;
    let is_meant = |held: &&HeldRole| held.role == role && held.reach == reach;
    let grant = held.iter().find(is_meant).ok_or(Error::NotFound("role"))?;
    let tx = store.begin().await?;
    actors::revoke(&tx, grant.id).await?;
    tx.commit(record(permit, (from, format!("revoke {role} from {from}")), now)).await?;
    Ok(())
}

/// Links an actor, a person or a program, to what an issuer calls it: tokens of that issuer are then this actor's.
///
/// # Errors
/// [`Error::NotFound`] for a permit that does not hold on the whole instance, and for an actor that does not exist;
/// [`Error::IdentityTaken`].
pub async fn link(
    store: &Store,
    permit: &Permit<act::ManageAccess>,
    (actor, identity): (ActorId, &Identity),
    now: Timestamp,
) -> Result<(), Error> {
    within(store, permit, Reach::Instance).await?;
    let tx = store.begin().await?;
    let new = Linked { identity: identity.clone(), actor, linked_at: now, linked_by: permit.actor() };
    identities::link(&tx, &new).await.map_err(unknown_actor)?;
    let note = format!("link {actor} to an identity of {}", identity.issuer());
    tx.commit(record(permit, (actor, note), now)).await?;
    Ok(())
}

/// Takes the identity of an actor at one issuer away, and refuses every token that was issued until now.
///
/// # Errors
/// [`Error::NotFound`] for a permit that does not hold on the whole instance, and for an actor without such an identity.
pub async fn unlink(
    store: &Store,
    permit: &Permit<act::ManageAccess>,
    (actor, issuer): (ActorId, &str),
    now: Timestamp,
) -> Result<(), Error> {
    within(store, permit, Reach::Instance).await?;
    let tx = store.begin().await?;
    if !identities::unlink(&tx, actor, issuer).await? {
        return Err(Error::NotFound("identity"));
    }
    sessions::end_all(&tx, actor, None, (EndReason::Unlinked, now)).await?;
    tx.commit(record(permit, (actor, format!("unlink {actor} from its identity of {issuer}")), now)).await?;
    Ok(())
}

fn unknown_actor(error: lienthong_persistence::Error) -> Error {
    match error {
        lienthong_persistence::Error::Dangling => Error::NotFound("actor"),
        other => other.into(),
    }
}

/// Nobody gives or takes a role beyond the sites where they manage access.
async fn within(store: &Store, permit: &Permit<act::ManageAccess>, reach: Reach) -> Result<(), Error> {
    let covered = match (permit.scope(), actors::sites_within(store, reach).await?) {
        (SiteScope::Everywhere, _) => true,
        (SiteScope::Sites(_), None) => false,
        (scope, Some(sites)) => !sites.is_empty() && sites.iter().all(|site| scope.contains(*site)),
    };
    if covered { Ok(()) } else { Err(Error::NotFound("reach")) }
}

fn record(permit: &Permit<act::ManageAccess>, (actor, note): (ActorId, String), now: Timestamp) -> Record {
    Record { changes: Vec::new(), audits: vec![audit(permit, Matter::Actor(actor), note, now)] }
}
