//! What somebody does to their own account.

use std::net::IpAddr;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::account::Password;
use lienthong_domain::article::FieldError;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::accounts::{self as rows, Account};
use lienthong_persistence::sessions::{self, EndReason};
use lienthong_persistence::{Store, Tx};

use super::guessing::Guess;
use crate::accounts::Accounts;
use crate::error::Error;

/// Changes the password, for somebody who knows the present one. Ends every sign-in: whoever else knew the password is
/// out.
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::Throttled`], [`Error::Invalid`] for a password that is too easy,
/// [`Error::NotFound`] for an actor that has no account.
pub async fn change_password(
    store: &Store,
    accounts: &Accounts,
    permit: &Permit<act::OwnAccount>,
    (current, new, address): (&str, &str, IpAddr),
    now: Timestamp,
) -> Result<(), Error> {
    let account = rows::find(store, permit.actor()).await?.ok_or(Error::NotFound("account"))?;
    let new = chosen(new, &account)?;
    let confirmed = confirm(store, accounts, (&account, current, address), now).await?;
    let hash = accounts.passwords.hash(new).await?;
    let tx = store.begin().await?;
    confirmed.still_holds(&tx).await?;
    rows::set_password(&tx, account.id, &hash, now).await?;
    sessions::end_all(&tx, account.id, None, (EndReason::PasswordChanged, now)).await?;
    confirmed.guess.succeed(&tx, now).await?;
    tx.commit(super::own(permit.by(), "change password", now)).await?;
    Ok(())
}

/// The password for an account, when it is none of those that are tried first.
pub(super) fn chosen(text: &str, account: &Account) -> Result<Password, Error> {
    let chosen = Password::chosen(text, &account.sign_in_name, &account.name);
    chosen.map_err(|rule| Error::Invalid(vec![FieldError { field: "password", rule }]))
}

/// Proof that the owner has just given the password.
pub(super) struct Confirmed {
    pub(super) guess: Guess,
    account: Account,
    hash: Option<String>,
}

/// Asks the owner for the password: a stolen token alone must not change how the account is protected.
pub(super) async fn confirm(
    store: &Store,
    accounts: &Accounts,
    (account, password, address): (&Account, &str, IpAddr),
    now: Timestamp,
) -> Result<Confirmed, Error> {
    let guess = Guess::of(account.sign_in_name.as_str(), address);
    guess.admit(store, now).await?;
    let hash = rows::credentials_of(store, account.id).await?.and_then(|found| found.password_hash);
    let password = Password::typed(password).ok_or(Error::WrongCredentials)?;
    if !accounts.passwords.verify(password, hash.clone()).await? {
        return Err(Error::WrongCredentials);
    }
    Ok(Confirmed { guess, account: account.clone(), hash })
}

impl Confirmed {
    /// Locks the account; refuses when it was disabled or its password changed meanwhile.
    pub(super) async fn still_holds(&self, tx: &Tx) -> Result<(), Error> {
        let locked = rows::lock(tx, self.account.id).await?.ok_or(Error::NotFound("account"))?;
        let is_same = rows::password_hash(tx, self.account.id).await? == self.hash;
        if locked.disabled_at.is_some() || !is_same { Err(Error::WrongCredentials) } else { Ok(()) }
    }
}
