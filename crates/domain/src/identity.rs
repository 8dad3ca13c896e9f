//! Who somebody is at an identity provider.

use std::fmt;

use url::Url;

use crate::article::{FieldError, FieldRule};

/// Longest issuer, in bytes.
const MAX_ISSUER: usize = 500;
/// Longest subject, in ASCII characters (`OpenID` Connect Core 1.0 section 2).
const MAX_SUBJECT: usize = 255;

/// What identifies somebody at an identity provider for good: `iss` and `sub` together, and nothing else (`OpenID` Connect Core
/// 1.0 section 5.7). Names and e-mail addresses there change and are given to others. Both compare byte by byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    issuer: String,
    subject: String,
}

impl Identity {
    /// Reads both.
    ///
    /// # Errors
    /// With every field that breaks a rule: an issuer that is no web address, a subject that is blank, longer than 255
    /// characters or not of visible ASCII.
    pub fn parse(issuer: &str, subject: &str) -> Result<Self, Vec<FieldError>> {
        let rules = [("issuer", issuer_rule(issuer)), ("subject", subject_rule(subject))];
        let broken = rules.into_iter().filter_map(|(field, rule)| Some(FieldError { field, rule: rule? }));
        let broken: Vec<FieldError> = broken.collect();
        if broken.is_empty() {
            Ok(Self { issuer: issuer.to_owned(), subject: subject.to_owned() })
        } else {
            Err(broken)
        }
    }

    /// `iss`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

/// The subject may be the number of somebody's identity card.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.issuer)
    }
}

fn issuer_rule(issuer: &str) -> Option<FieldRule> {
    if issuer.len() > MAX_ISSUER {
        return Some(FieldRule::TooLong(MAX_ISSUER));
    }
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "https" | "http") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    };
    let fits = Url::parse(issuer).is_ok_and(|url| is_plain(&url)) && issuer.bytes().all(|b| b.is_ascii_graphic());
    (!fits).then_some(FieldRule::NotAnAddress)
}

fn subject_rule(subject: &str) -> Option<FieldRule> {
    if subject.is_empty() || !subject.bytes().all(|b| b.is_ascii_graphic()) {
        return Some(FieldRule::NotASubject);
    }
    (subject.len() > MAX_SUBJECT).then_some(FieldRule::TooLong(MAX_SUBJECT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_and_subject_are_kept_as_they_are() {
        for (issuer, subject) in
            [("https://sso.hatinh.gov.vn", "248289761001"), ("https://sso.hatinh.gov.vn/realms/Tinh/", "a|B=c/+")]
        {
            let identity = Identity::parse(issuer, subject).unwrap();
            assert_eq!((identity.issuer(), identity.subject()), (issuer, subject));
            assert!(!format!("{identity:?}").contains(subject));
        }
    }

    #[test]
    fn what_no_provider_may_send_is_refused_by_field() {
        let broken = |issuer: &str, subject: &str| {
            let errors = Identity::parse(issuer, subject).unwrap_err();
            errors.into_iter().map(|it| it.field).collect::<Vec<_>>()
        };
        let good = "https://sso.hatinh.gov.vn";
        for subject in ["", " ", "a b", "nguyễn", "a\n", "a\0b", &"x".repeat(256)] {
            assert_eq!(broken(good, subject), ["subject"], "{subject:?}");
        }
        for issuer in ["", "sso", "ftp://sso", "https://sso/?a", "https://sso/#a", "https://sso/ ", &"x".repeat(501)] {
            assert_eq!(broken(issuer, "1"), ["issuer"], "{issuer:?}");
        }
        assert_eq!(broken("", ""), ["issuer", "subject"]);
    }
}
