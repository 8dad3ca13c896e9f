//! What can be done: each command one transaction, a pure decision in the middle, changes and audit rows out.

pub mod access;
pub mod articles;
mod idempotency;
mod projection;

pub use idempotency::IdempotencyKey;
