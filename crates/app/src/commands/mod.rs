//! What can be done: each command one transaction, a pure decision in the middle, changes and audit rows out.

pub mod access;
pub mod accounts;
pub mod articles;
pub mod boards;
pub mod bulk;
pub mod decisions;
pub mod desk;
pub mod holds;
mod idempotency;
pub mod import_articles;
pub mod media;
pub mod procedures;
mod projection;
pub mod provision;
pub mod registry;
pub(crate) mod relisting;
pub mod royalties;
pub mod series;

pub use idempotency::IdempotencyKey;
