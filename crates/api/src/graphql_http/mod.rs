//! GraphQL over HTTP without a framework: from raw request parts to a guarded document, and from an engine response
//! to bytes.
//!
//! The order matters and [`Gateway`] keeps it: negotiate, read the request, find the document, count its tokens, parse,
//! price, and only then execute. Nothing here depends on our schema; the cost model reads whatever SDL it is given.
//!
//! Sources: GraphQL-over-HTTP (draft of August 2026), GraphQL specification (October 2021), the automatic persisted
//! query protocol as Apollo clients speak it.

pub mod document;
pub mod error;
pub mod gateway;
pub mod guard;
pub mod hash;
pub mod negotiate;
mod parsed;
pub mod persisted;
pub mod request;
pub mod response;
pub mod status;

#[cfg(test)]
mod tests;

pub use error::{ErrorClass, Exceeded, GraphqlErrorCode, Refusal};
pub use gateway::{Admitted, Gateway, Settlement};
pub use guard::{Candidate, Cost, CostModel, CostModelBuilder, Guard, GuardError, Limits};
pub use hash::DocumentHash;
pub use negotiate::{MediaType, negotiate};
pub use persisted::{
    ClientKey, DocumentOrigin, DocumentStore, PersistedError, StoreLimits, TrustMode, TrustedDocuments,
};
pub use request::{DocumentRef, GraphqlRequest, HttpInput, RequestError, RequestLimits};
pub use response::{Rendered, Responder};
pub use status::StatusProfile;
