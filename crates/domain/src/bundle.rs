//! Release bundles: approved articles of one site that become public together, or not at all.

use serde::{Deserialize, Serialize};

use crate::article::{Check, FieldError, MAX_LINE};
use crate::entry::{EditionState, Entry, EntryError, Version};
use crate::ids::{ActorId, BundleId, EntryId, SiteId};
use crate::time::Timestamp;

/// Most articles in one bundle: they are published in one transaction, for which other writers wait.
pub const MAX_ENTRIES: usize = 100;

/// Articles that are published in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Lasting identity.
    pub id: BundleId,
    /// The site of all its articles.
    pub site: SiteId,
    /// What the board calls it: plain text, one line.
    pub name: String,
    /// Counts the writes.
    pub version: Version,
    /// The articles, in the order of their ids.
    pub items: Vec<Item>,
    /// The time that is set for its publication.
    pub publish_at: Option<Timestamp>,
    /// When it was published. Nothing changes in it from then on.
    pub published_at: Option<Timestamp>,
    /// Why it was not published at the time that was set; forgotten with the next attempt.
    pub failure: Option<Failure>,
    /// Who made it.
    pub created_by: ActorId,
    /// When.
    pub created_at: Timestamp,
}

/// An article of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The article.
    pub entry: EntryId,
    /// Its version when it was put in: what was approved is what is published.
    pub version: Version,
}

/// A publication that did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// What was in its way.
    pub problems: Vec<Problem>,
}

/// Why one article of a bundle cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The article.
    pub entry: EntryId,
    /// Its address on the site.
    pub slug: String,
    /// The stable code of the rule.
    pub code: String,
    /// The rule, one English sentence.
    pub reason: String,
}

/// A step that a bundle does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Somebody else wrote in between.
    #[error("the bundle is at version {current}, the request was made against version {seen}")]
    VersionConflict {
        /// The version the writer saw.
        seen: Version,
        /// The version now.
        current: Version,
    },
    /// It has been published.
    #[error("the bundle is published, and nothing changes in it any more")]
    Published,
    /// A time is set.
    #[error("a time is set for the bundle; take it back first")]
    Scheduled,
    /// No time is set.
    #[error("no time is set for the bundle")]
    NotScheduled,
    /// It holds as many articles as one may.
    #[error("a bundle holds at most {MAX_ENTRIES} articles")]
    Full,
    /// It holds nothing.
    #[error("the bundle holds no article")]
    Empty,
    /// An article is in one bundle at most.
    #[error("the article is in another bundle that is not published yet")]
    Elsewhere,
}

impl Bundle {
    /// An empty bundle.
    ///
    /// # Errors
    /// When the name is blank or too long.
    pub fn new(site: SiteId, name: &str, created_by: ActorId, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let mut check = Check::default();
        let name = check.required_line("name", name, MAX_LINE);
        check.finish()?;
        Ok(Self {
            id: BundleId::new(now),
            site,
            name,
            version: Version::FIRST,
            items: Vec::new(),
            publish_at: None,
            published_at: None,
            failure: None,
            created_by,
            created_at: now,
        })
    }

    /// Puts an article in, as it is now. One that is in already is taken as it is now.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::Published`], [`BundleError::Scheduled`], [`BundleError::Full`].
    pub fn put(&mut self, seen: Version, entry: &Entry) -> Result<(), BundleError> {
        self.check_open(seen)?;
        let item = Item { entry: entry.id, version: entry.version };
        match self.items.binary_search_by_key(&entry.id, |item| item.entry) {
            Ok(place) => self.items.iter_mut().skip(place).take(1).for_each(|one| *one = item),
            Err(_) if self.items.len() >= MAX_ENTRIES => return Err(BundleError::Full),
            Err(place) => self.items.insert(place, item),
        }
        self.version = self.version.next();
        Ok(())
    }

    /// Takes an article out; whether it was in.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::Published`], [`BundleError::Scheduled`].
    pub fn take_out(&mut self, seen: Version, entry: EntryId) -> Result<bool, BundleError> {
        self.check_open(seen)?;
        let before = self.items.len();
        self.items.retain(|item| item.entry != entry);
        self.version = self.version.next();
        Ok(self.items.len() < before)
    }

    /// Sets the time for the publication.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::Published`], [`BundleError::Scheduled`], [`BundleError::Empty`].
    pub fn schedule(&mut self, seen: Version, at: Timestamp) -> Result<(), BundleError> {
        self.check_open(seen)?;
        self.check_not_empty()?;
        self.publish_at = Some(at);
        self.failure = None;
        self.version = self.version.next();
        Ok(())
    }

    /// Takes the time back.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::NotScheduled`].
    pub fn unschedule(&mut self, seen: Version) -> Result<(), BundleError> {
        self.check(seen)?;
        self.publish_at.take().ok_or(BundleError::NotScheduled)?;
        self.version = self.version.next();
        Ok(())
    }

    /// Whether its time has come.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.published_at.is_none() && self.publish_at.is_some_and(|at| at <= now)
    }

    /// Notes that all its articles are public.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::Published`], [`BundleError::Empty`].
    pub fn publish(&mut self, seen: Version, now: Timestamp) -> Result<(), BundleError> {
        self.check(seen)?;
        self.check_not_published()?;
        self.check_not_empty()?;
        self.publish_at = None;
        self.published_at = Some(now);
        self.failure = None;
        self.version = self.version.next();
        Ok(())
    }

    /// Notes why it could not be published at its time, and forgets the time: somebody has to look.
    pub fn fail(&mut self, problems: Vec<Problem>, now: Timestamp) {
        self.publish_at = None;
        self.failure = Some(Failure { at: now, problems });
        self.version = self.version.next();
    }

    /// Whether it may be deleted: what was published is kept.
    ///
    /// # Errors
    /// [`BundleError::VersionConflict`], [`BundleError::Published`], [`BundleError::Scheduled`].
    pub fn check_open(&self, seen: Version) -> Result<(), BundleError> {
        self.check(seen)?;
        self.check_not_published()?;
        if self.publish_at.is_some() { Err(BundleError::Scheduled) } else { Ok(()) }
    }

    fn check(&self, seen: Version) -> Result<(), BundleError> {
        if seen == self.version { Ok(()) } else { Err(BundleError::VersionConflict { seen, current: self.version }) }
    }

    const fn check_not_published(&self) -> Result<(), BundleError> {
        if self.published_at.is_some() { Err(BundleError::Published) } else { Ok(()) }
    }

    const fn check_not_empty(&self) -> Result<(), BundleError> {
        if self.items.is_empty() { Err(BundleError::Empty) } else { Ok(()) }
    }
}

impl Entry {
    /// Whether it can be put into a bundle: somebody has approved what it says, and nothing else is planned for it.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::Trashed`], [`EntryError::Quarantined`], [`EntryError::NothingOpen`],
    /// [`EntryError::WrongState`].
    pub fn check_bundled(&self, seen: Version) -> Result<(), EntryError> {
        self.check(seen)?;
        self.check_not_trashed()?;
        self.check_not_quarantined()?;
        match self.draft.as_ref().map(|draft| draft.state) {
            Some(EditionState::Approved) => Ok(()),
            Some(state) => Err(EntryError::WrongState(state)),
            None => Err(EntryError::NothingOpen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn bundle() -> Bundle {
        Bundle::new(SiteId::new(at(1)), " Bầu cử \n 2026 ", ActorId::new(at(1)), at(1)).unwrap()
    }

    fn filled(count: usize) -> Bundle {
        let items = (0..count)
            .map(|n| Item { entry: EntryId::new(at(2 + i64::try_from(n).unwrap())), version: Version::FIRST });
        Bundle { items: items.collect(), ..bundle() }
    }

    #[test]
    fn a_name_is_one_line_and_not_blank() {
        assert_eq!(bundle().name, "Bầu cử 2026");
        for name in [" ", &"x".repeat(MAX_LINE + 1)] {
            assert_eq!(Bundle::new(SiteId::new(at(1)), name, ActorId::new(at(1)), at(1)).unwrap_err()[0].field, "name");
        }
    }

    #[test]
    fn an_empty_bundle_is_neither_scheduled_nor_published() {
        let mut bundle = bundle();
        assert_eq!(bundle.schedule(bundle.version, at(9)), Err(BundleError::Empty));
        assert_eq!(bundle.publish(bundle.version, at(9)), Err(BundleError::Empty));
        assert_eq!(bundle.unschedule(bundle.version), Err(BundleError::NotScheduled));
    }

    #[test]
    fn nothing_changes_in_a_bundle_with_a_time_or_after_its_publication() {
        let mut bundle = filled(2);
        let one = bundle.items[0].entry;
        bundle.schedule(bundle.version, at(9)).unwrap();
        assert_eq!((bundle.is_due(at(8)), bundle.is_due(at(9))), (false, true));
        assert_eq!(bundle.take_out(bundle.version, one), Err(BundleError::Scheduled));
        assert_eq!(bundle.schedule(bundle.version, at(10)), Err(BundleError::Scheduled));
        bundle.publish(bundle.version, at(9)).unwrap();
        assert_eq!((bundle.is_due(at(9)), bundle.published_at), (false, Some(at(9))));
        for refused in [bundle.check_open(bundle.version), bundle.publish(bundle.version, at(10))] {
            assert_eq!(refused, Err(BundleError::Published));
        }
    }

    #[test]
    fn a_failure_takes_the_time_back_and_is_forgotten_with_the_next_attempt() {
        let mut bundle = filled(1);
        bundle.schedule(bundle.version, at(9)).unwrap();
        bundle.fail(Vec::new(), at(9));
        assert_eq!((bundle.publish_at, bundle.failure.as_ref().map(|it| it.at)), (None, Some(at(9))));
        bundle.schedule(bundle.version, at(20)).unwrap();
        assert_eq!(bundle.failure, None);
    }

    #[test]
    fn every_step_is_made_against_the_version_that_was_seen() {
        let mut bundle = filled(1);
        let (one, old) = (bundle.items[0].entry, bundle.version);
        assert_eq!(bundle.take_out(old, one), Ok(true));
        let conflict = Err(BundleError::VersionConflict { seen: old, current: bundle.version });
        assert_eq!(bundle.take_out(old, one).map(|_| ()), conflict);
        assert_eq!(bundle.schedule(old, at(9)), conflict);
        assert_eq!(bundle.publish(old, at(9)), conflict);
        assert_eq!(bundle.unschedule(old), conflict);
    }
}
