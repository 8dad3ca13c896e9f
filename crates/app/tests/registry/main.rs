//! Imports, provisioning and reports, from the command to what can be read afterwards.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod due;
mod far_behind;
mod harness;
mod procedures;
mod provision;
mod report;
mod sites;
mod topics;
mod units;
