//! The second factor: an authenticator, or one of ten recovery codes.

use std::net::IpAddr;

use zeroize::Zeroizing;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::ids::{ActorId, SecretId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::second_factors::{self as factors, SecondFactor};
use lienthong_persistence::{Store, Tx, accounts as rows};

use super::authority::Manager;
use super::own::confirm;
use super::people;
use crate::accounts::{Accounts, base32, random, totp};
use crate::error::Error;
use crate::secrets::{Purpose, SecretError};

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code: 80 bits.
const RECOVERY_BYTES: usize = 10;

/// What an authenticator needs. Shown once.
pub struct Enrolment {
    /// The secret in base32, to type.
    pub secret: Zeroizing<String>,
    /// The same as an address, to show as a QR code.
    pub uri: Zeroizing<String>,
}

/// Begins to enrol an authenticator. It is asked for only after [`confirm_second_factor`].
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::Throttled`], [`Error::NotFound`] for an actor without an account,
/// [`Error::SecondFactorHeld`] when there is one already: it has to be removed first.
pub async fn enrol_second_factor(
    store: &Store,
    accounts: &Accounts,
    permit: &Permit<act::OwnAccount>,
    (password, address): (&str, IpAddr),
    now: Timestamp,
) -> Result<Enrolment, Error> {
    let account = rows::find(store, permit.actor()).await?.ok_or(Error::NotFound("account"))?;
    let confirmed = confirm(store, accounts, (&account, password, address), now).await?;
    let (id, secret) = (SecretId::new(now), random()?);
    let sealed = accounts.seal.seal(id, Purpose::SecondFactor, &secret).map_err(|error| internal(&error))?;
    let tx = store.begin().await?;
    confirmed.still_holds(&tx).await?;
    if factors::find(&tx, account.id).await?.is_some_and(|held| held.confirmed_at.is_some()) {
        return Err(Error::SecondFactorHeld);
    }
    let new = SecondFactor { actor: account.id, id, sealed, confirmed_at: None, last_step: None };
    factors::put(&tx, &new, now).await?;
    confirmed.guess.succeed(&tx, now).await?;
    tx.commit(super::own(permit.by(), "enrol a second factor", now)).await?;
    let secret = Zeroizing::new(base32(secret.as_slice()));
    let issuer = "Li%C3%AAn%20Th%C3%B4ng";
    // The handle and not the sign-in name: the address lands in pictures and backups.
    let uri = format!(
        "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        account.handle, *secret
    );
    Ok(Enrolment { secret, uri: Zeroizing::new(uri) })
}

/// Shows that the authenticator works; from then on every sign-in asks for it. Gives the recovery codes, this once.
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::NotFound`] when nothing waits to be confirmed.
pub async fn confirm_second_factor(
    store: &Store,
    accounts: &Accounts,
    permit: &Permit<act::OwnAccount>,
    code: &str,
    now: Timestamp,
) -> Result<Vec<Zeroizing<String>>, Error> {
    let actor = permit.actor();
    let tx = store.begin().await?;
    rows::lock(&tx, actor).await?.ok_or(Error::NotFound("account"))?;
    let waiting = factors::find(&tx, actor).await?.filter(|held| held.confirmed_at.is_none());
    let waiting = waiting.ok_or(Error::NotFound("second factor"))?;
    let step = step_of(accounts, &waiting, code, now)?.ok_or(Error::WrongCredentials)?;
    factors::use_step(&tx, &waiting, step, now).await?;
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>, _>>()?;
    let digests: Vec<[u8; 32]> = codes.iter().map(|code| digest(actor, code)).collect();
    factors::add_recovery_codes(&tx, actor, &digests).await?;
    tx.commit(super::own(permit.by(), "confirm a second factor", now)).await?;
    Ok(codes)
}

/// Removes one's own second factor, for somebody who gives the password.
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::Throttled`], [`Error::NotFound`] when there is none.
pub async fn remove_second_factor(
    store: &Store,
    accounts: &Accounts,
    permit: &Permit<act::OwnAccount>,
    (password, address): (&str, IpAddr),
    now: Timestamp,
) -> Result<(), Error> {
    let account = rows::find(store, permit.actor()).await?.ok_or(Error::NotFound("account"))?;
    let confirmed = confirm(store, accounts, (&account, password, address), now).await?;
    let tx = store.begin().await?;
    confirmed.still_holds(&tx).await?;
    if !factors::remove(&tx, account.id).await? {
        return Err(Error::NotFound("second factor"));
    }
    confirmed.guess.succeed(&tx, now).await?;
    tx.commit(super::own(permit.by(), "remove the second factor", now)).await?;
    Ok(())
}

/// Removes the second factor of somebody who has lost it with all recovery codes. The password stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for an account beyond the manager, or without a second factor.
pub async fn reset_second_factor(store: &Store, manager: &Manager, id: ActorId, now: Timestamp) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    if !factors::remove(&tx, id).await? {
        return Err(Error::NotFound("second factor"));
    }
    people::commit(tx, manager, (id, format!("remove the second factor of {}", account.handle)), now).await
}

/// What a sign-in with the right password still lacks.
pub(super) enum Demand {
    /// Nothing.
    Met,
    /// A code.
    Missing,
    /// A right code.
    Wrong,
}

/// Checks the code of a sign-in and uses it up. The account is locked, so that no code works twice.
pub(super) async fn check(
    tx: &Tx,
    accounts: &Accounts,
    (actor, code): (ActorId, Option<&str>),
    now: Timestamp,
) -> Result<Demand, Error> {
    let held = factors::find(tx, actor).await?.filter(|held| held.confirmed_at.is_some());
    let Some(held) = held else { return Ok(Demand::Met) };
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else { return Ok(Demand::Missing) };
    if let Some(step) = step_of(accounts, &held, code, now)? {
        factors::use_step(tx, &held, step, now).await?;
        return Ok(Demand::Met);
    }
    let is_recovery = factors::use_recovery_code(tx, actor, &digest(actor, code), now).await?;
    Ok(if is_recovery { Demand::Met } else { Demand::Wrong })
}

fn step_of(accounts: &Accounts, held: &SecondFactor, code: &str, now: Timestamp) -> Result<Option<i64>, Error> {
    let secret =
        accounts.seal.unseal(held.id, Purpose::SecondFactor, &held.sealed).map_err(|error| internal(&error))?;
    Ok(totp::verify(secret.as_slice(), code, held.last_step, now))
}

/// Four groups of four letters and figures.
fn recovery_code() -> Result<Zeroizing<String>, Error> {
    let bytes = random()?;
    let text = Zeroizing::new(base32(bytes.get(..RECOVERY_BYTES).unwrap_or_default()).to_ascii_lowercase());
    let groups: Vec<&str> = (0..4).filter_map(|at| text.get(at * 4..at * 4 + 4)).collect();
    Ok(Zeroizing::new(groups.join("-")))
}

/// Typed with or without hyphens, in capitals or not. Bound to the account.
fn digest(actor: ActorId, code: &str) -> [u8; 32] {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let mut hasher = blake3::Hasher::new_derive_key("lienthong 2026 recovery code");
    hasher.update(actor.as_uuid().as_bytes()).update(code.as_bytes());
    *hasher.finalize().as_bytes()
}

fn internal(error: &SecretError) -> Error {
    Error::Internal(error.to_string())
}
