//! What every site publishes and when: exact numbers inside the period of the report, and around it everything that a
//! wrong count would take in.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::model::DemoSite;
use crate::moments::chosen;
use crate::rng::Rng;
use crate::setting::{is_rest_day, later};
use crate::sites::counted;
use crate::units::{FIRST_DAY_OF_SUCCESSORS, day};

/// One article to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    /// First publication; for a draft, when it was saved.
    pub(crate) at: DateTime<Utc>,
    pub(crate) fate: Fate,
    /// The theme, where it is not left to chance.
    pub(crate) theme: Option<&'static str>,
}

/// What becomes of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Draft,
    Live,
    Revised(DateTime<Utc>),
    Withdrawn(DateTime<Utc>),
}

/// The slots of a site in the order of their times.
pub(crate) fn slots(site: &DemoSite) -> Vec<Slot> {
    let mut rng = Rng::named(&["plan", site.key]);
    let mut slots = chosen(site.key);
    let counted = slots.iter().filter(|slot| PERIOD.contains(slot.at)).count();
    for batch in batches(site, u32::try_from(counted).unwrap_or_default()) {
        slots.extend((0..batch.count).map(|_| batch.slot(&mut rng)));
    }
    slots.sort_by_key(|slot| slot.at);
    slots
}

/// The offset of every time that a person in Vietnam reads: +07:00 all year.
pub(crate) const VIETNAM: FixedOffset = match FixedOffset::east_opt(7 * 3_600) {
    Some(offset) => offset,
    None => unreachable!(),
};

/// Days from the first to the last, both included, in Vietnamese time.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: NaiveDate,
    last: NaiveDate,
}

/// The period of the report.
const PERIOD: Span = Span { first: day(2024, 1, 1), last: day(2024, 7, 7) };
const BEFORE: Span = Span { first: day(2023, 3, 1), last: day(2023, 12, 30) };
/// Ends early enough for a revision to come while the site still runs.
const AFTER: Span = Span { first: day(2024, 7, 9), last: day(2025, 5, 31) };
const SUCCESSORS: Span = Span { first: FIRST_DAY_OF_SUCCESSORS, last: day(2026, 9, 30) };

impl Span {
    fn contains(self, at: DateTime<Utc>) -> bool {
        (self.first..=self.last).contains(&at.with_timezone(&VIETNAM).date_naive())
    }

    /// A moment within, mostly in office hours and seldom on a Sunday.
    fn moment(self, rng: &mut Rng) -> DateTime<Utc> {
        let length = u32::try_from((self.last - self.first).num_days()).unwrap_or_default();
        let mut date = later(self.first, rng.between(0, length));
        if is_rest_day(date) {
            date = later(self.first, rng.between(0, length));
        }
        let (from, to) = if rng.chance(85) { (7 * 60, 17 * 60) } else { (17 * 60, 22 * 60) };
        local(date, rng.between(from, to) * 60 + rng.below(60))
    }
}

/// Articles of one site that share a span and a fate.
#[derive(Debug, Clone, Copy)]
struct Batch {
    span: Span,
    count: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Draft,
    Public,
    Withdrawn,
}

impl Batch {
    fn slot(self, rng: &mut Rng) -> Slot {
        let at = self.span.moment(rng);
        let days_after = |days: u32| at + Days::new(u64::from(days)) + TimeDelta::minutes(17);
        let fate = match self.kind {
            Kind::Draft => Fate::Draft,
            Kind::Public if rng.chance(3) => Fate::Revised(days_after(rng.between(1, 20))),
            Kind::Public => Fate::Live,
            Kind::Withdrawn => Fate::Withdrawn(days_after(rng.between(1, 25))),
        };
        Slot { at, fate, theme: None }
    }
}

fn batches(site: &DemoSite, already_counted: u32) -> Vec<Batch> {
    let public = |span, count| Batch { span, count, kind: Kind::Public };
    let hidden = |span, count, kind| Batch { span, count, kind };
    let Some(total) = counted(site.key) else {
        let ran_before = site.active_from < FIRST_DAY_OF_SUCCESSORS;
        let inside = if ran_before { 20 } else { 0 };
        return vec![public(PERIOD, inside), public(SUCCESSORS, 36), hidden(SUCCESSORS, 2, Kind::Draft)];
    };
    let around = (total / 12 + 6).min(60);
    vec![
        public(PERIOD, total - already_counted),
        public(BEFORE, around),
        public(AFTER, around),
        hidden(PERIOD, 3 + total / 400, Kind::Draft),
        hidden(PERIOD, 2 + total / 400, Kind::Withdrawn),
        hidden(AFTER, 1, Kind::Withdrawn),
    ]
}

/// `seconds` after midnight of `date` in Vietnam.
fn local(date: NaiveDate, seconds: u32) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(7);
    midnight + TimeDelta::seconds(i64::from(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::sites;

    #[test]
    fn local_midnight_is_seventeen_hours_utc_of_the_day_before() {
        let expected: DateTime<Utc> = "2023-12-31T17:00:00Z".parse().expect("a time");
        assert_eq!(local(day(2024, 1, 1), 0), expected);
    }

    #[test]
    fn every_site_is_active_whenever_something_happens_on_it() {
        for site in sites() {
            for slot in slots(site) {
                let last = match slot.fate {
                    Fate::Revised(at) | Fate::Withdrawn(at) => at,
                    Fate::Draft | Fate::Live => slot.at,
                };
                let days = [slot.at, last].map(|at| at.with_timezone(&VIETNAM).date_naive());
                let active = site.active_from..=site.active_to.unwrap_or(NaiveDate::MAX);
                assert!(days.iter().all(|day| active.contains(day)) && slot.at <= last, "{} {slot:?}", site.key);
            }
        }
    }

    #[test]
    fn slots_come_in_the_order_of_time() {
        assert!(sites().iter().all(|site| slots(site).is_sorted_by_key(|slot| slot.at)));
    }
}
