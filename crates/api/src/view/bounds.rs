//! The ends of a range of time in the parameters of a list.

use chrono::Days;

use lienthong_app::Error;
use lienthong_domain::time::{Timestamp, parse_day, start_of_day};

/// Reads `from`: an RFC 3339 time, or a day, which begins at 00:00 in Vietnam.
pub(crate) fn from_bound(text: &str) -> Result<Timestamp, Error> {
    match parse_day(text) {
        Ok(day) => Ok(start_of_day(day)),
        Err(_) => time("from", text),
    }
}

/// Reads `to`: an RFC 3339 time, before which the list ends, or a day, which is included as in a letter.
pub(crate) fn to_bound(text: &str) -> Result<Timestamp, Error> {
    match parse_day(text) {
        Ok(day) => Ok(start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day))),
        Err(_) => time("to", text),
    }
}

/// A `+` of a time zone that was not escaped arrives as a blank.
fn time(parameter: &'static str, text: &str) -> Result<Timestamp, Error> {
    let rule = || format!("{parameter} must be a day such as 2024-07-07 or a time such as 2024-07-07T23:59:59+07:00");
    Timestamp::parse(&text.replace(' ', "+")).map_err(|_| Error::bad_request(parameter, rule()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_vietnamese_days_and_both_ends_belong_to_the_range() {
        assert_eq!(from_bound("2024-07-07").unwrap().to_string(), "2024-07-06T17:00:00Z");
        assert_eq!(to_bound("2024-07-07").unwrap().to_string(), "2024-07-07T17:00:00Z");
    }

    #[test]
    fn a_time_is_taken_as_it_is_even_when_its_plus_became_a_blank() {
        for text in ["2024-07-07T00:00:00+07:00", "2024-07-07T00:00:00 07:00", "2024-07-06T17:00:00Z"] {
            assert_eq!(from_bound(text).unwrap().to_string(), "2024-07-06T17:00:00Z");
            assert_eq!(to_bound(text).unwrap().to_string(), "2024-07-06T17:00:00Z");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "yesterday", "07/07/2024", "2024-02-30", "2024-07-07T25:00:00Z"] {
            let error = to_bound(text).unwrap_err().to_string();
            assert!(error.contains("to must be a day such as 2024-07-07"), "{text}: {error}");
        }
    }
}
