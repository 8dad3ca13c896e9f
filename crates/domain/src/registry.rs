//! Reference values: units, sites, categories and topics as the rest of the product sees them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::agency::{AgencyIdentifier, AgencyKind};
use crate::host::HostName;
use crate::ids::{AgencyId, CategoryId, SiteId, TopicId, UnitId};
use crate::slug::Slug;
use crate::topic::TopicCode;
use crate::unit::{UnitCode, UnitKind};

/// An administrative unit, today's or a former one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Lasting identity; survives a change of code.
    pub id: UnitId,
    /// Official code. `None` for historic units whose code is not in the data: never invented.
    pub code: Option<UnitCode>,
    /// Kind, which also tells the level.
    pub kind: UnitKind,
    /// Name without the kind, such as `Nghi Xuân`.
    pub name: String,
    /// Name with the kind, such as `Xã Nghi Xuân`.
    pub full_name: String,
    /// English name where the source has one.
    pub name_en: Option<String>,
    /// Readable key, unique on the instance.
    pub slug: Slug,
    /// The unit this one is part of.
    pub parent: Option<UnitId>,
    /// First day on which the unit existed, where known.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which the unit existed; `None` while it does.
    pub valid_to: Option<NaiveDate>,
    /// What the source says of the former units merged into this one, verbatim.
    pub lineage: Option<String>,
}

impl Unit {
    /// Whether the unit existed on `day`.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// One edge of the many-to-many succession of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The former unit.
    pub predecessor: UnitId,
    /// The unit that took it over, or a part of it.
    pub successor: UnitId,
    /// What the source says of the part, verbatim; `None` when the whole unit went over.
    pub part: Option<String>,
}

/// An agency of a unit (cơ quan, phòng ban), today's or a former one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Lasting identity.
    pub id: AgencyId,
    /// Its identifier, unique on the instance.
    pub identifier: AgencyIdentifier,
    /// Its name.
    pub name: String,
    /// What sort of body it is.
    pub kind: AgencyKind,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The agency above it.
    pub parent: Option<AgencyId>,
    /// First day on which it existed, where known.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it existed; `None` while it does.
    pub valid_to: Option<NaiveDate>,
}

impl Agency {
    /// Whether the agency existed on `day`.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// How a site is hosted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// Cổng thông tin điện tử: the portal of a province, or formerly of a district.
    Portal,
    /// Trang thông tin điện tử riêng: a page of its own.
    Standalone,
    /// Trang thông tin điện tử thành phần: a component of a portal (NĐ 224/2026 Đ11 k1).
    Component,
    /// The national catalogue of procedures, held as a cached copy; no portal of its own.
    Catalogue,
}

impl SiteKind {
    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Standalone => "standalone",
            Self::Component => "component",
            Self::Catalogue => "catalogue",
        }
    }

    /// Reads [`SiteKind::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Portal, Self::Standalone, Self::Component, Self::Catalogue].into_iter().find(|k| k.as_str() == name)
    }
}

/// A site: what one editorial board publishes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Lasting identity.
    pub id: SiteId,
    /// The unit whose site it is. `None` exactly for the national catalogue of procedures, which is no unit's.
    pub unit: Option<UnitId>,
    /// How it is hosted.
    pub kind: SiteKind,
    /// The portal of which it is a component.
    pub parent: Option<SiteId>,
    /// Name as registered, which is also its label in reports.
    pub name: String,
    /// The host of its pages, in canonical form.
    pub host: HostName,
    /// Public address of the home page.
    pub home_url: String,
    /// Public address of an article, with the placeholders `{host}` and `{slug}`.
    pub article_url_template: String,
    /// Main language as a BCP 47 tag.
    pub language: String,
    /// First day of operation.
    pub active_from: NaiveDate,
    /// Last day of operation; `None` while it runs. A closed site stays readable.
    pub active_to: Option<NaiveDate>,
}

/// The host under which the national catalogue is registered. It has no pages of its own, and `.invalid` never resolves
/// (RFC 6761 section 6.4), so no portal can ever claim it.
pub const CATALOGUE_HOST: &str = "procedures.invalid";

/// The default of [`Site::article_url_template`].
pub const ARTICLE_URL_TEMPLATE: &str = "https://{host}/{slug}";

impl Site {
    /// The public address of the article `slug`.
    pub fn article_url(&self, slug: &str) -> String {
        self.article_url_template.replace("{host}", self.host.as_str()).replace("{slug}", slug)
    }

    /// Whether the site is an archive on `day`: what it has stays readable, and nothing new is added.
    pub fn is_closed_on(&self, day: NaiveDate) -> bool {
        self.active_to.is_some_and(|last| last < day)
    }

    /// Whether the site was in operation at some time in the days `from` to `to`.
    pub fn was_active_within(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.active_from <= to && self.active_to.is_none_or(|end| from <= end)
    }
}

/// A category (chuyên mục) of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Lasting identity.
    pub id: CategoryId,
    /// The site it belongs to.
    pub site: SiteId,
    /// The category above it.
    pub parent: Option<CategoryId>,
    /// Readable key, unique on the site.
    pub slug: Slug,
    /// Name as shown.
    pub name: String,
    /// The topic of the catalogue it maps to; `None` is a finding.
    pub topic: Option<TopicId>,
    /// Order among its siblings.
    pub position: i32,
}

/// A topic of the disclosure catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Lasting identity.
    pub id: TopicId,
    /// The province that has added it to the national catalogue, for its own sites; `None` for a national topic.
    pub unit: Option<UnitId>,
    /// The national topic of which it is a part, for a province's own topic that stands below one.
    pub parent: Option<TopicId>,
    /// Code such as `tt.tin`.
    pub code: TopicCode,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Levels it binds, as in the source: letters T, H, X.
    pub levels: String,
    /// Legal basis, verbatim: data with citations, never code.
    pub legal_basis: String,
    /// The rule on when it must appear, verbatim.
    pub after_event: String,
    /// Kind of basis, verbatim: L, F, H, R, D.
    pub basis_kind: String,
    /// Days after which the topic counts as stale, where the source gives a number.
    pub max_stale_days: Option<u32>,
    /// Notes of the source.
    pub notes: String,
}

impl Topic {
    /// Whether a site may use it: `units` are the site's unit and all units above it.
    pub fn is_valid_within(&self, units: &[UnitId]) -> bool {
        self.unit.is_none_or(|unit| units.contains(&unit))
    }
}
