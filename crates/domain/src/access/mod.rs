//! Who may do what: the one role table of the product, and permits that only this module can make.

mod permit;
mod role;

pub use permit::{Access, Action, Actor, By, Denied, Grant, Limits, OwnOr, Permit, Perspective, SiteScope, act};
pub use role::{Operation, Role};
