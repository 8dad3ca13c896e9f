//! Whether a site is used: what the offices above ask first (letters of Ba Tơ 2023 and Nghi Xuân 2024).

use chrono::{Days, NaiveDate};

use crate::registry::Site;
use crate::time::Timestamp;

/// Days without a new article after which a site counts as unused. No law or letter states a number since the day counts of
/// Decree 43/2011 went out of force: this one is ours.
pub const QUIET_DAYS: u64 = 90;

/// The first and the last article of a site, of those that are public now, by their first publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SiteActivity {
    /// The first one.
    pub first: Option<Timestamp>,
    /// The last one.
    pub last: Option<Timestamp>,
}

/// Where a site stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteStage {
    /// Made within the last [`QUIET_DAYS`] days, or still to begin, without an article yet.
    Provisioned,
    /// Made longer ago, without any article.
    NeverUsed,
    /// With a new article within the last [`QUIET_DAYS`] days.
    Active,
    /// Without one.
    Dormant,
    /// Closed: what it has stays readable, and nothing new is added.
    Archived,
}

impl SiteStage {
    /// The stage of `site` on `day`.
    pub fn of(site: &Site, activity: SiteActivity, day: NaiveDate) -> Self {
        let is_recent =
            |since: NaiveDate| since.checked_add_days(Days::new(QUIET_DAYS)).is_none_or(|quiet_from| day < quiet_from);
        match activity.last {
            _ if site.is_closed_on(day) => Self::Archived,
            None if is_recent(site.active_from) => Self::Provisioned,
            None => Self::NeverUsed,
            Some(last) if is_recent(last.local_day()) => Self::Active,
            Some(_) => Self::Dormant,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{SiteId, UnitId};
    use crate::registry::{ARTICLE_URL_TEMPLATE, SiteKind};
    use crate::time::parse_day;

    fn site(active_to: Option<&str>) -> Site {
        Site {
            id: SiteId::new(Timestamp::default()),
            unit: Some(UnitId::new(Timestamp::default())),
            kind: SiteKind::Standalone,
            parent: None,
            name: "Trang Thông tin điện tử xã Xuân Mỹ".to_owned(),
            host: "xuanmy.example.vn".parse().unwrap(),
            home_url: "https://xuanmy.example.vn/".to_owned(),
            article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
            language: "vi".to_owned(),
            active_from: parse_day("2024-01-01").unwrap(),
            active_to: active_to.map(|day| parse_day(day).unwrap()),
        }
    }

    #[test]
    fn the_stage_follows_from_days_and_articles() {
        // The last article came out on 1 May 2024 in Vietnam, still 30 April in UTC.
        let used = SiteActivity {
            first: Timestamp::parse("2024-02-01T00:00:00Z").ok(),
            last: Timestamp::parse("2024-04-30T17:00:00Z").ok(),
        };
        let unused = SiteActivity::default();
        let table = [
            (None, unused, "2023-12-31", SiteStage::Provisioned),
            (None, unused, "2024-03-30", SiteStage::Provisioned),
            (None, unused, "2024-03-31", SiteStage::NeverUsed),
            (None, used, "2024-07-29", SiteStage::Active),
            (None, used, "2024-07-30", SiteStage::Dormant),
            (Some("2024-06-30"), used, "2024-06-30", SiteStage::Active),
            (Some("2024-06-30"), used, "2024-07-01", SiteStage::Archived),
            (Some("2024-06-30"), unused, "2024-07-01", SiteStage::Archived),
        ];
        for (closed, activity, day, stage) in table {
            assert_eq!(SiteStage::of(&site(closed), activity, parse_day(day).unwrap()), stage, "{closed:?} {day}");
        }
    }
}
