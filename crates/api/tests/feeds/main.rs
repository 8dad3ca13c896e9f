//! Feeds, directory, sitemaps and entrance through the front door, over a `SQLite` file.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking, in its helpers too")]

mod content;
mod directory;
mod entrance;
mod feeds;
mod parameters;
mod portal;
mod registry;
mod sitemaps;
mod slices;
