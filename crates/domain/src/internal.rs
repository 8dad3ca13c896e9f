//! The internal projection: which edition the offices themselves read of an entry.

use crate::entry::{Entry, Signature};
use crate::ids::{EditionId, EntryId, SiteId};
use crate::live::LiveEntry;
use crate::scope::{Place, Placement, ScopeKey, ScopeSet};
use crate::time::Timestamp;

/// One internal entry. What it says is not repeated here: its edition, which never changes, is read with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InternalEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// The edition that is live.
    pub edition: EditionId,
    /// Address on the site, should it become public.
    pub slug: String,
    /// First publication ever: the public one, if there was one, or else the start of the current run.
    pub first_published_at: Timestamp,
    /// Start of the current run.
    pub published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// Last change.
    pub modified_at: Timestamp,
}

/// What is shown of a published entry, to one audience. A public projection cannot be made of an internal edition, nor the
/// other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Projection {
    /// To everybody.
    Public(Box<LiveEntry>),
    /// To the people with a role on the site.
    Internal(InternalEntry),
}

impl Projection {
    /// What is shown of an entry that has just been published; `None` when nothing is.
    pub fn of(entry: &Entry, placement: &Placement) -> Option<Self> {
        let public = LiveEntry::project(entry, placement).map(|live| Self::Public(Box::new(live)));
        public.or_else(|| InternalEntry::project(entry).map(Self::Internal))
    }

    /// What the public is shown.
    pub fn public(&self) -> Option<&LiveEntry> {
        match self {
            Self::Public(live) => Some(live),
            Self::Internal(_) => None,
        }
    }

    /// What is shown to the people with a role on the site.
    pub const fn internal(&self) -> Option<&InternalEntry> {
        match self {
            Self::Public(_) => None,
            Self::Internal(internal) => Some(internal),
        }
    }

    /// The edition that is shown.
    pub const fn edition(&self) -> EditionId {
        match self {
            Self::Public(live) => live.edition,
            Self::Internal(internal) => internal.edition,
        }
    }

    /// The lists it belongs to.
    pub fn scopes(&self) -> ScopeSet {
        match self {
            Self::Public(live) => live.shown.scopes.clone(),
            Self::Internal(internal) => InternalEntry::scopes(internal.site),
        }
    }

    /// Puts it at another address, which its signature is over.
    pub fn move_to(&mut self, address: &str, signature: Option<Signature>) {
        match self {
            Self::Public(live) => {
                address.clone_into(&mut live.slug);
                live.signature = signature;
            }
            Self::Internal(internal) => address.clone_into(&mut internal.slug),
        }
    }
}

impl InternalEntry {
    /// What a change of an internal entry of `site` touches.
    pub fn scopes(site: SiteId) -> ScopeSet {
        std::iter::once(ScopeKey::internal(Place::Site(site))).collect()
    }

    fn project(entry: &Entry) -> Option<Self> {
        let edition = entry.live.as_ref().filter(|edition| !edition.content.audience().is_public())?;
        let (published_at, updated_at) = (entry.published_at?, entry.updated_at?);
        Some(Self {
            entry: entry.id,
            site: entry.site,
            edition: edition.id,
            slug: entry.slug.as_str().to_owned(),
            first_published_at: entry.first_published_at.unwrap_or(published_at),
            published_at,
            updated_at,
            modified_at: edition.published_at?.max(updated_at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, ArticleInput, ArticleKind};
    use crate::audience::Audience;
    use crate::entry::{Content, Major, NewEntry, Reviewer};
    use crate::ids::{ActorId, CategoryId};

    fn published(audience: Audience) -> (Entry, Placement) {
        let now = Timestamp::from_micros(1);
        let (site, category) = (SiteId::new(now), CategoryId::new(now));
        let input = ArticleInput {
            kind: ArticleKind::News,
            audience: Some(audience),
            category,
            topic: None,
            series: None,
            title: "Lịch trực".to_owned(),
            summary: String::new(),
            body: String::new(),
            language: None,
            tags: vec![],
            author: None,
            source: None,
            cover: None,
            attachments: vec![],
        };
        let new = NewEntry {
            site,
            host: "xuanhai.example".to_owned(),
            slug: "lich-truc".parse().unwrap(),
            source_id: None,
            corrects: None,
            content: Content::Article(Box::new(Article::check(input).unwrap().0)),
            author: ActorId::new(now),
        };
        let mut entry = Entry::new(new, now);
        entry
            .publish(
                entry.version,
                (Major::Major.into(), Reviewer { actor: ActorId::new(now), may_pass_own: true }),
                now,
            )
            .unwrap();
        (entry, Placement { site, units: vec![], categories: vec![category], topics: vec![] })
    }

    #[test]
    fn each_audience_has_its_own_projection_and_they_share_no_scope() {
        let (internal, placement) = published(Audience::Internal);
        assert_eq!(LiveEntry::project(&internal, &placement), None);
        let inside = Projection::of(&internal, &placement).unwrap();
        assert!(matches!(inside, Projection::Internal(_)));
        let (public, placement) = published(Audience::Public);
        assert_eq!(InternalEntry::project(&public), None);
        let outside = Projection::of(&public, &placement).unwrap();
        assert!(matches!(outside, Projection::Public(_)));
        let all_of_site = ScopeKey::internal(Place::Site(public.site));
        assert!(!outside.scopes().contains(all_of_site));
        assert_eq!((inside.scopes().len(), outside.scopes().len()), (1, 4));
    }
}
