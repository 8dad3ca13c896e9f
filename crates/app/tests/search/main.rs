//! Text search over a database on both engines: built, followed, refused, paged.

mod answers;
mod feed;
mod harness;
mod table;
