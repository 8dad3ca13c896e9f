//! `/.well-known/security.txt` (RFC 9116): whom to tell about a hole.

use std::str::FromStr;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, SecondsFormat, Utc};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use url::Url;

/// RFC 9116 section 2.5.5 recommends an expiry of less than a year ahead.
const VALID_FOR: Days = Days::new(364);

/// Where reports go: a `mailto:`, `https:` or `tel:` address (RFC 9116 section 2.5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact(Url);

/// Why a configured contact cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum InvalidContact {
    /// Not an absolute address. A bare e-mail address needs `mailto:` before it.
    #[error("`{0}` is not an address; write an e-mail address as `mailto:name@host`")]
    NotAnAddress(String),
    /// RFC 9116 demands `https` for web addresses; other schemes reach nobody.
    #[error("`{0}:` is not allowed for a security contact; use `mailto:`, `https:` or `tel:`")]
    Scheme(String),
}

/// The file, valid for 364 days from `reviewed_at`.
///
/// `reviewed_at` is when somebody last confirmed the contact (the release, or the start of the service), not the time of
/// the request: a file that renews itself says nothing about whether anyone still reads the mailbox.
pub fn security_txt(contact: &SecurityContact, reviewed_at: DateTime<Utc>) -> Response {
    let expires = reviewed_at.checked_add_days(VALID_FOR).unwrap_or(reviewed_at);
    let body = format!(
        "Contact: {}\nExpires: {}\nPreferred-Languages: vi, en\n",
        contact.0,
        expires.to_rfc3339_opts(SecondsFormat::Secs, true)
    );
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, body).into_response()
}

impl FromStr for SecurityContact {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = Url::parse(text).map_err(|_| InvalidContact::NotAnAddress(text.to_owned()))?;
        match address.scheme() {
            "mailto" | "https" | "tel" => Ok(Self(address)),
            other => Err(InvalidContact::Scheme(other.to_owned())),
        }
    }
}
