//! The transitions of an entry. Pure: the caller brings the time and saves the result.

use crate::entry::{Content, Edition, EditionState, EntryKind, Major, Version};
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
    /// The edition being written.
    pub draft: Option<Edition>,
    /// The edition its audience sees.
    pub live: Option<Edition>,
}

/// Why an entry is no longer public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gone {
    /// Taken back by its board.
    Withdrawn,
}

impl Gone {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What a transition did to the published state, for the editions to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The entry was not published and now is.
    Published,
    /// The entry was published and shows a new edition, perhaps to another audience; `superseded` is the one it replaced.
    Updated {
        /// The edition that was live until now.
        superseded: Edition,
    },
    /// The entry was published and no longer is.
    Withdrawn {
        /// The edition that was live until now.
        edition: Edition,
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
    /// There is no draft to publish.
    #[error("there is no draft to publish")]
    NothingToPublish,
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
    /// What its first draft says.
    pub content: Content,
    /// Who makes it.
    pub author: ActorId,
}

impl Entry {
    /// A new entry with its first draft.
    pub fn new(new: NewEntry, now: Timestamp) -> Self {
        let NewEntry { site, host, slug, source_id, content, author } = new;
        let id = EntryId::new(now);
        let mut entry = Self {
            id,
            site,
            kind: content.kind(),
            slug,
            source_id,
            tag_uri: format!("tag:{host},{}:{id}", now.to_utc().format("%Y-%m-%d")),
            version: Version::FIRST,
            created_at: now,
            first_published_at: None,
            published_at: None,
            updated_at: None,
            editions: 0,
            draft: None,
            live: None,
        };
        entry.draft = Some(entry.next_edition(content, author, now));
        entry
    }

    /// Replaces the draft's content, or begins a new draft over the live edition.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::WrongKind`].
    pub fn edit(&mut self, seen: Version, content: Content, author: ActorId, now: Timestamp) -> Result<(), EntryError> {
        self.check(seen)?;
        if content.kind() != self.kind {
            return Err(EntryError::WrongKind(self.kind));
        }
        self.version = self.version.next();
        match &mut self.draft {
            Some(draft) => {
                draft.content = content;
                draft.author = author;
            }
            None => self.draft = Some(self.next_edition(content, author, now)),
        }
        Ok(())
    }

    /// Publishes the draft at `now`, to everybody or internally. A change of audience begins a new run.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::NothingToPublish`].
    pub fn publish(&mut self, seen: Version, major: Major, now: Timestamp) -> Result<Outcome, EntryError> {
        self.check(seen)?;
        let mut edition = self.draft.take().ok_or(EntryError::NothingToPublish)?;
        edition.state = EditionState::Live;
        edition.published_at = Some(now);
        self.version = self.version.next();
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

    /// Publishes the draft of an entry that is new to its audience under the dates it had where it comes from.
    ///
    /// # Errors
    /// [`EntryError::NothingToPublish`].
    pub fn publish_as_of(&mut self, dates: OwnDates) -> Result<Outcome, EntryError> {
        let outcome = self.publish(self.version, Major::Major, dates.published_at)?;
        self.updated_at = Some(dates.updated_at.max(dates.published_at));
        Ok(outcome)
    }

    /// Takes the entry back.
    ///
    /// # Errors
    /// [`EntryError::VersionConflict`], [`EntryError::NotPublic`].
    pub fn withdraw(&mut self, seen: Version) -> Result<Outcome, EntryError> {
        self.check(seen)?;
        let mut edition = self.live.take().ok_or(EntryError::NotPublic)?;
        edition.state = EditionState::Withdrawn;
        self.version = self.version.next();
        Ok(Outcome::Withdrawn { edition })
    }

    const fn check(&self, seen: Version) -> Result<(), EntryError> {
        if seen.get() == self.version.get() {
            Ok(())
        } else {
            Err(EntryError::VersionConflict { seen, current: self.version })
        }
    }

    fn next_edition(&mut self, content: Content, author: ActorId, now: Timestamp) -> Edition {
        self.editions = self.editions.saturating_add(1);
        Edition {
            id: EditionId::new(now),
            number: self.editions,
            state: EditionState::Draft,
            content,
            author,
            created_at: now,
            published_at: None,
        }
    }
}

impl Content {
    /// The kind of entry this content belongs to.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Article(_) => EntryKind::Article,
            Self::Procedure(_) => EntryKind::Procedure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, ArticleInput, ArticleKind};
    use crate::audience::Audience;
    use crate::ids::CategoryId;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn content(title: &str) -> Content {
        let input = ArticleInput {
            kind: ArticleKind::News,
            audience: None,
            category: CategoryId::new(at(0)),
            topic: None,
            title: title.to_owned(),
            summary: String::new(),
            body: String::new(),
            language: None,
            tags: vec![],
            author: None,
            source: None,
            cover: None,
        };
        Content::Article(Box::new(Article::check(input).unwrap().0))
    }

    fn entry() -> Entry {
        let new = NewEntry {
            site: SiteId::new(at(0)),
            host: "xuanhai.example".to_owned(),
            slug: "lich-tiep-cong-dan".parse().unwrap(),
            source_id: None,
            content: content("một"),
            author: ActorId::new(at(0)),
        };
        Entry::new(new, at(1))
    }

    fn live_title(entry: &Entry) -> &str {
        entry.live.as_ref().unwrap().content.title()
    }

    #[test]
    fn publishing_moves_the_draft_into_the_public() {
        let mut entry = entry();
        assert_eq!(entry.publish(Version::FIRST, Major::Major, at(5)), Ok(Outcome::Published));
        assert_eq!((entry.draft.as_ref(), live_title(&entry)), (None, "một"));
        assert_eq!([entry.first_published_at, entry.published_at, entry.updated_at], [Some(at(5)); 3]);
    }

    #[test]
    fn the_tag_uri_is_minted_from_host_day_and_id() {
        let entry = entry();
        assert_eq!(entry.tag_uri, format!("tag:xuanhai.example,1970-01-01:{}", entry.id));
    }

    #[test]
    fn a_second_edition_supersedes_the_first_and_only_a_major_one_moves_the_update_time() {
        for (major, updated) in [(Major::Major, at(9)), (Major::Minor, at(5))] {
            let mut entry = entry();
            entry.publish(Version::FIRST, Major::Major, at(5)).unwrap();
            entry.edit(entry.version, content("hai"), ActorId::new(at(7)), at(7)).unwrap();
            let Ok(Outcome::Updated { superseded }) = entry.publish(entry.version, major, at(9)) else { panic!() };
            assert_eq!((superseded.state, superseded.number), (EditionState::Superseded, 1));
            assert_eq!((live_title(&entry), entry.published_at, entry.updated_at), ("hai", Some(at(5)), Some(updated)));
        }
    }

    #[test]
    fn an_entry_that_returns_keeps_its_first_publication_and_gets_a_new_date() {
        let mut entry = entry();
        entry.publish(Version::FIRST, Major::Major, at(5)).unwrap();
        assert!(matches!(entry.withdraw(entry.version), Ok(Outcome::Withdrawn { .. })));
        entry.edit(entry.version, content("ba"), ActorId::new(at(7)), at(7)).unwrap();
        assert_eq!(entry.publish(entry.version, Major::Minor, at(9)), Ok(Outcome::Published));
        assert_eq!([entry.first_published_at, entry.published_at], [Some(at(5)), Some(at(9))]);
    }

    #[test]
    fn a_change_of_audience_begins_a_new_run_and_only_the_public_one_counts_as_the_first_publication() {
        let to = |audience| match content("bài") {
            Content::Article(article) => Content::Article(Box::new(Article { audience, ..*article })),
            other @ Content::Procedure(_) => other,
        };
        let mut entry = entry();
        let publish = |entry: &mut Entry, (audience, major), now| {
            entry.edit(entry.version, to(audience), ActorId::new(at(1)), at(1)).unwrap();
            entry.publish(entry.version, major, at(now)).unwrap();
            [entry.first_published_at, entry.published_at, entry.updated_at].map(|at| at.map(Timestamp::as_micros))
        };
        let steps = [
            ((Audience::Internal, Major::Major), 5, [None, Some(5), Some(5)]),
            ((Audience::Internal, Major::Minor), 6, [None, Some(5), Some(5)]),
            ((Audience::Public, Major::Minor), 7, [Some(7), Some(7), Some(7)]),
            ((Audience::Internal, Major::Minor), 8, [Some(7), Some(8), Some(8)]),
            ((Audience::Public, Major::Major), 9, [Some(7), Some(9), Some(9)]),
        ];
        for (step, now, dates) in steps {
            assert_eq!(publish(&mut entry, step, now), dates, "at {now}");
        }
    }

    #[test]
    fn every_write_against_an_old_version_is_a_conflict_and_changes_nothing() {
        let mut entry = entry();
        entry.publish(Version::FIRST, Major::Major, at(5)).unwrap();
        let before = entry.clone();
        let conflict = EntryError::VersionConflict { seen: Version::FIRST, current: Version::new(2) };
        assert_eq!(entry.publish(Version::FIRST, Major::Major, at(6)), Err(conflict.clone()));
        assert_eq!(entry.withdraw(Version::FIRST), Err(conflict.clone()));
        assert_eq!(entry.edit(Version::FIRST, content("x"), ActorId::new(at(6)), at(6)), Err(conflict));
        assert_eq!(entry, before);
    }

    #[test]
    fn there_must_be_something_to_publish_or_to_withdraw() {
        let mut entry = entry();
        assert_eq!(entry.withdraw(entry.version), Err(EntryError::NotPublic));
        entry.publish(entry.version, Major::Major, at(5)).unwrap();
        assert_eq!(entry.publish(entry.version, Major::Major, at(6)), Err(EntryError::NothingToPublish));
    }

    #[test]
    fn editing_a_draft_keeps_its_number_and_editing_a_live_entry_begins_the_next() {
        let mut entry = entry();
        entry.edit(entry.version, content("hai"), ActorId::new(at(2)), at(2)).unwrap();
        assert_eq!(entry.draft.as_ref().unwrap().number, 1);
        entry.publish(entry.version, Major::Major, at(5)).unwrap();
        entry.edit(entry.version, content("ba"), ActorId::new(at(6)), at(6)).unwrap();
        assert_eq!((entry.draft.as_ref().unwrap().number, live_title(&entry)), (2, "hai"));
    }
}
