//! Why a request was not made, or not answered.

use std::net::IpAddr;
use std::path::PathBuf;

/// Why a request was not made, or not answered. Names hosts and addresses, never paths and queries, which may hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none that is asked: not `http` or `https`, without a host, or with a password in it.
    #[error("not an address that can be asked over HTTP")]
    Address,
    /// The name has no address, or the resolver does not answer.
    #[error("{0} cannot be resolved")]
    Unresolved(String),
    /// An address that nobody outside may make us reach.
    #[error("{host} is at {address}, which is not public; network.allowed can list its range")]
    Forbidden {
        /// The host as it was named.
        host: String,
        /// Where it is.
        address: IpAddr,
    },
    /// Plain `http` to somewhere that is not listed.
    #[error("{0} is to be asked over https")]
    Plain(String),
    /// No connection.
    #[error("{host} does not take the connection: {source}")]
    Connect {
        /// The host as it was named.
        host: String,
        /// Why.
        source: std::io::Error,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("{host} does not speak HTTP as it should: {source}")]
    Http {
        /// The host as it was named.
        host: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More bytes than are read.
    #[error("the answer of {host} is longer than {limit} bytes")]
    TooLarge {
        /// The host as it was named.
        host: String,
        /// The bytes that are read.
        limit: usize,
    },
    /// It took too long.
    #[error("{0} does not answer in time")]
    TimedOut(String),
    /// One answer sends to the next.
    #[error("{0} redirects too often, or to nowhere")]
    Redirects(String),
}

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file with further certificates cannot be read.
    #[error("{}: {error}", .0.display(), error = .1)]
    File(PathBuf, #[source] std::io::Error),
    /// The file holds no certificate that can be used.
    #[error("{} holds no certificate in PEM, or one that cannot be used", .0.display())]
    Certificates(PathBuf),
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}
