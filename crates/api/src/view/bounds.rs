//! The ends of a range of time in the parameters of a list.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Deserialize;

use lienthong_domain::time::{Timestamp, parse_day, start_of_day};

/// One end of a time range, as written in an address: an RFC 3339 time, or a day in Vietnam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Moment {
    Instant(Timestamp),
    Day(NaiveDate),
}

impl Moment {
    /// What it means as the beginning of a range: a day begins at 00:00 in Vietnam.
    pub(crate) fn start(self) -> Timestamp {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => start_of_day(day),
        }
    }

    /// What it means as the end of a range: a day counts to its end, as people write a period in a letter.
    pub(crate) fn end(self) -> Timestamp {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => start_of_day(day.succ_opt().unwrap_or(day)),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let day = parse_day(&text).map(Self::Day);
        day.or_else(|_| Timestamp::parse(&with_plus(&text)).map(Self::Instant))
            .map_err(|_| "must be a day such as 2024-07-07 or an RFC 3339 time such as 2024-07-07T23:59:59+07:00")
    }
}

/// The time as it was meant: the `+` of an offset that was not escaped arrives as a blank (URL Standard, form decoding), and
/// before five characters at the end, as in `07:00`, a blank can have been nothing else.
fn with_plus(text: &str) -> Cow<'_, str> {
    match text.rsplit_once(' ') {
        Some((time, offset)) if offset.len() == 5 => format!("{time}+{offset}").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::try_from(text.to_owned()).unwrap()
    }

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn days_are_whole_vietnamese_days_and_times_are_taken_as_they_are() {
        assert_eq!(moment("2024-01-01").start(), time("2023-12-31T17:00:00Z"));
        assert_eq!(moment("2024-07-07").end(), time("2024-07-07T17:00:00Z"));
        let instant = moment("2024-07-07T12:00:00.000001+07:00");
        assert_eq!([instant.start(), instant.end()], [time("2024-07-07T05:00:00.000001Z"); 2]);
    }

    #[test]
    fn a_plus_that_became_a_blank_is_still_a_plus() {
        let written = moment("2024-07-07T00:00:00+07:00");
        assert_eq!(moment("2024-07-07T00:00:00 07:00"), written);
        // A blank in the place of the T is RFC 3339 too (section 5.6).
        assert_eq!([moment("2024-07-07 00:00:00+07:00"), moment("2024-07-07 00:00:00 07:00")], [written; 2]);
        assert_eq!(written.start(), time("2024-07-06T17:00:00Z"));
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        let refused = [
            "",
            "2024",
            "2024-02-30",
            "07/07/2024",
            "2024-07-07T12:00:00",
            "2024-07-07T25:00:00Z",
            "hôm nay",
            "2024-07-07 07:00",
            " 07:00",
        ];
        for text in refused {
            let rule = Moment::try_from(text.to_owned()).unwrap_err();
            assert!(rule.contains("such as 2024-07-07T23:59:59+07:00"), "{text:?}");
        }
    }
}
