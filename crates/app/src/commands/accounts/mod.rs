//! Accounts of people: how they come to be, sign in and end.

mod api_tokens;
mod authority;
mod guessing;
mod identities;
mod links;
mod own;
mod people;
mod roles;
mod second_factor;
mod sessions;
mod sign_in;
mod visits;
mod vouched;

use lienthong_domain::access::{By, Operation};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Record;

pub use api_tokens::{LONGEST_API_TOKEN, NewApiToken, create_api_token, revoke_api_token};
pub use authority::Manager;
pub use identities::{link_identity, unlink_identity};
pub use links::{Issued, accept, reissue, revoke};
pub use own::change_password;
pub use people::{Invitation, disable, enable, invite, set_trained};
pub use roles::{grant, take_back};
pub use second_factor::{
    Enrolment, confirm_second_factor, enrol_second_factor, remove_second_factor, reset_second_factor,
};
pub use sessions::{SignedIn, refresh, sign_out, sign_out_everywhere};
pub use sign_in::{SignIn, sign_in};
pub use visits::{Arrival, Departure, arrive, depart};
pub use vouched::{Vouched, enter};

/// The audit of an act about accounts. Notes name handles, never sign-in names.
fn record(
    by: impl Into<By>,
    operation: Operation,
    (account, site, note): (ActorId, Option<SiteId>, String),
    now: Timestamp,
) -> Record {
    let (by, matter) = (by.into(), Some(Matter::Actor(account)));
    let audit = Audit { by, operation, site, entry: None, edition: None, note, matter, after: None, at: now };
    Record { changes: Vec::new(), audits: vec![audit] }
}

/// The audit of what somebody does to their own account.
fn own(by: impl Into<By>, note: &str, now: Timestamp) -> Record {
    let by = by.into();
    record(by, Operation::OwnAccount, (by.actor, None, note.to_owned()), now)
}
