//! Editions: versions of an entry. A published edition is never changed, only superseded.

use crate::article::Article;
use crate::audience::Audience;
use crate::ids::{ActorId, EditionId};
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
    /// Being written. At most one per entry.
    Draft,
    /// What its audience sees. At most one per entry.
    Live,
    /// Was live, until a later edition took its place.
    Superseded,
    /// Was live, until the entry was withdrawn.
    Withdrawn,
}

impl EditionState {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`EditionState::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Live, Self::Superseded, Self::Withdrawn].into_iter().find(|s| s.as_str() == name)
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
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}
