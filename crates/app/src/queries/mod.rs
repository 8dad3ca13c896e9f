//! What can be read: a closed set of shapes, each one statement.

pub mod accounts;
pub mod activity;
pub mod actors;
pub mod api_tokens;
pub mod articles;
pub mod autosaves;
pub mod boards;
pub mod bundles;
pub mod desk;
pub mod entries;
pub mod export;
pub mod foreign;
pub mod holds;
pub mod internal;
pub mod log;
pub mod media;
mod page;
mod paged;
pub mod procedures;
pub mod registers;
pub mod report;
pub mod royalties;
pub mod sitemaps;
mod tags;
mod text;
pub mod tombstones;

pub use lienthong_persistence::live_addresses::LiveAddress;
pub use lienthong_persistence::live_entries::{Bodies, LiveBody, LiveHeader, Order};
pub use page::{Page, PageRequest, TotalCount};
pub use paged::Paged;
pub use registers::{Register, RegisterPage};
pub use tags::Tags;
