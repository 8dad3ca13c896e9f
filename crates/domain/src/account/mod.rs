//! Accounts of people: under which name they sign in, what a password must be, and how long somebody who guesses has to
//! wait.

mod name;
mod password;
mod throttle;

pub use name::SignInName;
pub use password::{MAX_PASSWORD, MIN_PASSWORD, Password};
pub use throttle::{Attempts, Bucket};

use crate::article::{Check, FieldError, FieldRule};

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

/// Checks the short name by which the audit calls an account: a user name in small letters, so that no two are told apart
/// by capitals alone.
///
/// # Errors
/// The rule that it breaks.
pub fn handle(text: &str) -> Result<String, Vec<FieldError>> {
    let fits = name::is_user_name(text) && !text.contains(|letter: char| letter.is_ascii_uppercase());
    if fits { Ok(text.to_owned()) } else { Err(vec![FieldError { field: "handle", rule: FieldRule::NotAHandle }]) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_a_user_name_in_small_letters() {
        for fits in ["lan", "thu-ha_2", "tong.hop", "7-lan"] {
            assert_eq!(handle(fits).unwrap(), fits);
            assert_eq!(SignInName::parse(fits).unwrap().as_str(), fits, "it can be a user name too");
        }
        let long = "x".repeat(65);
        for text in ["", "ab", "a b", " lan", "Lan", "lan\n", "nguyễn", "lаn-x", "-lan", "lan@hatinh.gov.vn", &long]
        {
            let broken = handle(text).unwrap_err();
            assert_eq!(broken, [FieldError { field: "handle", rule: FieldRule::NotAHandle }], "{text:?}");
        }
    }
}
