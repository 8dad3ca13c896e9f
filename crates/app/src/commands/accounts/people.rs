//! Inviting people, and the life of their accounts.

use chrono::NaiveDate;

use lienthong_domain::access::{Operation, Role};
use lienthong_domain::account::{self, SignInName};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::ids::ActorId;
use lienthong_domain::slug::slugify;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::account_links::{self, Purpose};
use lienthong_persistence::accounts::{self as rows, NewAccount};
use lienthong_persistence::actors::{self, Reach};
use lienthong_persistence::sessions::{self, EndReason};
use lienthong_persistence::{Store, Tx, api_tokens};

use super::authority::{Manager, site_of};
use super::links::{self, Issued};
use crate::accounts::Rules;
use crate::error::Error;

/// Who is invited, as what.
#[derive(Clone)]
pub struct Invitation {
    /// E-mail address or user name to sign in under.
    pub name: String,
    /// The full name.
    pub display_name: String,
    /// The roles, at least one.
    pub roles: Vec<(Role, Reach)>,
}

/// Most roles in one invitation.
const MAX_ROLES: usize = 20;

/// Makes an account with its roles, and the link by which its owner chooses a password. Until then nobody can sign in.
///
/// # Errors
/// [`Error::Invalid`] with every field that breaks a rule, [`Error::NotFound`] for a role or a reach that the manager may
/// not give, [`Error::NameTaken`].
pub async fn invite(
    store: &Store,
    manager: &Manager,
    (rules, new): (&Rules, &Invitation),
    now: Timestamp,
) -> Result<Issued, Error> {
    let (name, display_name) = checked(new)?;
    let id = ActorId::new(now);
    let handle = handle(&name, &display_name, id);
    let tx = store.begin().await?;
    if !manager.may_give(&tx, &new.roles).await? {
        return Err(Error::NotFound("role"));
    }
    let issued_by = manager.id();
    let account = NewAccount { id, handle: &handle, name: &display_name, sign_in_name: &name, issued_by };
    rows::add(&tx, &account, now).await?;
    for (role, reach) in &new.roles {
        actors::grant(&tx, id, *role, *reach, (issued_by, now)).await.map_err(unknown_reach)?;
    }
    let issued = links::issue(&tx, (id, Purpose::Invitation), (rules, issued_by), now).await?;
    let site = new.roles.iter().find_map(|(_, reach)| site_of(*reach));
    let names: Vec<&str> = new.roles.iter().map(|(role, _)| role.as_str()).collect();
    let note = format!("invite {handle} as {}", names.join(", "));
    tx.commit(super::record(manager.by(), Operation::ManagePeople, (id, site, note), now)).await?;
    Ok(issued)
}

/// Disables an account: every token of it is refused from the next request on.
///
/// # Errors
/// [`Error::NotFound`] for an account beyond the manager, [`Error::LastAdministrator`], [`Error::Invalid`] for a reason
/// that is blank.
pub async fn disable(
    store: &Store,
    manager: &Manager,
    (id, reason): (ActorId, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let reason = account::reason(reason).map_err(Error::Invalid)?;
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    Manager::keep_one_administrator(&tx, id).await?;
    end(&tx, id, &reason, now).await?;
    commit(tx, manager, (id, format!("disable {}: {reason}", account.handle)), now).await
}

/// Takes the account out of use with everything that acts for it.
pub(super) async fn end(tx: &Tx, id: ActorId, reason: &str, now: Timestamp) -> Result<(), Error> {
    rows::set_disabled(tx, id, Some((reason, now))).await?;
    sessions::end_all(tx, id, None, (EndReason::Disabled, now)).await?;
    account_links::revoke(tx, id, now).await?;
    api_tokens::revoke(tx, id, None, now).await?;
    Ok(())
}

/// Lets a disabled account be used again, with the password and the roles it had.
///
/// # Errors
/// [`Error::NotFound`] for an account beyond the manager.
pub async fn enable(store: &Store, manager: &Manager, id: ActorId, now: Timestamp) -> Result<(), Error> {
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    rows::set_disabled(&tx, id, None).await?;
    commit(tx, manager, (id, format!("enable {}", account.handle)), now).await
}

/// Notes the day on which the owner was trained, or that there was none.
///
/// # Errors
/// [`Error::NotFound`] for an account beyond the manager, [`Error::Invalid`] for a day to come.
pub async fn set_trained(
    store: &Store,
    manager: &Manager,
    (id, day): (ActorId, Option<NaiveDate>),
    now: Timestamp,
) -> Result<(), Error> {
    if day.is_some_and(|day| day > now.local_day()) {
        return Err(Error::Invalid(vec![FieldError { field: "trainedOn", rule: FieldRule::InTheFuture }]));
    }
    let tx = store.begin().await?;
    let account = manager.lock(&tx, id).await?;
    rows::set_trained(&tx, id, day).await?;
    let day = day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    commit(tx, manager, (id, format!("training of {}: {day}", account.handle)), now).await
}

/// Commits with an audit row on the site of the account's first role.
pub(super) async fn commit(
    tx: Tx,
    manager: &Manager,
    (id, note): (ActorId, String),
    now: Timestamp,
) -> Result<(), Error> {
    let site = actors::held_in(&tx, id).await?.iter().find_map(|held| site_of(held.reach));
    tx.commit(super::record(manager.by(), Operation::ManagePeople, (id, site, note), now)).await?;
    Ok(())
}

fn checked(new: &Invitation) -> Result<(SignInName, String), Error> {
    let mut errors = Vec::new();
    let name = SignInName::parse(&new.name).map_err(|rule| errors.push(FieldError { field: "name", rule })).ok();
    let display_name = account::display_name(&new.display_name).map_err(|broken| errors.extend(broken)).ok();
    if new.roles.is_empty() {
        errors.push(FieldError { field: "roles", rule: FieldRule::Blank });
    } else if new.roles.len() > MAX_ROLES {
        errors.push(FieldError { field: "roles", rule: FieldRule::TooLong(MAX_ROLES) });
    }
    match (name, display_name) {
        (Some(name), Some(display_name)) if errors.is_empty() => Ok((name, display_name)),
        _ => Err(Error::Invalid(errors)),
    }
}

/// What the audit calls the account. Never the e-mail address.
fn handle(name: &SignInName, display_name: &str, id: ActorId) -> String {
    if !name.is_address() {
        return name.as_str().to_owned();
    }
    let id = id.as_uuid().simple().to_string();
    let tail = id.get(24..).unwrap_or_default();
    slugify(display_name).map_or_else(|| format!("nguoi-{tail}"), |slug| format!("{slug}-{tail}"))
}

pub(super) fn unknown_reach(error: lienthong_persistence::Error) -> Error {
    match error {
        lienthong_persistence::Error::Dangling => Error::NotFound("reach"),
        other => other.into(),
    }
}
