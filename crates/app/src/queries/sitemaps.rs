//! What sitemaps list: the addresses of one site, by calendar month of publication.
//!
//! A month is a range of the site's list, so that a sitemap is one range scan and keeps its address for ever, however
//! many articles follow. A month with more articles than one sitemap may hold (an import that lost its dates) goes on
//! in numbered parts. The index of a site needs to know only which months have articles: it never reads the articles.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Months, NaiveDate};

use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::SiteId;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::{Timestamp, start_of_day};
use lienthong_persistence::live_addresses::{self, LiveAddress, Slice, Span};

use crate::app::App;
use crate::error::Error;
use crate::queries::Tags;

/// Addresses in one sitemap at most (<https://www.sitemaps.org/protocol.html>).
pub const PART_SIZE: u32 = 50_000;

/// Parts of one month at most.
const MAX_PARTS: u32 = 20;

/// Months in one index at most: a hundred years.
const MAX_MONTHS: usize = 1_200;

/// Articles in one news sitemap at most
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
const MAX_NEWS: u32 = 1_000;

/// For how long an article is news, in seconds: two days.
const NEWS_AGE: i64 = 2 * 24 * 60 * 60;

/// A calendar month in Vietnam: `2024-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// One sitemap of a site: `2024-07`, then `2024-07-2` for what does not fit into the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitemapPart {
    /// The month.
    pub month: Month,
    /// 1 for the first.
    pub number: u32,
}

/// Not the name of a sitemap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sitemap is named by its month, such as 2024-07, and by 2024-07-2 for a second part")]
pub struct NotASitemapPart;

/// The sitemaps of a site that have addresses, latest month first: two statements.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn parts(app: &App, site: SiteId, tags: &Tags, now: Timestamp) -> Result<Vec<SitemapPart>, Error> {
    let scope = site_scope(site, tags);
    let Some(first) = live_addresses::first(app.store(), scope).await? else { return Ok(Vec::new()) };
    let months: Vec<Month> = Month::of(now).down_to(Month::of(first)).take(MAX_MONTHS).collect();
    let spans: Vec<Span> = months.iter().map(|month| month.span()).collect();
    let counts = live_addresses::counts(app.store(), scope, &spans, MAX_PARTS * PART_SIZE).await?;
    let parts_of =
        |(month, count): (Month, u32)| (1..=count.div_ceil(PART_SIZE)).map(move |number| SitemapPart { month, number });
    Ok(months.into_iter().zip(counts).flat_map(parts_of).collect())
}

/// The addresses of one sitemap, earliest first, so that a full part keeps its content. One statement.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn part(
    app: &App,
    site: SiteId,
    part: SitemapPart,
    tags: &Tags,
    now: Timestamp,
) -> Result<Vec<LiveAddress>, Error> {
    let slice = Slice {
        scope: site_scope(site, tags),
        span: part.month.span(),
        latest_first: false,
        limit: PART_SIZE,
        offset: part.number.saturating_sub(1).saturating_mul(PART_SIZE),
    };
    Ok(live_addresses::read(app.store(), slice, now).await?)
}

/// What a site published in the last two days, latest first. One statement.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn news(app: &App, site: SiteId, tags: &Tags, now: Timestamp) -> Result<Vec<LiveAddress>, Error> {
    let slice = Slice {
        scope: site_scope(site, tags),
        span: (now.plus_seconds(-NEWS_AGE), now.plus_seconds(1)),
        latest_first: true,
        limit: MAX_NEWS,
        offset: 0,
    };
    Ok(live_addresses::read(app.store(), slice, now).await?)
}

fn site_scope(site: SiteId, tags: &Tags) -> ScopeKey {
    let scope = ScopeKey::list(EntryKind::Article, Place::Site(site), &Subject::Any);
    tags.add(scope);
    scope
}

impl Month {
    /// The month in which an instant falls in Vietnam.
    pub fn of(time: Timestamp) -> Self {
        let day = time.local_day();
        Self(day.with_day(1).unwrap_or(day))
    }

    /// From its first instant to the first instant of the next month, in Vietnam.
    pub fn span(self) -> Span {
        let next = self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        (start_of_day(self.0), start_of_day(next))
    }

    /// This month and those before it, down to `earliest`.
    fn down_to(self, earliest: Self) -> impl Iterator<Item = Self> {
        let before = |month: &Self| month.0.checked_sub_months(Months::new(1)).map(Self);
        std::iter::successors(Some(self), before).take_while(move |month| *month >= earliest)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl fmt::Display for SitemapPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 | 1 => self.month.fmt(f),
            number => write!(f, "{}-{number}", self.month),
        }
    }
}

/// Exactly what [`SitemapPart`] is shown as: one sitemap has one address.
impl FromStr for SitemapPart {
    type Err = NotASitemapPart;

    fn from_str(text: &str) -> Result<Self, NotASitemapPart> {
        let numbers: Vec<u32> = text.split('-').map_while(|part| part.parse().ok()).collect();
        let (year, month, number) = match numbers.as_slice() {
            [year, month] => (*year, *month, 1),
            [year, month, number] => (*year, *month, *number),
            _ => return Err(NotASitemapPart),
        };
        let year = i32::try_from(year).map_err(|_| NotASitemapPart)?;
        let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(NotASitemapPart)?;
        let part = Self { month: Month(first), number };
        let is_canonical = (1..=MAX_PARTS).contains(&number) && part.to_string() == text;
        if is_canonical { Ok(part) } else { Err(NotASitemapPart) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_in_vietnam() {
        let month = Month::of(at("2024-06-30T17:00:00Z"));
        assert_eq!(month.to_string(), "2024-07");
        assert_eq!(month.span(), (at("2024-07-01T00:00:00+07:00"), at("2024-08-01T00:00:00+07:00")));
        assert_eq!(Month::of(at("2024-06-30T16:59:59.999999Z")).to_string(), "2024-06");
        assert_eq!(Month::of(at("2024-12-31T23:00:00+07:00")).span().1, at("2025-01-01T00:00:00+07:00"));
    }

    #[test]
    fn months_are_counted_down_without_a_gap() {
        let months = Month::of(at("2024-02-10T00:00:00Z")).down_to(Month::of(at("2023-11-30T00:00:00Z")));
        let names: Vec<String> = months.map(|month| month.to_string()).collect();
        assert_eq!(names, ["2024-02", "2024-01", "2023-12", "2023-11"]);
        assert_eq!(Month::of(at("2024-02-10T00:00:00Z")).down_to(Month::of(at("2024-03-10T00:00:00Z"))).count(), 0);
    }

    #[test]
    fn a_sitemap_has_one_name() {
        for name in ["2024-07", "2024-07-2", "1999-12-20"] {
            assert_eq!(name.parse::<SitemapPart>().unwrap().to_string(), name);
        }
        for name in [
            "",
            "2024",
            "2024-7",
            "2024-13",
            "2024-07-",
            "2024-07-0",
            "2024-07-1",
            "2024-07-02",
            "2024-07-21",
            "-2024-07",
            "2024-07-2-2",
            "+2024-07",
            "24-07",
            "2024-07x",
            "4294967295-07",
        ] {
            assert!(name.parse::<SitemapPart>().is_err(), "{name}");
        }
    }
}
