//! The transitions of an entry. Pure: the caller brings the time and saves the result.

use std::collections::BTreeSet;

use crate::article::Article;
use crate::entry::{Content, Edition, EditionState, EntryKind, Major, Publication, Reviewer, Version};
use crate::ids::{ActorId, EditionId, EntryId, SiteId};
use crate::slug::Slug;
use crate::time::Timestamp;

/// The lasting identity of a piece of content, with the editions that can still change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Lasting identity.
    pub id: EntryId,
    /// The site that made it; never changes.
    pub site: SiteId,
    /// What it is.
    pub kind: EntryKind,
    /// Its address on the site. Unique on the site; fixed once published.
    pub slug: Slug,
    /// Identity in the system the entry was imported from; unique on the site and kind.
    pub source_id: Option<String>,
    /// Identity in feeds, a tag URI (RFC 4151): minted once, and the same whatever becomes of site and address.
    pub tag_uri: String,
    /// The article of the same site that it corrects; never changes.
    pub corrects: Option<EntryId>,
    /// Counts the writes.
    pub version: Version,
    /// When the identity was made.
    pub created_at: Timestamp,
    /// First time it became public; never changes afterwards. None as long as it has been internal only.
    pub first_published_at: Option<Timestamp>,
    /// Start of the current run before its audience: moves when a withdrawn entry returns, and with a change of audience.
    pub published_at: Option<Timestamp>,
    /// Last major change while published.
    pub updated_at: Option<Timestamp>,
    /// Number of editions so far.
    pub editions: u32,
    /// Since when it lies in the trash.
    pub trashed_at: Option<Timestamp>,
    /// Since when it is an archived piece: readable at its address, and in no list.
    pub archived_at: Option<Timestamp>,
    /// Since when it is under quarantine: whatever edition is live, nobody sees it.
    pub quarantined_at: Option<Timestamp>,
    /// The edition on its way to the public: being written, under review, approved, or waiting for its time.
    pub draft: Option<Edition>,
    /// The edition its audience sees.
    pub live: Option<Edition>,
}

/// Why an entry is no longer public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gone {
    /// Taken back by its board.
    Withdrawn,
    /// Taken down by a decision, with a reason.
    TakenDown,
    /// Its time is over.
    Expired,
    /// Its address leads elsewhere.
    Redirected,
}

impl Gone {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::TakenDown => "taken-down",
            Self::Expired => "expired",
            Self::Redirected => "redirected",
        }
    }

    /// Reads [`Gone::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Withdrawn, Self::TakenDown, Self::Expired, Self::Redirected]
            .into_iter()
            .find(|gone| gone.as_str() == name)
    }

    const fn edition_state(self) -> EditionState {
        match self {
            Self::Withdrawn | Self::Redirected => EditionState::Withdrawn,
            Self::TakenDown => EditionState::TakenDown,
            Self::Expired => EditionState::Expired,
        }
    }
}

/// What a transition did to the published state, for the editions to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet: the edition waits for its time.
    Scheduled,
    /// The entry was not published and now is.
    Published,
    /// The entry was published and shows a new edition, perhaps to another audience; `superseded` is the one it replaced.
    Updated {
        /// The edition that was live until now.
        superseded: Edition,
    },
    /// The entry was published and no longer is.
    Ended {
        /// The edition that was live until now.
        edition: Edition,
        /// Why.
        why: Gone,
    },
}

/// A transition that is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Somebody else wrote in between.
    #[error("the entry is at version {current}, the request was made against version {seen}")]
    VersionConflict {
        /// The version the writer saw.
        seen: Version,
        /// The version now.
        current: Version,
    },
    /// There is no edition on its way to the public.
    #[error("there is no edition that could be submitted, judged or published")]
    NothingOpen,
    /// The edition stands elsewhere.
    #[error("the edition is {}, which does not allow this", .0.as_str())]
    WrongState(EditionState),
    /// Four eyes: who has written on a text does not let it pass.
    #[error("whoever has written on this text cannot approve or publish it; somebody else must")]
    OwnWork,
    /// An agency's contribution that no intermediary has passed on.
    #[error("the contribution has not been screened yet")]
    NotScreened,
    /// The scanner has found something in the text, and nobody has let it pass yet.
    #[error("the text waits for a second person, because the scanner has found something in it")]
    Held,
    /// The entry, or all of its site, is under quarantine.
    #[error("it is under quarantine; a second person has to release it first")]
    Quarantined,
    /// Whoever wrote a text or raised a hold is not the second person who releases it.
    #[error("whoever has written the text or raised the hold cannot release it; somebody else must")]
    SecondPerson,
    /// There is no hold that could be released.
    #[error("nothing of it is held")]
    NotHeld,
    /// The entry lies in the trash.
    #[error("the entry lies in the trash; restore it first")]
    Trashed,
    /// The entry is public, which has to end first.
    #[error("the entry is public; withdraw it first")]
    StillPublic,
    /// The entry is not published.
    #[error("the entry is not public")]
    NotPublic,
    /// The site is an archive, and the entry is not public there.
    #[error("the site is closed; what it has stays readable, and nothing new is added")]
    SiteClosed,
    /// Content of another kind than the entry's.
    #[error("the content is not of kind {0}")]
    WrongKind(EntryKind),
}

/// The dates of old content, as stated by the system it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnDates {
    /// When it first became public there.
    pub published_at: Timestamp,
    /// Its last major change there.
    pub updated_at: Timestamp,
}

/// What it takes to make an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The site that makes it.
    pub site: SiteId,
    /// The site's host name, the authority of the entry's tag URI.
    pub host: String,
    /// Its address on the site.
    pub slug: Slug,
    /// Identity in the system it is imported from.
    pub source_id: Option<String>,
    /// The article of the same site that it corrects.
    pub corrects: Option<EntryId>,
    /// What its first draft says.
    pub content: Content,
    /// Who makes it.
    pub author: ActorId,
}

impl Entry {
    /// A new entry with its first draft.
    pub fn new(new: NewEntry, now: Timestamp) -> Self {
        let NewEntry { site, host, slug, source_id, corrects, content, author } = new;
        let id = EntryId::new(now);
        let mut entry = Self {
            id,
            site,
            kind: content.kind(),
            slug,
            source_id,
            tag_uri: format!("tag:{host},{}:{id}", now.to_utc().format("%Y-%m-%d")),
            corrects,
            version: Version::FIRST,
            created_at: now,
            first_published_at: None,
            published_at: None,
            updated_at: None,
            editions: 0,
            trashed_at: None,
            archived_at: None,
            quarantined_at: None,
            draft: None,
            live: None,
        };
        entry.draft = Some(entry.next_edition(content, (author, BTreeSet::new()), now));
        entry
    }

    /// Replaces the draft's content, or begins a new draft: over the live edition, or over one that has been handed in,
    /// whose text never changes. That one is returned; its place in the review is lost, and its writers remain writers.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongKind`], [`EntryError::Trashed`].
    pub fn edit(
        &mut self,
        seen: Version,
        content: Content,
        author: ActorId,
        now: Timestamp,
    ) -> Result<Option<Edition>, EntryError> {
        self.check(seen)?;
        self.check_not_trashed()?;
        if content.kind() != self.kind {
            return Err(EntryError::WrongKind(self.kind));
        }
        self.version = self.version.next();
        match self.draft.take() {
            Some(mut draft) if draft.state == EditionState::Draft => {
                draft.content = content;
                draft.author = author;
                draft.writers.insert(author);
                self.draft = Some(draft);
                Ok(None)
            }
            before => {
                let writers = before.as_ref().map(|edition| edition.writers.clone()).unwrap_or_default();
                self.draft = Some(self.next_edition(content, (author, writers), now));
                Ok(before.map(|edition| Edition { state: EditionState::Replaced, ..edition }))
            }
        }
    }

    /// Publishes the open edition to its audience, at once or from the time that `publication` sets. What was not approved
    /// before is approved with it, by the same rules. A change of audience begins a new run.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::NothingOpen`], [`EntryError::OwnWork`], [`EntryError::NotScreened`],
    /// [`EntryError::WrongState`] for one that was sent back, [`EntryError::Trashed`].
    pub fn publish(
        &mut self,
        seen: Version,
        (publication, reviewer): (Publication, Reviewer),
        now: Timestamp,
    ) -> Result<Outcome, EntryError> {
        self.check(seen)?;
        self.check_not_trashed()?;
        self.check_not_quarantined()?;
        let edition = self.draft.as_mut().ok_or(EntryError::NothingOpen)?;
        edition.pass(reviewer)?;
        edition.publication = publication;
        if edition.publication.at.is_some_and(|at| at > now) {
            edition.state = EditionState::Scheduled;
            self.version = self.version.next();
            return Ok(Outcome::Scheduled);
        }
        self.go_public(now)
    }

    /// Does what its times ask for at `now`: a scheduled edition becomes public, and one whose time is over ends. `None`
    /// when nothing is due.
    pub fn come_due(&mut self, now: Timestamp) -> Option<Outcome> {
        let is_due = |edition: &Edition| {
            edition.state == EditionState::Scheduled && edition.publication.at.is_some_and(|at| at <= now)
        };
        let is_over = |edition: &Edition| edition.publication.until.is_some_and(|until| until <= now);
        if self.draft.as_ref().is_some_and(is_due) {
            return self.go_public(now).ok();
        }
        self.live.as_ref().is_some_and(is_over).then(|| self.end(Gone::Expired)).and_then(Result::ok)
    }

    fn go_public(&mut self, now: Timestamp) -> Result<Outcome, EntryError> {
        let mut edition = self.draft.take().ok_or(EntryError::NothingOpen)?;
        let major = edition.publication.weight;
        edition.state = EditionState::Live;
        edition.published_at = Some(now);
        self.version = self.version.next();
        self.archived_at = None;
        let audience = edition.content.audience();
        if audience.is_public() {
            self.first_published_at.get_or_insert(now);
        }
        let superseded = self.live.replace(edition);
        let goes_on = superseded.as_ref().is_some_and(|before| before.content.audience() == audience);
        if !goes_on {
            self.published_at = Some(now);
        }
        if !goes_on || major == Major::Major {
            self.updated_at = Some(now);
        }
        let Some(mut superseded) = superseded else { return Ok(Outcome::Published) };
        superseded.state = EditionState::Superseded;
        Ok(Outcome::Updated { superseded })
    }

    /// Publishes the draft of an entry that is new to its audience under the dates it had where it comes from. It was judged
    /// there.
    ///
    /// # Errors
    /// [`EntryError::NothingOpen`].
    pub fn publish_as_of(&mut self, dates: OwnDates) -> Result<Outcome, EntryError> {
        let outcome = self.go_public(dates.published_at)?;
        self.updated_at = Some(dates.updated_at.max(dates.published_at));
        Ok(outcome)
    }

    /// Takes the entry back.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::NotPublic`].
    pub fn leave(&mut self, seen: Version, why: Gone) -> Result<Outcome, EntryError> {
        self.check(seen)?;
        self.end(why)
    }

    /// Moves a public entry out of all lists; it stays readable at its address. `false` brings it back.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::NotPublic`].
    pub fn archive(&mut self, seen: Version, archived: bool, now: Timestamp) -> Result<(), EntryError> {
        self.check(seen)?;
        self.check_not_quarantined()?;
        if !self.live.as_ref().is_some_and(|live| live.content.audience().is_public()) {
            return Err(EntryError::NotPublic);
        }
        self.archived_at = archived.then_some(now);
        self.version = self.version.next();
        Ok(())
    }

    /// Puts an entry that is not public into the trash, or takes it out. What waits for its time no longer does.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::StillPublic`].
    pub fn trash(&mut self, seen: Version, trashed: bool, now: Timestamp) -> Result<(), EntryError> {
        self.check(seen)?;
        if self.live.is_some() {
            return Err(EntryError::StillPublic);
        }
        self.trashed_at = trashed.then_some(now);
        self.forget_time();
        self.version = self.version.next();
        Ok(())
    }

    pub(super) fn forget_time(&mut self) {
        if let Some(edition) = self.draft.as_mut().filter(|edition| edition.state == EditionState::Scheduled) {
            edition.state = EditionState::Approved;
            edition.publication.at = None;
        }
    }

    /// Whether `actor` has written on an edition that is open or live.
    pub fn is_by(&self, actor: ActorId) -> bool {
        self.draft.iter().chain(&self.live).any(|edition| edition.writers.contains(&actor))
    }

    fn end(&mut self, why: Gone) -> Result<Outcome, EntryError> {
        let mut edition = self.live.take().ok_or(EntryError::NotPublic)?;
        edition.state = why.edition_state();
        self.archived_at = None;
        self.version = self.version.next();
        Ok(Outcome::Ended { edition, why })
    }

    /// Whether nobody has written since `seen`.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`].
    pub const fn check(&self, seen: Version) -> Result<(), EntryError> {
        if seen.get() == self.version.get() {
            Ok(())
        } else {
            Err(EntryError::VersionConflict { seen, current: self.version })
        }
    }

    pub(crate) const fn check_not_trashed(&self) -> Result<(), EntryError> {
        if self.trashed_at.is_none() { Ok(()) } else { Err(EntryError::Trashed) }
    }

    pub(crate) const fn check_not_quarantined(&self) -> Result<(), EntryError> {
        if self.quarantined_at.is_none() { Ok(()) } else { Err(EntryError::Quarantined) }
    }

    fn next_edition(
        &mut self,
        content: Content,
        (author, mut writers): (ActorId, BTreeSet<ActorId>),
        now: Timestamp,
    ) -> Edition {
        self.editions = self.editions.saturating_add(1);
        writers.insert(author);
        Edition {
            id: EditionId::new(now),
            number: self.editions,
            state: EditionState::Draft,
            content,
            author,
            writers,
            needs_screening: false,
            is_held: false,
            publication: Publication::now(Major::Major),
            created_at: now,
            published_at: None,
            signature: None,
        }
    }
}

impl Content {
    /// The article, when it is one.
    pub const fn article(&self) -> Option<&Article> {
        match self {
            Self::Article(article) => Some(article),
            Self::Procedure(_) => None,
        }
    }

    /// The kind of entry this content belongs to.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Article(_) => EntryKind::Article,
            Self::Procedure(_) => EntryKind::Procedure,
        }
    }
}
