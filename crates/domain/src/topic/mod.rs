//! The disclosure catalogue: what the law makes every portal publish, at which level, how soon and for how long fresh.

mod basis;
mod code;
mod delay;
pub mod file;
mod levels;
pub mod mapping;
pub mod synonyms;

pub use basis::{Basis, BasisClause, BasisKind, BasisQualifier};
pub use code::{TopicCode, TopicCodeError};
pub use delay::{AfterEvent, DayUnit, Delay, MaxStale};
pub use levels::{Levels, LevelsError};
