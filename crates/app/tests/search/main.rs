//! Text search over a database on both engines: built, followed, refused, paged.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

mod answers;
mod far_apart;
mod feed;
mod harness;
mod table;
