//! REST, and feeds beside it, over an in-process router and a seeded `SQLite` store.

mod bodies;
mod details;
mod document;
mod editing;
mod feeds;
mod lists;
mod parity;
mod portal;
mod procedures;
mod repeated;
mod reports;
mod rng;
mod search;
mod seed;
