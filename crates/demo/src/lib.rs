//! The demo data of Liên Thông: one district of Hà Tĩnh with its communes, their sites and some 4,500 articles, as plain
//! values. Nothing here knows the database or the application; a loader feeds the values through ordinary commands.
//!
//! Everything is deterministic: the same values in every run and on every platform. The counts reproduce the table that
//! the district attached to its letter of 2024 ([`expected_report`]). The articles are machine-made, name no living
//! person and carry [`DEMO_MARK`].

mod articles;
mod body;
mod cover;
mod grammar;
mod model;
mod moments;
mod plan;
mod rng;
mod setting;
mod sites;
mod slug;
mod template;
mod units;
mod voice;

pub use articles::articles;
pub use body::DEMO_MARK;
pub use cover::{COVERS, cover_paths, cover_svg};
pub use model::{
    DemoArticle, DemoCategory, DemoCover, DemoOrigin, DemoRevision, DemoSite, DemoSiteKind, DemoState, DemoSuccession,
    DemoUnit, ExpectedRow,
};
pub use sites::{expected_report, sites};
pub use template::{procedures_jsonl, template, topics_csv};
pub use units::{successions, units};
