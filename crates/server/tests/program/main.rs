//! The program itself, started as people start it: on free ports, over `SQLite` in folders of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod backups;
mod clients;
mod connections;
mod demo;
mod harness;
mod refusals;
mod serving;
mod tokens;
