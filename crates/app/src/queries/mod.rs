//! What can be read: a closed set of shapes, each one statement.

pub mod articles;
mod page;
pub mod procedures;
pub mod report;
mod tags;

pub use page::{Page, PageRequest, TotalCount};
pub use tags::Tags;
