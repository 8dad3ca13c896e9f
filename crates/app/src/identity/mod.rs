//! People and programs whom somebody else vouches for: identity providers at which people sign in, and issuers whose
//! tokens are taken. What either may do here is never in what they say; it stands in our own database.

mod algorithm;
mod asking;
mod issuers;
mod keys;
mod provider;
mod providers;
mod visit;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use issuers::{Foreign, ForeignError, IssuerSettings, Issuers, UnusableIssuer};
pub use keys::KeysError;
pub(crate) use provider::Provider;
pub use provider::ProviderSettings;
pub use providers::{Offered, Providers, UnusableProvider};
pub use visit::VisitSecret;
