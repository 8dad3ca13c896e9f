//! Imports, provisioning and reports, from the command to what can be read afterwards.

mod harness;
mod procedures;
mod provision;
mod report;
mod topics;
mod units;
