//! Which program this is.

/// Version of the release.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Commit it was built from; `unknown` outside a repository.
pub(crate) const COMMIT: &str = env!("LIENTHONG_COMMIT");

/// Both, as `--version` shows them.
pub(crate) const VERSION_AND_COMMIT: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("LIENTHONG_COMMIT"), ")");
