//! The shapes of the demo: plain values, no ids of the database and no types of the product.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// An administrative unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoUnit {
    /// Unique key. Former units have the bare name, today's communes carry their kind (`xa-nghi-xuan`), so that
    /// `nghi-xuan` means the former district.
    pub slug: &'static str,
    /// Official code (2 or 5 digits); `None` for units of the old scheme, whose codes are not in our data.
    pub code: Option<&'static str>,
    /// Kind as the official table writes it: `tỉnh`, `huyện`, `xã`, `phường`, `thị trấn`.
    pub kind: &'static str,
    /// Name without the kind.
    pub name: &'static str,
    /// Name with the kind, capitalised.
    pub full_name: &'static str,
    /// Slug of the unit this one is or was part of.
    pub parent: Option<&'static str>,
    /// First day of existence; `None` where our data does not tell.
    pub valid_from: Option<NaiveDate>,
    /// Last day of existence; `None` while the unit exists.
    pub valid_to: Option<NaiveDate>,
}

/// One former unit taken over by one of today's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoSuccession {
    /// Slug of the former unit.
    pub from: &'static str,
    /// Slug of today's unit.
    pub to: &'static str,
    /// Which part went over; `None` when the unit went over whole.
    pub part: Option<&'static str>,
}

/// How a site is hosted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DemoSiteKind {
    /// Cổng thông tin điện tử.
    Portal,
    /// Trang thông tin điện tử thành phần.
    Component,
}

/// A site. Each unit of the demo has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoSite {
    /// Slug of the unit, which is also the key of the site.
    pub key: &'static str,
    /// Name as registered, which is the label in the report.
    pub name: &'static str,
    /// How it is hosted.
    pub kind: DemoSiteKind,
    /// Key of the portal that it is a component of.
    pub parent: Option<&'static str>,
    /// Host name, under the reserved domain `example` (RFC 2606).
    pub host: &'static str,
    /// First day of operation (invented).
    pub active_from: NaiveDate,
    /// Last day of operation; `None` while the site runs.
    pub active_to: Option<NaiveDate>,
}

/// One category of the template that every site of the demo gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoCategory {
    /// Unique within a site.
    pub slug: &'static str,
    /// Name in the menu.
    pub name: &'static str,
    /// Slug of the category above; parents come before their children.
    pub parent: Option<&'static str>,
    /// Code of the topic that it maps to.
    pub topic: &'static str,
}

/// An article with everything that an import needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoArticle {
    /// Stable across runs and unique across sites: `demo:xuan-hai:00042`.
    pub source_id: String,
    /// Key of the site.
    pub site: &'static str,
    /// Slug of the category.
    pub category: &'static str,
    /// Unique within the site.
    pub slug: String,
    /// One line of plain text.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// HTML, 0.8 to 3 KB, marked as demo content.
    pub body_html: String,
    /// Tags as written.
    pub tags: Vec<String>,
    /// Byline: a role, never a person.
    pub author: String,
    /// Lead image, on about half of the news.
    pub cover: Option<DemoCover>,
    /// Own work or taken over.
    pub origin: DemoOrigin,
    /// BCP 47 tag.
    pub language: &'static str,
    /// Where the article stands in its life, with the times.
    pub state: DemoState,
}

/// The lead image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoCover {
    /// Path of the image on our own server; [`crate::cover_svg`] draws it.
    pub path: String,
    /// What the image shows.
    pub alt: String,
    /// Caption.
    pub caption: String,
    /// Credit.
    pub credit: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Where the text comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DemoOrigin {
    /// Written for this site.
    Original,
    /// Taken over, quoted exactly.
    Repost {
        /// Name of the (invented) source.
        name: &'static str,
        /// Address there.
        url: String,
        /// Author there: a role.
        author: &'static str,
        /// When it was published there, always before it was published here.
        published_at: DateTime<Utc>,
    },
}

/// The life of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DemoState {
    /// Never published.
    Draft {
        /// When it was last saved.
        saved_at: DateTime<Utc>,
    },
    /// Public now.
    Published {
        /// First publication.
        first_at: DateTime<Utc>,
        /// A later major change.
        revision: Option<DemoRevision>,
    },
    /// Was public and is not any more.
    Withdrawn {
        /// First publication.
        first_at: DateTime<Utc>,
        /// Withdrawal.
        at: DateTime<Utc>,
    },
}

/// A major change of a published article; everything but the body stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoRevision {
    /// When the change was published.
    pub at: DateTime<Utc>,
    /// The new body.
    pub body_html: String,
}

/// One line of the report that the demo must yield.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ExpectedRow {
    /// TT: 1, 2, 3 …; ties get different ranks, as in the letter.
    pub rank: u32,
    /// Key of the site.
    pub site: &'static str,
    /// Name of the site.
    pub name: &'static str,
    /// Articles that count.
    pub total: u32,
}
