//! Signing in with what an identity provider vouches for.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use lienthong_domain::access::By;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::accounts::{self as rows, Account};
use lienthong_persistence::identities::{self, Linked};
use lienthong_persistence::sign_in_tickets::{self as tickets, Ticket};
use lienthong_persistence::{Store, Tx, account_links};

use super::guessing::Guess;
use super::second_factor::{self, Demand};
use super::sessions::{self, SignedIn};
use crate::accounts::{Accounts, Kind};
use crate::error::Error;

/// What somebody shows who comes back from a provider.
pub struct Vouched<'a> {
    /// The ticket of the address that the browser was sent to.
    pub ticket: &'a str,
    /// The secret whose SHA-256 was the challenge.
    pub verifier: &'a str,
    /// A code of the second factor, when the account has one.
    pub code: Option<&'a str>,
    /// The secret of an invitation or of a reset, to link the identity to that account.
    pub link: Option<&'a str>,
    /// The address that wrong codes are counted by.
    pub address: IpAddr,
}

/// Signs in whom a provider vouches for. An identity that belongs to nobody opens nothing, whatever name or e-mail address
/// goes with it; a link, which a manager gave to its bearer, makes it that account's.
///
/// # Errors
/// [`Error::SignInRefused`] for a ticket that is unknown, used, too old or somebody else's; [`Error::IdentityUnknown`],
/// [`Error::IdentityTaken`], [`Error::LinkExpired`], [`Error::AccountDisabled`]; [`Error::SecondFactorRequired`],
/// [`Error::WrongCredentials`] for a wrong code and [`Error::Throttled`], after which the ticket still works.
pub async fn enter(store: &Store, accounts: &Accounts, shown: &Vouched<'_>, now: Timestamp) -> Result<SignedIn, Error> {
    let tx = store.begin().await?;
    let ticket = good(&tx, shown, now).await?;
    let link = shown.link.map(|link| Kind::Link.digest(link).ok_or(Error::LinkExpired)).transpose()?;
    let actor = owner(&tx, &ticket, link.as_ref(), now).await?;
    drop(tx);
    let account = rows::find(store, actor).await?.ok_or(Error::IdentityUnknown)?;
    let guess = Guess::of(account.sign_in_name.as_str(), shown.address);
    guess.admit(store, now).await?;
    let signed_in = open(store, accounts, (&ticket, actor, link.as_ref()), (shown, &guess), now).await;
    // Only a wrong code counts as a guess.
    if !matches!(signed_in, Ok(_) | Err(Error::WrongCredentials)) {
        guess.take_back(store).await?;
    }
    signed_in
}

/// The ticket that is shown, when its bearer is who was given it.
async fn good(tx: &Tx, shown: &Vouched<'_>, now: Timestamp) -> Result<Ticket, Error> {
    let refused = || Error::SignInRefused("the ticket is unknown, used or too old, or the verifier is not its own");
    let digest = Kind::Ticket.digest(shown.ticket).ok_or_else(refused)?;
    let ticket = tickets::find(tx, &digest, now).await?.ok_or_else(refused)?;
    let answer: [u8; 32] = Sha256::digest(shown.verifier.as_bytes()).into();
    let is_own: bool = answer.ct_eq(&ticket.challenge).into();
    if is_own { Ok(ticket) } else { Err(refused()) }
}

/// Whose the identity is, or will be by the link.
async fn owner(tx: &Tx, ticket: &Ticket, link: Option<&[u8; 32]>, now: Timestamp) -> Result<ActorId, Error> {
    let linked = identities::find_in(tx, &ticket.identity).await?;
    match (linked, link) {
        (linked, None) => linked.ok_or(Error::IdentityUnknown),
        (linked, Some(link)) => {
            let invited = account_links::find(tx, link, now).await?.ok_or(Error::LinkExpired)?;
            if linked.is_some_and(|actor| actor != invited) { Err(Error::IdentityTaken) } else { Ok(invited) }
        }
    }
}

/// Everything once more and for good, with the account locked.
async fn open(
    store: &Store,
    accounts: &Accounts,
    (ticket, actor, link): (&Ticket, ActorId, Option<&[u8; 32]>),
    (shown, guess): (&Vouched<'_>, &Guess),
    now: Timestamp,
) -> Result<SignedIn, Error> {
    let tx = store.begin().await?;
    let account = rows::lock(&tx, actor).await?.ok_or(Error::IdentityUnknown)?;
    if account.disabled_at.is_some() {
        return Err(Error::AccountDisabled);
    }
    match second_factor::check(&tx, accounts, (actor, shown.code), now).await? {
        Demand::Met => {}
        Demand::Wrong => return Err(Error::WrongCredentials),
        Demand::Missing => return Err(Error::SecondFactorRequired),
    }
    if !tickets::take(&tx, &ticket.digest).await? {
        return Err(Error::SignInRefused("the ticket was used"));
    }
    let note = own(&tx, (&account, ticket), link, now).await?;
    let signed_in = sessions::open(&tx, accounts, actor, now).await?;
    guess.succeed(&tx, now).await?;
    tx.commit(super::own(By { actor, from: Some(shown.address) }, &note, now)).await?;
    Ok(signed_in)
}

/// Makes the identity the account's when a link says so, and otherwise makes sure that it still is.
async fn own(
    tx: &Tx,
    (account, ticket): (&Account, &Ticket),
    link: Option<&[u8; 32]>,
    now: Timestamp,
) -> Result<String, Error> {
    let issuer = ticket.identity.issuer();
    if let Some(link) = link {
        account_links::take(tx, link, now).await?.filter(|actor| *actor == account.id).ok_or(Error::LinkExpired)?;
    }
    let linked = identities::find_in(tx, &ticket.identity).await?;
    match (linked, link) {
        (Some(actor), _) if actor == account.id => Ok(format!("sign in by {issuer}")),
        (Some(_), _) => Err(Error::IdentityTaken),
        (None, None) => Err(Error::IdentityUnknown),
        (None, Some(_)) => {
            let identity = ticket.identity.clone();
            let new = Linked { identity, actor: account.id, linked_at: now, linked_by: account.id };
            identities::link(tx, &new).await?;
            Ok(format!("link an identity of {issuer} by invitation, and sign in by it"))
        }
    }
}
