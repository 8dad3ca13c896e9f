//! The way of an edition to the public: handed in, screened, returned or approved, and by whom. Pure, like the rest of the
//! lifecycle.

use crate::entry::{Edition, EditionState, Entry, EntryError, Version};
use crate::ids::ActorId;

/// Somebody who judges an edition, and whether the site has to have it judged by a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub actor: ActorId,
    /// Whether one who wrote the text may also let it pass: the site has recorded an exception, or it is the operator at
    /// the command line.
    pub may_pass_own: bool,
}

impl Reviewer {
    fn judges(self, edition: &Edition) -> Result<(), EntryError> {
        if edition.writers.contains(&self.actor) && !self.may_pass_own {
            return Err(EntryError::OwnWork);
        }
        Ok(())
    }
}

impl Entry {
    /// Hands the draft in for review. From then on its text is fixed: writing on begins the next edition. With
    /// `needs_screening` an intermediary has to pass it on before the board decides.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongState`] unless there is a draft.
    pub fn submit(&mut self, seen: Version, needs_screening: bool) -> Result<(), EntryError> {
        self.step(seen, &[EditionState::Draft], |edition| {
            edition.state = EditionState::Submitted;
            edition.needs_screening = needs_screening;
            Ok(())
        })
    }

    /// Passes on what an agency has handed in.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongState`] unless it is handed in, [`EntryError::OwnWork`].
    pub fn screen(&mut self, seen: Version, reviewer: Reviewer) -> Result<(), EntryError> {
        self.step(seen, &[EditionState::Submitted], |edition| {
            reviewer.judges(edition)?;
            edition.state = EditionState::Screened;
            edition.needs_screening = false;
            Ok(())
        })
    }

    /// Sends what was handed in, or even approved, back to its writers. A time that was set for it is forgotten.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongState`] unless it is handed in.
    pub fn send_back(&mut self, seen: Version) -> Result<(), EntryError> {
        use EditionState::{Approved, Scheduled, Screened, Submitted};
        self.step(seen, &[Submitted, Screened, Approved, Scheduled], |edition| {
            edition.state = EditionState::Returned;
            edition.publication.at = None;
            Ok(())
        })
    }

    /// Approves what was handed in. None of its writers may.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongState`] unless it is handed in, [`EntryError::NotScreened`],
    /// [`EntryError::OwnWork`].
    pub fn approve(&mut self, seen: Version, reviewer: Reviewer) -> Result<(), EntryError> {
        self.step(seen, &[EditionState::Submitted, EditionState::Screened], |edition| {
            edition.pass(reviewer)?;
            edition.state = EditionState::Approved;
            Ok(())
        })
    }

    /// Takes back the time that was set for the publication; the edition stays approved.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongState`] unless a time is set.
    pub fn unschedule(&mut self, seen: Version) -> Result<(), EntryError> {
        self.step(seen, &[EditionState::Scheduled], |edition| {
            edition.state = EditionState::Approved;
            edition.publication.at = None;
            Ok(())
        })
    }

    fn step(
        &mut self,
        seen: Version,
        from: &[EditionState],
        change: impl FnOnce(&mut Edition) -> Result<(), EntryError>,
    ) -> Result<(), EntryError> {
        self.check(seen)?;
        self.check_not_trashed()?;
        let edition = self.draft.as_mut().ok_or(EntryError::NothingOpen)?;
        if !from.contains(&edition.state) {
            return Err(EntryError::WrongState(edition.state));
        }
        change(edition)?;
        self.version = self.version.next();
        Ok(())
    }
}

impl Edition {
    /// Whether `reviewer` may let the edition pass to the public; what was approved has passed already.
    pub(super) fn pass(&self, reviewer: Reviewer) -> Result<(), EntryError> {
        match self.state {
            _ if self.is_held => Err(EntryError::Held),
            EditionState::Approved | EditionState::Scheduled => Ok(()),
            EditionState::Returned => Err(EntryError::WrongState(self.state)),
            _ if self.needs_screening => Err(EntryError::NotScreened),
            _ => reviewer.judges(self),
        }
    }
}
