//! Signing in.

use std::net::IpAddr;

use lienthong_domain::access::By;
use lienthong_domain::account::{Password, SignInName};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::accounts::{self as rows, Credentials};
use lienthong_persistence::{Store, Tx};

use super::guessing::Guess;
use super::second_factor::{self, Demand};
use super::sessions::{self, SignedIn};
use crate::accounts::Accounts;
use crate::error::Error;

/// What somebody types, and from where.
pub struct SignIn<'a> {
    /// The sign-in name.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// A code of the second factor, when the account has one.
    pub code: Option<&'a str>,
    /// The address that wrong passwords are counted by.
    pub address: IpAddr,
}

/// Signs somebody in. A wrong password, an unknown name, an account that is disabled or was never taken up: all give the
/// same answer after the same time.
///
/// # Errors
/// [`Error::WrongCredentials`], also for a wrong code; [`Error::SecondFactorRequired`] when only the code is missing;
/// [`Error::Throttled`] with the seconds to wait.
pub async fn sign_in(
    store: &Store,
    accounts: &Accounts,
    typed: &SignIn<'_>,
    now: Timestamp,
) -> Result<SignedIn, Error> {
    let SignIn { name, password, code, address } = typed;
    let folded = SignInName::parse(name);
    let guess = Guess::of(folded.as_ref().map_or(*name, SignInName::as_str), *address);
    guess.admit(store, now).await?;
    let found = match &folded {
        Ok(name) => rows::credentials(store, name).await?,
        Err(_) => None,
    };
    let usable = found.filter(|found| found.is_enabled);
    let hash = usable.as_ref().and_then(|found| found.password_hash.clone());
    let password = Password::typed(password).ok_or(Error::WrongCredentials)?;
    let fits = accounts.passwords.verify(password.clone(), hash).await?;
    let credentials = usable.filter(|_| fits).ok_or(Error::WrongCredentials)?;
    let fresh = renewed(accounts, &credentials, password).await?;
    let tx = store.begin().await?;
    let signed_in = begin(&tx, accounts, &credentials, now).await?;
    match second_factor::check(&tx, accounts, (credentials.id, *code), now).await? {
        Demand::Met => {}
        Demand::Wrong => return Err(Error::WrongCredentials),
        Demand::Missing => {
            drop(tx);
            guess.take_back(store).await?;
            return Err(Error::SecondFactorRequired);
        }
    }
    if let Some(hash) = fresh {
        rows::set_password(&tx, credentials.id, &hash, now).await?;
    }
    guess.succeed(&tx, now).await?;
    tx.commit(super::own(By { actor: credentials.id, from: Some(*address) }, "sign in", now)).await?;
    Ok(signed_in)
}

/// A hash of today's cost, when the one that is kept has another.
async fn renewed(accounts: &Accounts, kept: &Credentials, password: Password) -> Result<Option<String>, Error> {
    match &kept.password_hash {
        Some(hash) if accounts.passwords.is_outdated(hash) => accounts.passwords.hash(password).await.map(Some),
        _ => Ok(None),
    }
}

/// Begins the sign-in, unless the account was disabled or its password changed while it was being looked at.
async fn begin(tx: &Tx, accounts: &Accounts, checked: &Credentials, now: Timestamp) -> Result<SignedIn, Error> {
    let account = rows::lock(tx, checked.id).await?.ok_or(Error::WrongCredentials)?;
    let is_same = rows::password_hash(tx, checked.id).await? == checked.password_hash;
    if account.disabled_at.is_some() || !is_same {
        return Err(Error::WrongCredentials);
    }
    sessions::open(tx, accounts, checked.id, now).await
}
