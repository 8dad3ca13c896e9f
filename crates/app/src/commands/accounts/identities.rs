//! Linking accounts to who their owners are at an identity provider.

use lienthong_domain::identity::Identity;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_persistence::identities::{self, Linked};
use lienthong_persistence::sessions::{self, EndReason};

use super::authority::Manager;
use super::people;
use crate::error::Error;

/// Links an account to an identity, with which its owner can sign in from then on.
///
/// # Errors
/// [`Error::NotFound`] for an account that is disabled or beyond the manager; [`Error::IdentityTaken`].
pub async fn link_identity(
    store: &Store,
    manager: &Manager,
    (id, identity): (ActorId, &Identity),
    now: Timestamp,
) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    if account.disabled_at.is_some() {
        return Err(Error::NotFound("account"));
    }
    let new = Linked { identity: identity.clone(), actor: id, linked_at: now, linked_by: manager.id() };
    identities::link(&tx, &new).await?;
    let note = format!("link {} to an identity of {}", account.handle, identity.issuer());
    people::commit(tx, manager, (id, note), now).await
}

/// Takes the identity of an account at one issuer away, and ends every sign-in: whoever came in by it is out.
///
/// # Errors
/// [`Error::NotFound`] for an account beyond the manager, or without an identity of this issuer.
pub async fn unlink_identity(
    store: &Store,
    manager: &Manager,
    (id, issuer): (ActorId, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    if !identities::unlink(&tx, id, issuer).await? {
        return Err(Error::NotFound("identity"));
    }
    sessions::end_all(&tx, id, None, (EndReason::Unlinked, now)).await?;
    people::commit(tx, manager, (id, format!("unlink {} from its identity of {issuer}", account.handle)), now).await
}
