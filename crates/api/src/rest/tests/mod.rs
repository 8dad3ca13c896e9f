//! REST over an in-process router and a seeded `SQLite` store.

mod bodies;
mod details;
mod document;
mod editing;
mod lists;
mod parity;
mod portal;
mod repeated;
mod rng;
mod seed;
