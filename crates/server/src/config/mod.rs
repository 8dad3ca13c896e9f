//! The configuration: one TOML file, the environment over it, the command line over both. A key that is not known
//! refuses to start, wherever it stands.

mod provider;
mod reference;
mod settings;
mod source;
mod value;

pub(crate) use provider::{Provider, TrustedIssuer, secret_variable};
pub(crate) use reference::{effective, markdown};
pub(crate) use settings::{Config, Database, Graphql, Log, MediaS3, PaceLimits, Server, Token};
pub(crate) use source::load;
pub(crate) use value::{LogFormat, PublicUrl, Secret, Span};
