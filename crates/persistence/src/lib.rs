//! The only SQL of Liên Thông: query modules over `SQLite` and `PostgreSQL`, transactions, the change log.
//!
//! Query modules are plural nouns with free functions: context first (`Store` to read, `Tx` to write), absence is
//! `None`, and the tenant filter lies in one private base select of each module.
#![warn(missing_docs)]

pub mod account_links;
pub mod accounts;
pub mod actors;
pub mod agencies;
pub mod api_tokens;
pub mod audits;
pub mod autosaves;
pub mod backup;
mod batch;
pub mod board_members;
pub mod bulk;
pub mod bundles;
pub mod categories;
pub mod changes;
pub mod desk_entries;
pub mod documents;
pub mod due;
pub mod editions;
mod entity;
pub mod entries;
mod error;
pub mod exports;
pub mod holds;
pub mod idempotency_keys;
pub mod identities;
pub mod internal_entries;
pub mod live_activity;
pub mod live_addresses;
pub mod live_corrections;
pub mod live_entries;
pub mod live_projection;
pub mod live_texts;
pub mod live_tombstones;
pub mod log;
pub mod matters;
pub mod media;
pub mod media_rules;
mod media_uses;
pub mod own_work_exceptions;
pub mod previews;
pub mod provider_visits;
pub mod quarantines;
mod reader;
pub mod relistings;
pub mod remarks;
mod row;
pub mod royalty_tables;
pub mod royalty_works;
pub mod second_factors;
pub mod secrets;
pub mod series;
pub mod sessions;
pub mod sign_in_attempts;
pub mod sign_in_tickets;
pub mod signing_keys;
pub mod site_decisions;
pub mod site_hosts;
pub mod site_scans;
pub mod sites;
mod sql;
mod store;
pub mod topic_synonyms;
pub mod topics;
pub mod units;
pub mod uploads;
pub mod verification;
mod witness;

pub use error::Error;
pub use store::{Listener, Location, Record, SchemaState, Store, Tx};
