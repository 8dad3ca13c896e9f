//! Agencies (cơ quan, phòng ban): who they are, not what they publish.

pub mod file;
mod identifier;
mod kind;

pub use identifier::{AgencyIdentifier, AgencyIdentifierError};
pub use kind::{AgencyKind, UnknownAgencyKind};
