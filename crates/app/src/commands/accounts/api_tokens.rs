//! Tokens for programs that act for somebody: never more than their owner, never for good.

use std::collections::BTreeSet;
use std::net::IpAddr;

use zeroize::Zeroizing;

use lienthong_domain::access::{Limits, Operation, Permit, SiteScope, act};
use lienthong_domain::account;
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::ids::{ApiTokenId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::api_tokens::{self, ApiToken};
use lienthong_persistence::{Store, accounts as rows};

use super::own::confirm;
use crate::accounts::{Accounts, api_token};
use crate::error::Error;

/// Longest life, in days.
pub const LONGEST_API_TOKEN: i64 = 366;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// What its owner calls it.
    pub name: String,
    /// What it may do, of what its owner may.
    pub operations: BTreeSet<Operation>,
    /// Where; empty for wherever its owner may.
    pub sites: BTreeSet<SiteId>,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Makes a token, for an owner who gives the password: what is stolen from a browser must not live on for a year. The
/// text is shown once.
///
/// # Errors
/// [`Error::Invalid`] with every field that breaks a rule, [`Error::WrongCredentials`], [`Error::Throttled`],
/// [`Error::NotFound`] for an actor without an account.
pub async fn create_api_token(
    store: &Store,
    accounts: &Accounts,
    permit: &Permit<act::OwnAccount>,
    (new, password, address): (NewApiToken, &str, IpAddr),
    now: Timestamp,
) -> Result<(ApiToken, Zeroizing<String>), Error> {
    let owner = rows::find(store, permit.actor()).await?.ok_or(Error::NotFound("account"))?;
    let token = checked(new, permit, now)?;
    let confirmed = confirm(store, accounts, (&owner, password, address), now).await?;
    let (text, digest) = api_token::generate()?;
    let tx = store.begin().await?;
    confirmed.still_holds(&tx).await?;
    api_tokens::add(&tx, &token, &digest).await?;
    confirmed.guess.succeed(&tx, now).await?;
    let names: Vec<&str> = token.limits.operations.iter().map(|operation| operation.as_str()).collect();
    let note = format!("create API token {} until {}: {}", token.id, token.expires_at, names.join(", "));
    tx.commit(super::own(permit.by(), &note, now)).await?;
    Ok((token, text))
}

/// Takes one of one's own tokens back.
///
/// # Errors
/// [`Error::NotFound`] for a token of somebody else, or one that was taken back before.
pub async fn revoke_api_token(
    store: &Store,
    permit: &Permit<act::OwnAccount>,
    id: ApiTokenId,
    now: Timestamp,
) -> Result<(), Error> {
    let tx = store.begin().await?;
    if api_tokens::revoke(&tx, permit.actor(), Some(id), now).await? == 0 {
        return Err(Error::NotFound("token"));
    }
    tx.commit(super::own(permit.by(), &format!("revoke API token {id}"), now)).await?;
    Ok(())
}

fn checked(new: NewApiToken, permit: &Permit<act::OwnAccount>, now: Timestamp) -> Result<ApiToken, Error> {
    let NewApiToken { name, operations, sites, expires_at } = new;
    let mut errors = Vec::new();
    let name = account::token_name(&name).map_err(|broken| errors.extend(broken)).unwrap_or_default();
    let is_free = !operations.is_empty() && operations.iter().all(|operation| operation.may_be_delegated());
    if !is_free {
        errors.push(FieldError { field: "operations", rule: FieldRule::NotForTokens });
    }
    let longest = now.plus_seconds(LONGEST_API_TOKEN * 24 * 60 * 60);
    if expires_at <= now || expires_at > longest {
        errors.push(FieldError { field: "expiresAt", rule: FieldRule::NotWithin(LONGEST_API_TOKEN) });
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let scope = if sites.is_empty() { SiteScope::Everywhere } else { SiteScope::of(sites) };
    Ok(ApiToken {
        id: ApiTokenId::new(now),
        actor: permit.actor(),
        name,
        limits: Limits { operations, scope },
        created_at: now,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    })
}
