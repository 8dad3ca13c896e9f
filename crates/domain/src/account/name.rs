//! The name under which somebody signs in.

use std::fmt;

use crate::article::FieldRule;

/// An e-mail address or a user name, folded to small letters. ASCII only, so that no two names look alike; kept out of
/// every log: neither `Debug` nor an error shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SignInName(String);

/// Longest address (RFC 5321 section 4.5.3.1, less the brackets), in bytes.
const MAX_ADDRESS: usize = 254;
/// Longest part before the `@` (RFC 5321 section 4.5.3.1.1), in bytes.
const MAX_LOCAL: usize = 64;
/// Shortest and longest user name, in characters.
const USER_NAME: std::ops::RangeInclusive<usize> = 3..=64;

impl SignInName {
    /// Reads a name as somebody types it.
    ///
    /// # Errors
    /// [`FieldRule::NotASignInName`] for anything but an e-mail address or a user name.
    pub fn parse(text: &str) -> Result<Self, FieldRule> {
        let name = text.trim().to_ascii_lowercase();
        let fits = match name.rsplit_once('@') {
            Some((local, domain)) => name.len() <= MAX_ADDRESS && is_local(local) && is_domain(domain),
            None => is_user_name(&name),
        };
        if fits { Ok(Self(name)) } else { Err(FieldRule::NotASignInName) }
    }

    /// The folded name, for the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is an e-mail address, which nobody else may read.
    pub fn is_address(&self) -> bool {
        self.0.contains('@')
    }

    /// The part that a person would put into a password.
    pub fn local(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

impl fmt::Debug for SignInName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInName")
    }
}

pub(super) fn is_user_name(name: &str) -> bool {
    USER_NAME.contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// The dot-atom of RFC 5322 section 3.2.3; quoted parts are not used by anybody.
fn is_local(local: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    local.len() <= MAX_LOCAL && local.split('.').all(is_atom)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_address_or_a_user_name_and_its_capitals_do_not_count() {
        for (typed, folded) in [
            (" Lan.Nguyen@HaTinh.gov.vn ", "lan.nguyen@hatinh.gov.vn"),
            ("Thu-Ha_2", "thu-ha_2"),
            ("o'brien+x@a.example", "o'brien+x@a.example"),
        ] {
            assert_eq!(SignInName::parse(typed).unwrap().as_str(), folded);
        }
    }

    #[test]
    fn what_looks_like_a_name_and_is_none_is_refused() {
        let long = format!("{}@a.example", "x".repeat(65));
        for typed in [
            "",
            "ab",
            "a b",
            "lan@",
            "@x.vn",
            "lan@localhost",
            "lan..x@a.vn",
            "lan@-a.vn",
            "nguyễn",
            "lаn-x",
            ".lan",
            &long,
        ] {
            assert_eq!(SignInName::parse(typed).err(), Some(FieldRule::NotASignInName), "{typed}");
        }
    }

    #[test]
    fn a_name_is_not_shown() {
        assert_eq!(format!("{:?}", SignInName::parse("lan@hatinh.gov.vn").unwrap()), "SignInName");
    }
}
