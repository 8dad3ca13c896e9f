//! What signing in needs beside the database: the keys of tokens, the hashing of passwords, and how long things last.

mod opaque;
mod passwords;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::tokens::Tokens;

pub(crate) use opaque::Kind;
pub use passwords::{Cost, Passwords};

/// Signs people in on one node.
pub struct Accounts {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) passwords: Passwords,
    pub(crate) rules: Rules,
}

/// How long things last, and what is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Of an access token.
    pub access: Duration,
    /// Of a refresh token that nobody uses.
    pub idle: Duration,
    /// Of a sign-in, however often it is refreshed.
    pub session: Duration,
    /// Of an invitation.
    pub invitation: Duration,
    /// Of a link for another password.
    pub reset: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            access: Duration::from_mins(15),
            idle: Duration::from_hours(7 * 24),
            session: Duration::from_hours(30 * 24),
            invitation: Duration::from_hours(7 * 24),
            reset: Duration::from_hours(24),
        }
    }
}

impl Accounts {
    /// With the keys of the instance.
    pub const fn new(tokens: Arc<Tokens>, passwords: Passwords, rules: Rules) -> Self {
        Self { tokens, passwords, rules }
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

/// Whole seconds of a duration, for times.
pub(crate) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
