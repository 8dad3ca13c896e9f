//! Commands and queries over the store, the reference snapshot, and the reactions to the change log.
#![warn(missing_docs)]

pub mod accounts;
mod app;
mod article_line;
pub mod cache;
pub mod commands;
mod cursor;
mod error;
mod freshness;
pub mod identity;
pub mod library;
pub mod proof;
pub mod queries;
mod reference;
pub mod search;
pub mod secrets;
pub mod tokens;
pub mod workbook;

pub use app::{App, Keys};
pub use cursor::CursorKey;
pub use error::{Error, ErrorCode};
pub use freshness::{Freshness, Mark};
pub use reference::{Agencies, AllSeries, Categories, Listed, Sites, Snapshot, Topics, UnitCounts, Units};
