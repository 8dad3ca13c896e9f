//! What people say about an entry on its way: reasons, comments.

use crate::article::{Check, FieldError};
use crate::ids::{ActorId, EditionId, EntryId, RemarkId, SiteId};
use crate::time::Timestamp;

/// Longest remark, in characters.
pub const MAX_REMARK: usize = 2_000;

/// Text with line breaks that says why, what is to be mended, or what somebody thinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemarkText(String);

impl RemarkText {
    /// Brings a text to its stored form.
    ///
    /// # Errors
    /// When `field` is blank or longer than [`MAX_REMARK`] characters.
    pub fn check(field: &'static str, text: &str) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        let text = check.remark(field, text);
        check.finish()?;
        Ok(text)
    }

    /// A text that was checked before it was stored.
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Check {
    pub(super) fn remark(&mut self, field: &'static str, text: &str) -> RemarkText {
        RemarkText(self.required_text(field, &text.replace("\r\n", "\n"), MAX_REMARK))
    }
}

/// What a remark belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemarkKind {
    /// Said of a draft, without consequence.
    Comment,
    /// Why an edition was sent back.
    Return,
    /// Why an entry was taken down.
    TakeDown,
}

impl RemarkKind {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Return => "return",
            Self::TakeDown => "take-down",
        }
    }

    /// Reads [`RemarkKind::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Comment, Self::Return, Self::TakeDown].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A remark on an entry. Never changed, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Identity.
    pub id: RemarkId,
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// The edition it was said of.
    pub edition: Option<EditionId>,
    /// What it belongs to.
    pub kind: RemarkKind,
    /// What was said.
    pub text: RemarkText,
    /// Who decided, for a take-down.
    pub decided_by: Option<String>,
    /// Who said it.
    pub actor: ActorId,
    /// When.
    pub at: Timestamp,
}
