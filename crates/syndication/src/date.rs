//! Points in time as the formats write them, to the second.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};

/// `Asia/Ho_Chi_Minh` since 1975.
const VIETNAM: FixedOffset = match FixedOffset::east_opt(7 * 3600) {
    Some(offset) => offset,
    None => panic!("seven hours are a valid offset"),
};

/// RFC 822 section 5.1 with the four-digit year of RFC 1123 section 5.2.14, in Vietnamese time:
/// `Wed, 25 Nov 2026 08:00:00 +0700`.
pub(crate) fn rfc822(at: DateTime<Utc>) -> String {
    writable(at).with_timezone(&VIETNAM).format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// RFC 3339, which is also a W3C date and time, in UTC: `2026-11-25T01:00:00Z`.
pub(crate) fn rfc3339(at: DateTime<Utc>) -> String {
    writable(at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Years have four digits in every format: times outside the years 1 to 9999 become the nearest that can be written.
fn writable(at: DateTime<Utc>) -> DateTime<Utc> {
    const FIRST: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_214_400;
    DateTime::from_timestamp(at.timestamp().clamp(FIRST, LAST), 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_to_the_second_with_a_four_digit_year() {
        for (at, in_rfc822, in_rfc3339) in [
            ("2026-11-25T01:00:00.999999Z", "Wed, 25 Nov 2026 08:00:00 +0700", "2026-11-25T01:00:00Z"),
            ("2024-06-30T18:30:00Z", "Mon, 01 Jul 2024 01:30:00 +0700", "2024-06-30T18:30:00Z"),
            ("0988-02-29T00:00:00Z", "Fri, 29 Feb 0988 07:00:00 +0700", "0988-02-29T00:00:00Z"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!((rfc822(at).as_str(), rfc3339(at).as_str()), (in_rfc822, in_rfc3339));
        }
    }

    #[test]
    fn times_that_no_format_can_write_become_the_nearest_that_it_can() {
        for (at, in_rfc822, in_rfc3339) in [
            (DateTime::<Utc>::MIN_UTC, "Mon, 01 Jan 0001 07:00:00 +0700", "0001-01-01T00:00:00Z"),
            (DateTime::<Utc>::MAX_UTC, "Fri, 31 Dec 9999 07:00:00 +0700", "9999-12-31T00:00:00Z"),
        ] {
            assert_eq!((rfc822(at).as_str(), rfc3339(at).as_str()), (in_rfc822, in_rfc3339));
        }
    }
}
