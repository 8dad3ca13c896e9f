//! What a writer has not saved yet: a scratch copy, which nobody else sees and nothing else reads.
//!
//! It is no edition. It is neither scanned nor sanitised, because nothing shows it; both happen when its writer saves the text
//! as a draft.

use crate::article::{Check, FieldError, FieldRule, MAX_BODY, MAX_SUMMARY, MAX_TITLE};
use crate::entry::{EditionState, Entry, EntryError, Version};
use crate::ids::{ActorId, EntryId};
use crate::time::Timestamp;

/// Days that a scratch copy is kept after it was saved last.
pub const KEPT_DAYS: i64 = 14;

/// The text of a scratch copy, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scratch {
    /// Title, at most as long as that of an article.
    pub title: String,
    /// Summary, at most as long as that of an article.
    pub summary: String,
    /// HTML as the writer's editor made it, at most as large as the body of an article. Not sanitised.
    pub body: String,
}

impl Scratch {
    /// Checks the sizes; everything else is judged when the text is saved as a draft. Only what no database stores is taken out.
    ///
    /// # Errors
    /// Every field that is too long.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        for text in [&mut self.title, &mut self.summary, &mut self.body] {
            text.retain(|c| c != '\0');
        }
        let lengths = [
            ("title", self.title.chars().count(), MAX_TITLE),
            ("summary", self.summary.chars().count(), MAX_SUMMARY),
            ("body", self.body.len(), MAX_BODY),
        ];
        for (field, length, limit) in lengths {
            if length > limit {
                check.fail(field, FieldRule::TooLong(limit));
            }
        }
        check.finish()?;
        Ok(self)
    }
}

/// What one writer has typed into one article since it was saved. Each saving replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autosave {
    /// The article.
    pub entry: EntryId,
    /// The writer.
    pub actor: ActorId,
    /// The version of the article that was being written on.
    pub version: Version,
    /// What was typed.
    pub scratch: Scratch,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// From when on it is forgotten.
    pub expires_at: Timestamp,
}

impl Entry {
    /// Whether what somebody types now would be saved into a draft: into the one that is open, or into a new one over what
    /// was sent back or is public. What has been handed in is fixed; whoever wants to write on begins the next edition first.
    ///
    /// # Errors
    /// [`EntryError::Trashed`], [`EntryError::WrongState`].
    pub fn check_writable(&self) -> Result<(), EntryError> {
        self.check_not_trashed()?;
        match self.draft.as_ref().map(|draft| draft.state) {
            None | Some(EditionState::Draft | EditionState::Returned) => Ok(()),
            Some(fixed) => Err(EntryError::WrongState(fixed)),
        }
    }
}
