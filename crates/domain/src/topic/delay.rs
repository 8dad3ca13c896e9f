use std::convert::Infallible;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How days are counted. Laws mix both, so the unit stays with the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    /// `wd`: working days, by the public-holiday calendar with swapped days.
    WorkingDays,
    /// `d`: calendar days.
    CalendarDays,
}

/// A deadline relative to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Delay {
    /// Days after the event; negative when it must appear before.
    pub amount: i32,
    /// How they are counted.
    pub unit: DayUnit,
}

/// The "after event" column of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterEvent {
    /// The text of the catalogue: `5 wd (issuer 2 wd, in-scope body 10 wd)`.
    pub verbatim: String,
    /// The deadline at its head (`5 wd after change`) or after a lone `≤` at its end (`reply ≤ 15 d`). `None` when the text
    /// says something else (`at opening`, `quarterly`) or more than one number that way.
    pub delay: Option<Delay>,
}

/// The "max stale days" column of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxStale {
    /// The text of the catalogue: `107 (92 + 15)`, `expires with window`, `–`.
    pub verbatim: String,
    /// Days without any change after which the topic is stale. `None` when the text is not one number for all.
    pub days: Option<u32>,
}

impl FromStr for AfterEvent {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let delay = leading_delay(text).or_else(|| closing_delay(text));
        Ok(Self { verbatim: text.to_owned(), delay })
    }
}

impl FromStr for MaxStale {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, rest) = text.split_once(' ').unwrap_or((text, ""));
        let days = number.parse().ok().filter(|_| rest.is_empty() || rest.starts_with('('));
        Ok(Self { verbatim: text.to_owned(), days })
    }
}

fn leading_delay(text: &str) -> Option<Delay> {
    let (number, rest) = text.split_once(' ')?;
    let unit = day_unit(rest.split(' ').next()?)?;
    let (sign, digits) = match number.strip_prefix(['−', '-', '–']) {
        Some(digits) => (-1, digits),
        None => (1, number),
    };
    Some(Delay { amount: days(digits)? * sign, unit })
}

fn closing_delay(text: &str) -> Option<Delay> {
    let (_, limit) = text.split_once('≤')?;
    let (digits, unit) = limit.trim().split_once(' ')?;
    Some(Delay { amount: days(digits)?, unit: day_unit(unit)? })
}

fn day_unit(word: &str) -> Option<DayUnit> {
    match word {
        "wd" => Some(DayUnit::WorkingDays),
        "d" => Some(DayUnit::CalendarDays),
        _ => None,
    }
}

/// Unsigned digits only; the type keeps the product with a sign in range.
fn days(digits: &str) -> Option<i32> {
    digits.parse::<u16>().ok().filter(|_| !digits.starts_with('+')).map(i32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delay(text: &str) -> Option<(i32, DayUnit)> {
        let rule: AfterEvent = text.parse().unwrap();
        assert_eq!(rule.verbatim, text);
        rule.delay.map(|delay| (delay.amount, delay.unit))
    }

    #[test]
    fn simple_deadlines_are_understood_with_unit_and_sign() {
        use DayUnit::{CalendarDays, WorkingDays};
        let table = [
            ("5 wd after change", Some((5, WorkingDays))),
            ("5 wd (15 wd from issuance)", Some((5, WorkingDays))),
            ("−5 wd (before the day)", Some((-5, WorkingDays))),
            ("-7 wd", Some((-7, WorkingDays))),
            ("−3 d before occasion", Some((-3, CalendarDays))),
            ("30 d", Some((30, CalendarDays))),
            ("reply ≤ 15 d", Some((15, CalendarDays))),
            ("answer or progress ≤ 15 wd; out of scope: at once", None),
            ("on change in national DB (DB entry ≤ 5 wd, shortened ≤ 2 wd: NĐ63 Đ24)", None),
            ("quarterly", None),
            ("5 weeks", None),
            ("+5 wd", None),
            ("–", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(delay(text), expected, "{text}");
        }
    }

    #[test]
    fn staleness_is_a_number_only_where_it_is_one_for_all() {
        let table = [
            ("365", Some(365)),
            ("107 (92 + 15)", Some(107)),
            ("1 (sync age)", Some(1)),
            ("T 1, X 7 warn / 30 critical", None),
            ("7 warn", None),
            ("–", None),
            ("-1", None),
        ];
        for (text, days) in table {
            assert_eq!(text.parse::<MaxStale>().unwrap().days, days, "{text}");
        }
    }
}
