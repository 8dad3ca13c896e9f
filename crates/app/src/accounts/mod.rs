//! What signing in needs beside the database: the keys of tokens, the hashing of passwords, and how long things last.

pub(crate) mod api_token;
mod base32;
mod opaque;
mod passwords;
pub(crate) mod totp;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lienthong_domain::time::Timestamp;

use crate::identity::Providers;
use crate::queries::actors::Found;
use crate::secrets::SealKey;
use crate::tokens::Tokens;

pub use api_token::API_TOKEN_PREFIX;
pub(crate) use base32::base32;
pub(crate) use opaque::{Kind, random};
pub use passwords::{Cost, Passwords};

/// Signs people in on one node.
pub struct Accounts {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) seal: Arc<SealKey>,
    pub(crate) passwords: Passwords,
    pub(crate) rules: Rules,
    pub(crate) providers: Providers,
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
    /// Whether sensitive roles need a second factor.
    pub needs_second_factor: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            access: Duration::from_mins(15),
            idle: Duration::from_hours(7 * 24),
            session: Duration::from_hours(30 * 24),
            invitation: Duration::from_hours(7 * 24),
            reset: Duration::from_hours(24),
            needs_second_factor: false,
        }
    }
}

impl Accounts {
    /// With the keys of the instance.
    pub fn new(tokens: Arc<Tokens>, seal: Arc<SealKey>, passwords: Passwords, rules: Rules) -> Self {
        Self { tokens, seal, passwords, rules, providers: Providers::default() }
    }

    /// Lets people sign in at these providers too.
    #[must_use]
    pub fn with_providers(self, providers: Providers) -> Self {
        Self { providers, ..self }
    }

    /// The providers at which people can sign in.
    pub const fn providers(&self) -> &Providers {
        &self.providers
    }
}

impl Accounts {
    /// The public keys of access tokens as a JWK set.
    pub fn jwks(&self) -> serde_json::Value {
        self.tokens.jwks()
    }

    /// Whether somebody has to enrol a second factor before anything else.
    pub fn demands_enrolment(&self, found: &Found) -> bool {
        self.rules.needs_second_factor && found.actor.is_sensitive() && !found.has_second_factor
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

/// The code that an authenticator with this secret shows. For tests: the product itself only compares.
pub fn authenticator(secret: &[u8], now: Timestamp) -> String {
    totp::at(secret, totp::step(now))
}

/// Whole seconds of a duration, for times.
pub(crate) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
