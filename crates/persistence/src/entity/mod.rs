//! One module per table. Private to this crate: nothing above sees a row.

pub(crate) mod access_grant;
pub(crate) mod actor;
pub(crate) mod audit;
pub(crate) mod category;
pub(crate) mod change;
pub(crate) mod edition;
pub(crate) mod entry;
pub(crate) mod idempotency;
pub(crate) mod instance_secret;
pub(crate) mod live_body;
pub(crate) mod live_entry;
pub(crate) mod live_gone;
pub(crate) mod live_listing;
pub(crate) mod live_listing_updated;
pub(crate) mod site;
pub(crate) mod topic;
pub(crate) mod unit;
pub(crate) mod unit_succession;
