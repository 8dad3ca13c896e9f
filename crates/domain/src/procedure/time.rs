//! Processing time as the channel table states it.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::record::is_absent;
use super::scan;

/// The unit of a processing time. Working days leave out weekends and public holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimeUnit {
    /// Phút.
    Minute,
    /// Giờ.
    Hour,
    /// Ngày làm việc.
    WorkingDay,
    /// Ngày.
    Day,
    /// Tuần.
    Week,
    /// Tháng.
    Month,
    /// Quý.
    Quarter,
    /// Năm.
    Year,
}

/// How long the authority may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingTime {
    /// The number, absent when the cell holds words only ("Không phải trả kết quả cho người nộp thuế").
    pub value: Option<Decimal>,
    /// The unit; **absent in the source for every ninth row** and never guessed.
    pub unit: Option<TimeUnit>,
    /// The cell as found.
    pub verbatim: String,
}

/// Units as the portal's column prints them, longer ones first.
const UNITS: [(&str, TimeUnit); 8] = [
    ("Ngày làm việc", TimeUnit::WorkingDay),
    ("Ngày", TimeUnit::Day),
    ("Giờ", TimeUnit::Hour),
    ("Phút", TimeUnit::Minute),
    ("Tuần", TimeUnit::Week),
    ("Tháng", TimeUnit::Month),
    ("Quý", TimeUnit::Quarter),
    ("Năm", TimeUnit::Year),
];

impl ProcessingTime {
    /// Reads a cell; `None` when it states nothing.
    pub(super) fn read(cell: &str) -> Option<Self> {
        if is_absent(cell) {
            return None;
        }
        let (number, rest) = scan::split(cell, scan::number(cell));
        let unit = scan::word(rest.trim_start(), &UNITS).map(|(_, unit)| unit);
        let value = if unit.is_some() || rest.trim().is_empty() { Decimal::read(number) } else { None };
        Some(Self { value, unit, verbatim: cell.to_owned() })
    }
}

/// Bytes of a leading "number unit" such as `5 Ngày làm việc`.
pub(super) fn number_with_unit(text: &str) -> Option<usize> {
    let number = scan::number(text);
    let rest = scan::after(text, number);
    let gap = scan::spaces(rest);
    let (unit, _) = scan::word(scan::after(rest, gap), &UNITS)?;
    (number > 0 && gap <= 1).then_some(number + gap + unit.len())
}
