//! Imports of reference data: the national list of units, the disclosure catalogue.

mod given;
mod plan;
mod slugs;
mod topics;
mod units;

pub use given::{GivenRegistry, put_registry};
pub use topics::{TopicsImport, TopicsReport, import_topics};
pub use units::{IN_FORCE, NotParsed, UnitsImport, UnitsReport, import_units};
