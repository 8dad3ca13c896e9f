//! Administrative units: codes, kinds, levels, the national list and the lineage of each unit.

mod code;
pub mod file;
mod history;
mod kind;
pub mod lineage;

pub use code::{UnitCode, UnitCodeError};
pub use history::HistoricKey;
pub use kind::{Level, UnitKind, UnknownKind};
