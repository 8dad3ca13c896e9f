//! What keeps an entry from the public, or takes it away from it, until a second person has looked: findings of the scanner
//! in one edition, and a quarantine of the whole entry.

use crate::entry::{Edition, EditionState, Entry, EntryError};
use crate::ids::EditionId;
use crate::time::Timestamp;

impl Entry {
    /// Holds the open or the live edition with this id, or lets it pass. An open one that is held cannot be approved or
    /// published, and forgets a time that was set; a live one stays where it is, and monitors see that somebody has to look.
    pub fn set_held(&mut self, edition: EditionId, is_held: bool) {
        let editions = self.draft.iter_mut().chain(&mut self.live);
        for edition in editions.filter(|one| one.id == edition) {
            edition.is_held = is_held;
        }
        if self.draft.as_ref().is_some_and(|draft| draft.is_held) {
            self.forget_time();
        }
    }

    /// Makes a draft again of what was to become public under the dates it had elsewhere. The date of its first publication
    /// stays; the current run begins when somebody publishes it.
    pub fn hold_back(&mut self) {
        let Some(live) = self.live.take() else { return };
        self.draft = Some(Edition { state: EditionState::Draft, published_at: None, signature: None, ..live });
        (self.published_at, self.updated_at) = (None, None);
    }

    /// Takes the entry away from everybody until it is released, and tells which edition they saw. What waits for its time
    /// no longer does.
    ///
    /// # Errors
    /// [`EntryError::Quarantined`] when it is already.
    pub fn quarantine(&mut self, now: Timestamp) -> Result<Option<EditionId>, EntryError> {
        self.check_not_quarantined()?;
        self.quarantined_at = Some(now);
        self.forget_time();
        self.version = self.version.next();
        Ok(self.live.as_ref().map(|live| live.id))
    }

    /// Ends the quarantine, if there is one, and lets pass what the scanner has found. Returns what was live under
    /// quarantine: it is to be shown again, under the dates it had.
    pub fn release(&mut self) -> Option<&Edition> {
        for edition in self.draft.iter_mut().chain(&mut self.live) {
            edition.is_held = false;
        }
        self.version = self.version.next();
        self.quarantined_at.take().and(self.live.as_ref())
    }
}
