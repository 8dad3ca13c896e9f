//! The one way out: HTTP to addresses that others name. The name is resolved here, every address is checked before it is
//! connected to, and the connection goes to the address that was checked, so that a name which answers differently the
//! second time gains nothing.
#![warn(missing_docs)]

mod address;
mod client;
mod connection;
mod error;
mod tls;

pub use address::Allowed;
pub use client::{Client, Limits};
pub use error::{Error, SetupError};
pub use tls::believing;
