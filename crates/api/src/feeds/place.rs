//! What a feed is about: a site, a unit with all units below it, a category, or a topic.

use std::sync::Arc;

use url::Url;

use lienthong_app::Snapshot;
use lienthong_app::queries::articles::ArticlePlace;
use lienthong_domain::language;
use lienthong_domain::registry::{Category, Site, SiteKind, Topic, Unit};
use lienthong_domain::time::Timestamp;

use super::address::Ours;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;
use crate::view::ListNames;

/// A place or subject that has feeds.
#[derive(Clone, Copy)]
pub(super) enum FeedPlace<'a> {
    Site(&'a Arc<Site>),
    Unit(&'a Arc<Unit>),
    Category(&'a Arc<Category>, &'a Arc<Site>),
    Topic(&'a Arc<Topic>),
}

impl<'a> FeedPlace<'a> {
    /// What `key` names in a collection such as `sites`.
    pub(super) fn find(reading: &'a Reading, collection: &str, key: &str) -> Option<Self> {
        let named = reading.named();
        match collection {
            "sites" => named.site(key).filter(|site| is_public(site)).map(Self::Site),
            "units" => named.unit(key).map(Self::Unit),
            "categories" => {
                let category = named.category(key)?;
                let site = reading.reference.sites.get(category.site).filter(|site| is_public(site))?;
                Some(Self::Category(category, site))
            }
            "topics" => named.topic(key).map(Self::Topic),
            _ => None,
        }
    }

    /// The place of a list, when it is one that has feeds.
    pub(super) fn of(reading: &'a Reading, place: ArticlePlace) -> Option<Self> {
        let reference = &reading.reference;
        match place {
            ArticlePlace::Site(site) => reference.sites.get(site).map(Self::Site),
            ArticlePlace::Unit(unit) => reference.units.get(unit).map(Self::Unit),
            ArticlePlace::Category(category) => {
                let category = reference.categories.get(category)?;
                Some(Self::Category(category, reference.sites.get(category.site)?))
            }
            ArticlePlace::Series(_) => None,
        }
    }

    /// The path segment that its feeds share.
    pub(super) const fn collection(self) -> &'static str {
        match self {
            Self::Site(_) => "sites",
            Self::Unit(_) => "units",
            Self::Category(..) => "categories",
            Self::Topic(_) => "topics",
        }
    }

    /// The parameter that names it where it narrows another feed.
    pub(super) const fn parameter(self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::Unit(_) => "unit",
            Self::Category(..) => "category",
            Self::Topic(_) => "topic",
        }
    }

    /// Whether the parameter can mean something for its feeds: they have a place or subject already, and a site has nothing below
    /// it that could be left out.
    pub(super) fn takes(self, parameter: &str) -> bool {
        match parameter {
            "site" | "unit" | "category" => self.is_subject(),
            "topic" | "tag" => !self.is_subject(),
            "exact" => !matches!(self, Self::Site(_)),
            _ => true,
        }
    }

    /// The one key by which we name it ourselves: a unit's slug, because codes come to mean other units.
    pub(super) fn key(self) -> String {
        match self {
            Self::Site(site) => site.host.to_string(),
            Self::Unit(unit) => unit.slug.to_string(),
            Self::Category(category, _) => GlobalId::new(NodeType::Category, category.id.as_uuid()).to_string(),
            Self::Topic(topic) => topic.code.to_string(),
        }
    }

    /// The list it stands for.
    pub(super) fn names(self, key: &str) -> ListNames<'_> {
        let key = Some(key);
        match self {
            Self::Site(_) => ListNames { site: key, ..ListNames::default() },
            Self::Unit(_) => ListNames { unit: key, ..ListNames::default() },
            Self::Category(..) => ListNames { category: key, ..ListNames::default() },
            Self::Topic(_) => ListNames { topic: key, ..ListNames::default() },
        }
    }

    pub(super) const fn is_subject(self) -> bool {
        matches!(self, Self::Topic(_))
    }

    pub(super) fn title(self) -> String {
        match self {
            Self::Site(site) => site.name.clone(),
            Self::Unit(unit) => unit.full_name.clone(),
            Self::Category(category, site) => format!("{} – {}", category.name, site.name),
            Self::Topic(topic) => topic.name_vi.clone(),
        }
    }

    /// What it holds; `is_exact` without what lies below.
    pub(super) fn subtitle(self, is_exact: bool) -> String {
        match self {
            Self::Site(site) => format!("Tin, bài đã đăng trên {}", site.name),
            Self::Unit(unit) if is_exact => format!("Tin, bài của {}", unit.full_name),
            Self::Unit(unit) => format!("Tin, bài của {} và các đơn vị trực thuộc", unit.full_name),
            Self::Category(category, site) => format!("Tin, bài trong chuyên mục {} của {}", category.name, site.name),
            Self::Topic(topic) => format!("Tin, bài về {} trên các cổng và trang thông tin điện tử", topic.name_vi),
        }
    }

    /// The office that answers for the feed. For a topic there are many, and each item names its own.
    pub(super) fn office(self) -> String {
        match self {
            Self::Site(site) | Self::Category(_, site) => site.name.clone(),
            Self::Unit(unit) => unit.full_name.clone(),
            Self::Topic(_) => "Các cổng và trang thông tin điện tử đăng tin, bài".to_owned(),
        }
    }

    pub(super) fn language(self) -> &'a str {
        match self {
            Self::Site(site) | Self::Category(_, site) => &site.language,
            Self::Unit(_) | Self::Topic(_) => language::MAIN,
        }
    }

    /// The page for people: the site's, the unit's first site's, or else our own.
    pub(super) fn home(self, reading: &Reading) -> Url {
        let site = match self {
            Self::Site(site) | Self::Category(_, site) => Some(site),
            Self::Unit(unit) => reading.reference.sites.of_unit(unit.id).next(),
            Self::Topic(_) => None,
        };
        let ours = Ours(&reading.public_url);
        site.map_or_else(|| ours.at(&[""]), |site| home_url(site, ours))
    }

    /// Whether nothing will be added any more: the site is closed, or every site below the unit is.
    pub(super) fn is_closed(self, reference: &Snapshot, now: Timestamp) -> bool {
        match self {
            Self::Site(site) | Self::Category(_, site) => is_closed(site, now),
            Self::Unit(unit) => {
                let mut sites = reference.sites.below(&reference.units, unit.id).peekable();
                sites.peek().is_some() && sites.all(|site| is_closed(site, now))
            }
            Self::Topic(_) => false,
        }
    }
}

/// Whether a site has pages that people read.
pub(super) fn is_public(site: &Site) -> bool {
    site.kind != SiteKind::Catalogue
}

pub(super) fn is_closed(site: &Site, now: Timestamp) -> bool {
    site.is_closed_on(now.local_day())
}

/// The address of a site's home page; its host when what is stored is none.
pub(super) fn home_url(site: &Site, ours: Ours<'_>) -> Url {
    let host = || format!("https://{}/", site.host).parse();
    site.home_url.parse().or_else(|_| host()).unwrap_or_else(|_| ours.at(&[""]))
}
