//! Accounts of people: signing in and out, guessing, invitations, and who may manage whom.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

mod api_tokens;
mod harness;
mod people;
mod second_factor;
mod sessions;
mod sign_in;
