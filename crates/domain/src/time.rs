//! Points in time and calendar days. Stored and shown in UTC; rules and reports use Vietnamese local time.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{Asia::Ho_Chi_Minh, Tz};
use serde::{Deserialize, Serialize};

/// The zone of every rule and report: Indochina Time, +07:00 without daylight saving.
pub const VIETNAM: Tz = Ho_Chi_Minh;

/// A point in time, as microseconds since 1970-01-01T00:00:00Z. Shown as RFC 3339 with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A text that is not a time or a day in the form asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not an RFC 3339 date and time.
    #[error("{0:?} is not an RFC 3339 date and time such as 2024-07-07T23:59:59+07:00")]
    NotATime(String),
    /// Not an ISO 8601 calendar day.
    #[error("{0:?} is not a day such as 2024-07-07")]
    NotADay(String),
}

impl Timestamp {
    /// Wraps microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with any offset.
    ///
    /// # Errors
    /// [`TimeError::NotATime`] when the text is not RFC 3339.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        DateTime::parse_from_rfc3339(text)
            .map(|time| Self(time.timestamp_micros()))
            .map_err(|_| TimeError::NotATime(text.to_owned()))
    }

    /// The same instant as a chrono value. Times outside chrono's range (±262,000 years) become the epoch.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// The calendar day on which this instant falls in Vietnam.
    pub fn local_day(self) -> NaiveDate {
        self.to_utc().with_timezone(&VIETNAM).date_naive()
    }

    /// Later by `seconds`; saturates.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Reads a calendar day `YYYY-MM-DD`.
///
/// # Errors
/// [`TimeError::NotADay`] for anything else, days that do not exist included.
pub fn parse_day(text: &str) -> Result<NaiveDate, TimeError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| TimeError::NotADay(text.to_owned()))
}

/// Whole Vietnamese days, both ends included, as people write a period in a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

/// A period whose end lies before its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the period ends on {to}, before it starts on {from}")]
pub struct PeriodError {
    from: NaiveDate,
    to: NaiveDate,
}

impl Period {
    /// The days `from` to `to`, both included.
    ///
    /// # Errors
    /// [`PeriodError`] when `to` lies before `from`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, PeriodError> {
        if to < from { Err(PeriodError { from, to }) } else { Ok(Self { from, to }) }
    }

    /// First day.
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// Last day, included.
    pub const fn to(self) -> NaiveDate {
        self.to
    }

    /// The half-open interval of instants: from 00:00 on the first day to 00:00 after the last, in Vietnam.
    pub fn instants(self) -> (Timestamp, Timestamp) {
        let after = self.to.checked_add_signed(TimeDelta::days(1)).unwrap_or(self.to);
        (start_of_day(self.from), start_of_day(after))
    }
}

/// 00:00 in Vietnam on `day`.
pub fn start_of_day(day: NaiveDate) -> Timestamp {
    let midnight = NaiveDateTime::new(day, NaiveTime::MIN);
    // Vietnam has had no gap at midnight since 1975; earlier gaps fall back to the UTC reading.
    let utc = VIETNAM.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |t| t.to_utc());
    Timestamp::from(utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_covers_both_of_its_days_in_vietnamese_time() {
        let period = Period::new(parse_day("2024-01-01").unwrap(), parse_day("2024-07-07").unwrap()).unwrap();
        let (from, to) = period.instants();
        assert_eq!(from, Timestamp::parse("2024-01-01T00:00:00+07:00").unwrap());
        assert_eq!(to, Timestamp::parse("2024-07-08T00:00:00+07:00").unwrap());
    }

    #[test]
    fn a_period_that_ends_before_it_starts_is_refused() {
        let error = Period::new(parse_day("2024-07-07").unwrap(), parse_day("2024-01-01").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "the period ends on 2024-01-01, before it starts on 2024-07-07");
    }

    #[test]
    fn times_keep_microseconds_and_are_shown_in_utc() {
        let time = Timestamp::parse("2024-07-07T23:59:59.999999+07:00").unwrap();
        assert_eq!(time.to_string(), "2024-07-07T16:59:59.999999Z");
        assert_eq!(Timestamp::parse(&time.to_string()).unwrap(), time);
    }

    #[test]
    fn the_local_day_is_the_vietnamese_one() {
        let time = Timestamp::parse("2024-06-30T18:30:00Z").unwrap();
        assert_eq!(time.local_day(), parse_day("2024-07-01").unwrap());
    }
}
