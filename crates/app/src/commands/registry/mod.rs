//! Imports of reference data: the national list of units, the disclosure catalogue.

mod agencies;
mod bearer;
mod given;
mod plan;
mod province;
mod slugs;
mod synonyms;
mod topics;
mod units;

pub use agencies::{AgenciesImport, AgenciesReport, import_agencies};
pub(in crate::commands) use bearer::last_bearer;
pub use given::{GivenRegistry, put_registry};
pub(in crate::commands) use province::topic_mapping;
pub use synonyms::{SynonymsImport, SynonymsReport, import_synonyms};
pub use topics::{TopicsImport, TopicsReport, import_topics};
pub use units::{IN_FORCE, NotParsed, UnitsImport, UnitsReport, import_units};
