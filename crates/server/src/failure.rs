//! How a command ends: done, with findings, or with one line that says what is wrong.

use std::fmt::{self, Display};
use std::process::ExitCode;

/// A command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to say. Exit code 0.
    Done,
    /// It did its work and found something that a person must look at. Exit code 3.
    Findings,
}

/// A command that could not do its work. Exit code 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    /// One line for people. Line breaks and passwords in addresses are taken out, whoever wrote them.
    pub(crate) fn new(what: impl Display) -> Self {
        let text = what.to_string();
        Self(text.split_whitespace().map(without_password).collect::<Vec<_>>().join(" "))
    }

    /// With what was being done in front.
    pub(crate) fn while_doing(doing: impl Display, error: impl Display) -> Self {
        Self::new(format!("{doing}: {error}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Findings => Self::from(3),
        }
    }
}

/// Every field of an input that breaks a rule, on one line.
pub(crate) fn refused(error: lienthong_app::Error) -> Failure {
    match error {
        lienthong_app::Error::Invalid(fields) => {
            let rules: Vec<String> = fields.iter().map(|it| format!("{} {}", it.field, it.rule)).collect();
            Failure::new(rules.join("; "))
        }
        other => other.into(),
    }
}

/// `scheme://user:secret@host` without the secret.
pub(crate) fn without_password(word: &str) -> String {
    let masked = || {
        let (scheme, rest) = word.split_once("://")?;
        let (user, place) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    };
    masked().unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_line_without_passwords() {
        let table = [
            ("a\nb\r\n  c", "a b c"),
            ("bad postgres://me:s3cret@db:5432/x now", "bad postgres://me:***@db:5432/x now"),
            ("(postgres://me:p@ss:w@db/x)", "(postgres://me:***@db/x)"),
            ("postgres://me@db/x and http://host/", "postgres://me@db/x and http://host/"),
        ];
        for (given, shown) in table {
            assert_eq!(Failure::new(given).to_string(), shown);
        }
    }
}
