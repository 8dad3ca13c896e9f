//! The links by which people choose passwords. The secret in one is shown once, to whoever issues it.

use zeroize::Zeroizing;

use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::account_links::{self, NewLink, Purpose};
use lienthong_persistence::sessions::{self, EndReason};
use lienthong_persistence::{Store, Tx, accounts as rows};

use super::authority::{self, Manager};
use super::{own, people};
use crate::accounts::{Accounts, Kind, Rules, seconds};
use crate::error::Error;

/// A link that was issued.
pub struct Issued {
    /// Whose password it sets.
    pub account: ActorId,
    /// The secret in it.
    pub token: Zeroizing<String>,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Issues a link in the place of an earlier one: the invitation again, or a reset for an account that was in use, which
/// also signs its owner out everywhere.
///
/// # Errors
/// [`Error::NotFound`] for an account that is disabled or beyond the manager.
pub async fn reissue(
    store: &Store,
    manager: &Manager,
    (rules, id): (&Rules, ActorId),
    now: Timestamp,
) -> Result<Issued, Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    if account.disabled_at.is_some() {
        return Err(Error::NotFound("account"));
    }
    let purpose = if account.is_taken_up() { Purpose::Reset } else { Purpose::Invitation };
    let issued = issue(&tx, (id, purpose), (rules, manager.id()), now).await?;
    people::commit(tx, manager, (id, format!("{} link for {}", purpose.as_str(), account.handle)), now).await?;
    Ok(issued)
}

/// Takes the open link of an account back. An account that was never taken up is disabled with it: nobody has it.
///
/// # Errors
/// [`Error::NotFound`] for an account without an open link, or beyond the manager.
pub async fn revoke(store: &Store, manager: &Manager, id: ActorId, now: Timestamp) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    if !account_links::revoke(&tx, id, now).await? {
        return Err(Error::NotFound("link"));
    }
    if !account.is_taken_up() {
        people::end(&tx, id, "invitation revoked", now).await?;
    }
    people::commit(tx, manager, (id, format!("revoke the link of {}", account.handle)), now).await
}

/// Chooses the password of the account that a link belongs to. Uses the link up and ends every sign-in.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Invalid`] for a password that is too easy, after which the link still works.
pub async fn accept(
    store: &Store,
    accounts: &Accounts,
    (token, password): (&str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let digest = Kind::Link.digest(token).ok_or(Error::LinkExpired)?;
    let tx = store.begin().await?;
    let id = account_links::find(&tx, &digest, now).await?.ok_or(Error::LinkExpired)?;
    drop(tx);
    let account = authority::enabled(store, id).await?;
    let hash = accounts.passwords.hash(own::chosen(password, &account)?).await?;
    let tx = store.begin().await?;
    let locked = rows::lock(&tx, id).await?.ok_or(Error::LinkExpired)?;
    let used = account_links::take(&tx, &digest, now).await?;
    if used.is_none() || locked.disabled_at.is_some() {
        return Err(Error::LinkExpired);
    }
    rows::set_password(&tx, id, &hash, now).await?;
    sessions::end_all(&tx, id, None, (EndReason::PasswordChanged, now)).await?;
    tx.commit(super::own(id, "choose a password by link", now)).await?;
    Ok(())
}

pub(super) async fn issue(
    tx: &Tx,
    (actor, purpose): (ActorId, Purpose),
    (rules, issued_by): (&Rules, ActorId),
    now: Timestamp,
) -> Result<Issued, Error> {
    let life = if purpose == Purpose::Invitation { rules.invitation } else { rules.reset };
    let secret = Kind::Link.generate()?;
    let expires_at = now.plus_seconds(seconds(life));
    account_links::issue(tx, &NewLink { actor, purpose, digest: secret.digest, issued_by, expires_at }, now).await?;
    Ok(Issued { account: actor, token: secret.text, expires_at })
}
