//! Editions: versions of an entry. A published edition is never changed, only superseded.

use std::collections::BTreeSet;

use crate::article::{Article, Check, FieldError, FieldRule};
use crate::audience::Audience;
use crate::ids::{ActorId, EditionId, KeyId};
use crate::poison::Where;
use crate::procedure::Procedure;
use crate::time::Timestamp;

/// What an edition says: one typed detail per kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An article.
    Article(Box<Article>),
    /// The national record of a procedure.
    Procedure(Box<Procedure>),
}

impl Content {
    /// The title that lists and the history show.
    pub fn title(&self) -> &str {
        match self {
            Self::Article(article) => &article.title,
            Self::Procedure(procedure) => &procedure.name,
        }
    }

    /// For whom it is.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Article(article) => article.audience,
            Self::Procedure(_) => Audience::Public,
        }
    }
}

/// Where an edition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EditionState {
    /// Being written; the only state in which its text changes.
    Draft,
    /// Handed in for review.
    Submitted,
    /// Looked through by the intermediary of an agency, before the board sees it.
    Screened,
    /// Sent back to its writers with reasons.
    Returned,
    /// Approved, and not public yet.
    Approved,
    /// Approved, and public from a time that is set.
    Scheduled,
    /// Was handed in, until somebody wrote on: the next edition has taken its place.
    Replaced,
    /// What its audience sees. At most one per entry.
    Live,
    /// Was live, until a later edition took its place.
    Superseded,
    /// Was live, until the entry was withdrawn.
    Withdrawn,
    /// Was live, until the entry was taken down by a decision.
    TakenDown,
    /// Was live, until its time was over.
    Expired,
}

impl EditionState {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Draft,
        Self::Submitted,
        Self::Screened,
        Self::Returned,
        Self::Approved,
        Self::Scheduled,
        Self::Replaced,
        Self::Live,
        Self::Superseded,
        Self::Withdrawn,
        Self::TakenDown,
        Self::Expired,
    ];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Screened => "screened",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Replaced => "replaced",
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
            Self::TakenDown => "taken-down",
            Self::Expired => "expired",
        }
    }

    /// Reads [`EditionState::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether the edition is on its way to the public. At most one per entry.
    pub const fn is_open(self) -> bool {
        use EditionState::{Approved, Draft, Returned, Scheduled, Screened, Submitted};
        matches!(self, Draft | Submitted | Screened | Returned | Approved | Scheduled)
    }
}

/// Whether a publication changes what the text says (moves `updatedAt`, lists, feeds) or only mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Major {
    /// A change that readers should hear of.
    Major,
    /// Housekeeping, which must not look like news.
    Minor,
}

/// How an edition goes public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Whether readers should hear of it.
    pub weight: Major,
    /// What has changed, for the public to read.
    pub note: Option<String>,
    /// Not before this moment.
    pub at: Option<Timestamp>,
    /// No longer from this moment on.
    pub until: Option<Timestamp>,
}

/// What a client asks of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationInput {
    /// Whether readers should hear of it.
    pub weight: Major,
    /// What has changed, for the public: one line, at most [`MAX_CHANGE_NOTE`] characters.
    pub note: Option<String>,
    /// From when; at once when that is past or not said.
    pub at: Option<Timestamp>,
    /// Until when; for good when not said.
    pub until: Option<Timestamp>,
}

/// Longest public note on a change, in characters.
pub const MAX_CHANGE_NOTE: usize = 500;

impl From<Major> for Publication {
    /// At once and for good, without a note.
    fn from(weight: Major) -> Self {
        Self::now(weight)
    }
}

impl Publication {
    /// At once and for good, without a note.
    pub const fn now(weight: Major) -> Self {
        Self { weight, note: None, at: None, until: None }
    }

    /// Checks every field against each other and against the time.
    ///
    /// # Errors
    /// All fields that break a rule.
    pub fn check(input: PublicationInput, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let PublicationInput { weight, note, at, until } = input;
        let mut check = Check::default();
        let note = note.map(|note| check.line("note", &note, MAX_CHANGE_NOTE)).filter(|note| !note.is_empty());
        if let Some(note) = &note {
            check.honest("note", Where::Title, note);
        }
        let at = at.filter(|at| *at > now);
        if until.is_some_and(|until| until <= at.unwrap_or(now)) {
            check.fail("until", FieldRule::BeforeItsStart);
        }
        check.finish()?;
        Ok(Self { weight, note, at, until })
    }
}

/// What the site signed when an edition was published, with the dates of the entry at that moment: later editions move
/// those, and the signature is over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The key of the site.
    pub key: KeyId,
    /// The Ed25519 signature.
    pub bytes: [u8; 64],
    /// Start of the run before its audience.
    pub published_at: Timestamp,
    /// The last major change.
    pub updated_at: Timestamp,
}

/// One version of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Lasting identity.
    pub id: EditionId,
    /// 1 for the first edition of an entry, then counting up.
    pub number: u32,
    /// Where it stands.
    pub state: EditionState,
    /// What it says.
    pub content: Content,
    /// Who wrote it last.
    pub author: ActorId,
    /// Everybody whose words may be in it since the edition that was live before: none of them approves it.
    pub writers: BTreeSet<ActorId>,
    /// Whether an intermediary has to look through it before the board does.
    pub needs_screening: bool,
    /// Whether the scanner has found something in it that nobody has let pass yet.
    pub is_held: bool,
    /// How it goes public, or went.
    pub publication: Publication,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// The signature of its site, since it was published.
    pub signature: Option<Signature>,
}
