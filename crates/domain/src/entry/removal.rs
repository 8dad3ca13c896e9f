//! What it takes to end a publication.

use crate::article::{Check, FieldError, MAX_LINE};
use crate::entry::RemarkText;

/// Why something is taken down, and who decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeDown {
    /// Why.
    pub reason: RemarkText,
    /// The office or person that decided, as a letter would name it.
    pub decided_by: String,
}

impl TakeDown {
    /// Brings a client's words to their stored form.
    ///
    /// # Errors
    /// Every field that is blank or too long.
    pub fn check(reason: &str, decided_by: &str) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        let decided_by = check.required_line("decidedBy", decided_by, MAX_LINE);
        let reason = check.remark("reason", reason);
        check.finish()?;
        Ok(Self { reason, decided_by })
    }
}

/// Where an address leads from now on: an absolute web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination(String);

impl Destination {
    /// Checks a client's address.
    ///
    /// # Errors
    /// Unless it is an absolute `http` or `https` address of bounded length.
    pub fn check(address: &str) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        let address = check.address("to", address);
        check.finish()?;
        Ok(Self(address))
    }
}

impl From<Destination> for String {
    fn from(destination: Destination) -> Self {
        destination.0
    }
}
