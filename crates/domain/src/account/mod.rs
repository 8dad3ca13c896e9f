//! Accounts of people: under which name they sign in, what a password must be, and how long somebody who guesses has to
//! wait.

mod name;
mod password;
mod throttle;

pub use name::SignInName;
pub use password::{MAX_PASSWORD, MIN_PASSWORD, Password};
pub use throttle::{Attempts, Bucket};

use crate::article::{Check, FieldError};

/// Longest reason for a disabled account, in characters.
const MAX_REASON: usize = 500;
/// Longest name of a person, in characters.
const MAX_NAME: usize = 200;

/// Checks the name by which others know somebody: one line.
///
/// # Errors
/// The rule that it breaks.
pub fn display_name(text: &str) -> Result<String, Vec<FieldError>> {
    let mut check = Check::default();
    let name = check.required_line("displayName", text, MAX_NAME);
    check.finish().map(|()| name)
}

/// Checks what somebody calls a token: one line.
///
/// # Errors
/// The rule that it breaks.
pub fn token_name(text: &str) -> Result<String, Vec<FieldError>> {
    let mut check = Check::default();
    let name = check.required_line("name", text, MAX_NAME);
    check.finish().map(|()| name)
}

/// Checks why an account is disabled: one line, not blank.
///
/// # Errors
/// The rule that it breaks.
pub fn reason(text: &str) -> Result<String, Vec<FieldError>> {
    let mut check = Check::default();
    let reason = check.required_line("reason", text, MAX_REASON);
    check.finish().map(|()| reason)
}
