//! Scopes: the lists that an entry belongs to. A list is one range scan over its scope's rows, a change names
//! the scopes it touched, and a cached answer is kept under the scopes it was read from: one key for all three.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use crate::article::ArticleKind;
use crate::entry::EntryKind;
use crate::ids::{CategoryId, EntryId, SeriesId, SiteId, TopicId, UnitId};
use crate::procedure::Level;
use crate::text::fold;

/// Where a list looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The whole instance.
    Instance,
    /// A unit and all units below it.
    Unit(UnitId),
    /// One site.
    Site(SiteId),
    /// A category and all categories below it.
    Category(CategoryId),
    /// A category without those below it.
    CategoryAlone(CategoryId),
    /// A series of one site.
    Series(SeriesId),
}

impl Place {
    /// What tells it from every other place.
    fn name(self) -> (u8, Uuid) {
        match self {
            Self::Instance => (b'i', Uuid::nil()),
            Self::Unit(id) => (b'u', id.as_uuid()),
            Self::Site(id) => (b's', id.as_uuid()),
            Self::Category(id) => (b'c', id.as_uuid()),
            Self::CategoryAlone(id) => (b'a', id.as_uuid()),
            Self::Series(id) => (b'r', id.as_uuid()),
        }
    }
}

/// What a list is about, besides its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Anything.
    Any,
    /// A topic of the catalogue.
    Topic(TopicId),
    /// A tag, compared folded.
    Tag(String),
    /// A language other than the main one.
    Language(String),
    /// A kind of article other than plain news.
    ArticleKind(ArticleKind),
    /// A field of procedures (lĩnh vực), compared folded.
    Field(String),
    /// Procedures handled at a level of government.
    Level(Level),
    /// Procedures of a field at a level.
    LevelField(Level, String),
}

/// The sets of reference data that every node keeps in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceSet {
    /// Units and their succession.
    Units,
    /// Sites.
    Sites,
    /// Categories.
    Categories,
    /// Topics.
    Topics,
    /// Agencies.
    Agencies,
    /// Series.
    Series,
}

impl ReferenceSet {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Units, Self::Sites, Self::Categories, Self::Topics, Self::Agencies, Self::Series];
}

/// The key of a scope, of an entry or of a set of reference data: 128 bits of BLAKE3 over its name. A
/// cryptographic hash, because tags are chosen by writers and must not be able to reach into a stranger's list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeKey([u8; 16]);

impl ScopeKey {
    /// The key of the list of all `kind` entries at `place` about `subject`.
    pub fn list(kind: EntryKind, place: Place, subject: &Subject) -> Self {
        let (letter, at) = place.name();
        let of = |sort: &[u8], about: &[u8]| {
            Self::named(&[kind.as_str().as_bytes(), &[0, letter], at.as_bytes(), sort, about])
        };
        match subject {
            Subject::Any => of(b"-", b""),
            Subject::Topic(id) => of(b"t", id.as_uuid().as_bytes()),
            Subject::Tag(tag) => of(b"g", fold(tag).as_bytes()),
            Subject::Language(language) => of(b"l", language.as_bytes()),
            Subject::ArticleKind(kind) => of(b"k", kind.as_str().as_bytes()),
            Subject::Field(field) => of(b"f", fold(field).as_bytes()),
            Subject::Level(level) => of(b"v", &[level_letter(*level)]),
            Subject::LevelField(level, field) => of(&[b'w', level_letter(*level)], fold(field).as_bytes()),
        }
    }

    /// The key under which details of one entry are cached.
    pub fn entry(id: EntryId) -> Self {
        Self::named(&[b"entry", id.as_uuid().as_bytes()])
    }

    /// The key of what is internal at `place`. No public list and no kept answer has it, so that a change which names it
    /// touches nothing that the public can ask for.
    pub fn internal(place: Place) -> Self {
        let (letter, id) = place.name();
        Self::named(&[b"internal", &[0, letter], id.as_bytes()])
    }

    /// The key of what is on its way at `place`: no list of the public, and no change.
    pub fn desk(place: Place) -> Self {
        let (letter, id) = place.name();
        Self::named(&[b"desk", &[0, letter], id.as_bytes()])
    }

    /// The key of the library of a site: no list of the public, and no change.
    pub fn media(site: SiteId) -> Self {
        Self::named(&[b"media\0", site.as_uuid().as_bytes()])
    }

    /// The key of one set of reference data.
    pub fn reference(set: ReferenceSet) -> Self {
        Self::named(&[b"reference", &[set as u8]])
    }

    fn named(parts: &[&[u8]]) -> Self {
        let digest = blake3::hash(&parts.concat());
        Self(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    /// Wraps the 16 bytes read from the database.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for ScopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A set of scope keys, some twenty for an article, sorted and each once; stored as the keys one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSet(Vec<ScopeKey>);

/// Stored bytes that are no whole number of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a scope set of {0} bytes is not a whole number of 16-byte keys")]
pub struct TornScopeSet(usize);

impl ScopeSet {
    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = ScopeKey> + '_ {
        self.0.iter().copied()
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `key` is in the set.
    pub fn contains(&self, key: ScopeKey) -> bool {
        self.0.binary_search(&key).is_ok()
    }

    /// All keys of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// The keys one after another, 16 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.iter().map(|key| key.0).collect::<Vec<_>>().into_flattened()
    }

    /// Reads what [`ScopeSet::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`TornScopeSet`] when the length is no multiple of 16.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TornScopeSet> {
        let (keys, rest) = bytes.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(TornScopeSet(bytes.len()));
        }
        Ok(keys.iter().copied().map(ScopeKey).collect())
    }
}

impl FromIterator<ScopeKey> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = ScopeKey>>(keys: I) -> Self {
        let mut keys: Vec<ScopeKey> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }
}

const fn level_letter(level: Level) -> u8 {
    match level {
        Level::Ministry => b'B',
        Level::Province => b'T',
        Level::District => b'H',
        Level::Commune => b'X',
        Level::OtherAgency => b'K',
    }
}

/// Every list the national record of a procedure belongs to: all, its levels, its field, and both together.
pub fn procedure_scopes(levels: &BTreeSet<Level>, field: Option<&str>) -> ScopeSet {
    let mut subjects = vec![Subject::Any];
    subjects.extend(levels.iter().copied().map(Subject::Level));
    if let Some(field) = field {
        subjects.push(Subject::Field(field.to_owned()));
        subjects.extend(levels.iter().map(|level| Subject::LevelField(*level, field.to_owned())));
    }
    subjects.iter().map(|subject| ScopeKey::list(EntryKind::Procedure, Place::Instance, subject)).collect()
}

/// Where an entry stands in the reference data at the moment it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The site.
    pub site: SiteId,
    /// The site's unit, then its parent and so on up to the root.
    pub units: Vec<UnitId>,
    /// The entry's category, then its parent and so on. Empty for kinds without categories.
    pub categories: Vec<CategoryId>,
    /// The entry's own topic, or else its category's; then the topic above that.
    pub topics: Vec<TopicId>,
}

impl Placement {
    /// Every list an article with these marks belongs to, besides those for anything.
    ///
    /// Each wide place (instance, units, site) has one list for anything and one for each subject. Categories
    /// have only the list for anything: a subject within a category is read from the site's list of that subject.
    pub fn scopes(&self, marks: &[Subject]) -> ScopeSet {
        let kind = EntryKind::Article;
        let subjects = self.subjects(marks);
        let wide = self.wide_places();
        let wide = subjects.iter().flat_map(|subject| wide.iter().map(|place| ScopeKey::list(kind, *place, subject)));
        let narrow = self.narrow_places().map(|place| ScopeKey::list(kind, place, &Subject::Any));
        wide.chain(narrow).collect()
    }

    /// Every list of a series that an article with these marks belongs to. Few articles are in one, so it has a list for
    /// each subject, as a wide place has.
    pub fn scopes_in_series(&self, series: SeriesId, marks: &[Subject]) -> ScopeSet {
        let list = |subject| ScopeKey::list(EntryKind::Article, Place::Series(series), subject);
        self.subjects(marks).iter().map(list).collect()
    }

    /// The topic that the entry shows.
    pub fn topic(&self) -> Option<TopicId> {
        self.topics.first().copied()
    }

    fn subjects(&self, marks: &[Subject]) -> Vec<Subject> {
        let topics = self.topics.iter().copied().map(Subject::Topic);
        std::iter::once(Subject::Any).chain(topics).chain(marks.iter().cloned()).collect()
    }

    fn wide_places(&self) -> Vec<Place> {
        let mut places = vec![Place::Instance, Place::Site(self.site)];
        places.extend(self.units.iter().copied().map(Place::Unit));
        places
    }

    fn narrow_places(&self) -> impl Iterator<Item = Place> + '_ {
        let alone = self.categories.first().copied().map(Place::CategoryAlone);
        self.categories.iter().copied().map(Place::Category).chain(alone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn placement() -> Placement {
        let at = Timestamp::from_micros;
        Placement {
            site: SiteId::new(at(1)),
            units: vec![UnitId::new(at(2)), UnitId::new(at(3))],
            categories: vec![CategoryId::new(at(4)), CategoryId::new(at(5))],
            topics: vec![TopicId::new(at(6))],
        }
    }

    #[test]
    fn an_entry_is_listed_once_for_each_place_and_each_subject_of_a_wide_place() {
        let scopes = placement().scopes(&[Subject::Tag("Chuyển đổi số".to_owned())]);
        // (instance, site, 2 units) × (any, topic, tag) + 2 categories + the category alone
        assert_eq!(scopes.len(), 4 * 3 + 3);
    }

    #[test]
    fn keys_stay_what_databases_hold() {
        let all = ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Any);
        assert_eq!(format!("{all:?}"), "edd06bee5abae0d29d10c2bd030a232b");
    }

    #[test]
    fn tags_are_the_same_list_however_they_are_spelt() {
        let key = |tag: &str| ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Tag(tag.to_owned()));
        assert_eq!(key("Chuyển đổi số"), key("chuyen doi so"));
        assert_ne!(key("Chuyển đổi số"), key("Chuyển đổi xanh"));
    }

    #[test]
    fn keys_differ_by_kind_place_and_subject() {
        let places = [Place::Instance, Place::Site(placement().site), Place::Unit(placement().units[0])];
        let subjects = [
            Subject::Any,
            Subject::Tag("x".to_owned()),
            Subject::Field("x".to_owned()),
            Subject::Language("en".to_owned()),
            Subject::ArticleKind(ArticleKind::Photo),
            Subject::Level(Level::Commune),
            Subject::LevelField(Level::Commune, "x".to_owned()),
        ];
        let mut keys = BTreeSet::new();
        for kind in [EntryKind::Article, EntryKind::Procedure] {
            for place in places {
                keys.extend(subjects.iter().map(|subject| ScopeKey::list(kind, place, subject)));
            }
        }
        assert_eq!(keys.len(), 2 * 3 * 7);
    }

    #[test]
    fn a_scope_set_reads_back_from_its_bytes() {
        let scopes = placement().scopes(&[]);
        assert_eq!(ScopeSet::from_bytes(&scopes.to_bytes()), Ok(scopes));
        assert_eq!(ScopeSet::from_bytes(&[0; 17]), Err(TornScopeSet(17)));
    }
}
