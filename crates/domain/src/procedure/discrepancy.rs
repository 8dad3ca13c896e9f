//! Rows whose columns and words say different things. Found by comparing, never repaired: the reader must see both.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::fee::{Currency, Fee};
use super::scan;
use super::time::{ProcessingTime, TimeUnit};

/// A contradiction inside one row of the channel table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Discrepancy {
    /// The words name amounts in the currency of the column, and the column's amount is not among them.
    FeeDiffers {
        /// The column's fee as found.
        column: String,
        /// The amounts of the words as found.
        text: Vec<String>,
    },
    /// The column says "Miễn phí", the words name amounts.
    FreeButPriced {
        /// The amounts of the words as found.
        text: Vec<String>,
    },
    /// The column says "Miễn phí", the words say that the provincial People's Council sets the fee.
    FreeButSetByCouncil,
    /// The words give the column's number with another unit: "15 Ngày" against "15 ngày làm việc".
    TimeUnitDiffers {
        /// The column's time as found.
        column: String,
        /// The time of the words as found.
        text: String,
    },
    /// The words give a single duration, and it is not the column's.
    TimeDiffers {
        /// The column's time as found.
        column: String,
        /// The time of the words as found.
        text: String,
    },
}

/// A value with the words it was read from.
#[derive(Debug, PartialEq)]
struct Mention<'t, T> {
    value: Decimal,
    unit: T,
    verbatim: &'t str,
}

/// Currencies as sentences write them, longer ones first.
const CURRENCIES: [(&str, Currency); 9] = [
    ("Việt Nam Đồng", Currency::Vnd),
    ("đồng", Currency::Vnd),
    ("Đồng", Currency::Vnd),
    ("VNĐ", Currency::Vnd),
    ("vnđ", Currency::Vnd),
    ("VND", Currency::Vnd),
    ("đ", Currency::Vnd),
    ("USD", Currency::Usd),
    ("đô la", Currency::Usd),
];

/// Units as sentences write them, longer ones first.
const UNITS: [(&str, TimeUnit); 5] = [
    ("ngày làm việc", TimeUnit::WorkingDay),
    ("ngày", TimeUnit::Day),
    ("giờ", TimeUnit::Hour),
    ("tuần", TimeUnit::Week),
    ("tháng", TimeUnit::Month),
];

/// Characters of the longest number in words.
const LONGEST_SPELLED: usize = 40;

/// Everything in which the columns and the words of one row disagree.
pub(super) fn find(time: Option<&ProcessingTime>, fees: &[Fee], description: &str) -> Vec<Discrepancy> {
    let fee_findings = fees.iter().flat_map(|fee| of_fee(fee, description));
    let time_finding = time.and_then(|time| of_time(time, &mentions(description, duration)));
    fee_findings.chain(time_finding).collect()
}

fn of_fee(fee: &Fee, description: &str) -> Vec<Discrepancy> {
    let condition = fee.condition.as_deref().unwrap_or_default();
    let mut amounts = mentions(condition, amount);
    amounts.extend(mentions(description, amount));
    amounts.retain(|mention| !mention.value.is_zero() && fee.currency.is_none_or(|currency| currency == mention.unit));
    let text = || amounts.iter().map(|mention| mention.verbatim.to_owned()).collect();
    let council =
        [condition, description].iter().any(|words| words.contains("Hội đồng nhân dân") || words.contains("HĐND"));
    match fee.amount {
        Some(column) if !amounts.is_empty() && amounts.iter().all(|mention| mention.value != column) => {
            vec![Discrepancy::FeeDiffers { column: fee.verbatim.clone(), text: text() }]
        }
        None if fee.free => {
            let priced = (!amounts.is_empty()).then(|| Discrepancy::FreeButPriced { text: text() });
            priced.into_iter().chain(council.then_some(Discrepancy::FreeButSetByCouncil)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_time(time: &ProcessingTime, durations: &[Mention<'_, TimeUnit>]) -> Option<Discrepancy> {
    let (value, unit) = (time.value?, time.unit?);
    if durations.iter().any(|mention| mention.value == value && mention.unit == unit) {
        return None;
    }
    let column = time.verbatim.clone();
    if let Some(mention) = durations.iter().find(|mention| mention.value == value) {
        return Some(Discrepancy::TimeUnitDiffers { column, text: mention.verbatim.to_owned() });
    }
    match durations {
        [only] if only.unit != TimeUnit::Hour => {
            Some(Discrepancy::TimeDiffers { column, text: only.verbatim.to_owned() })
        }
        _ => None,
    }
}

/// Every place where `read` finds something after a number that starts a word.
fn mentions<T>(text: &str, read: fn(&str) -> Option<(usize, T)>) -> Vec<Mention<'_, T>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = scan::after(text, at).find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let number_length = scan::number(scan::after(text, start));
        at = start + number_length.max(1);
        let starts_word = scan::char_before(text, start).is_none_or(|c| !c.is_alphanumeric() && !"/.,".contains(c));
        let value = Decimal::read(scan::between(text, start, at)).filter(|_| starts_word);
        if let (Some(value), Some((length, unit))) = (value, read(scan::after(text, at))) {
            found.push(Mention { value, unit, verbatim: scan::between(text, start, at + length) });
        }
    }
    found
}

/// A currency after the number; `đ` only as a word of its own.
fn amount(text: &str) -> Option<(usize, Currency)> {
    let gap = scan::spaces(text).min(1);
    let (name, currency) = scan::word(scan::after(text, gap), &CURRENCIES)?;
    let end = gap + name.len();
    let ends_word = scan::char_at(text, end).is_none_or(|c| !c.is_alphabetic());
    ends_word.then_some((end, currency))
}

/// A unit of time after the number, perhaps after the number in words: "05 (năm) ngày". Dates are none: "11 tháng 01".
fn duration(text: &str) -> Option<(usize, TimeUnit)> {
    let rest = scan::after(text, scan::spaces(text));
    let spelled =
        rest.starts_with('(').then(|| rest.char_indices().take(LONGEST_SPELLED).find(|(_, c)| *c == ')')).flatten();
    let rest = spelled.map_or(rest, |(end, _)| scan::after(rest, end + 1));
    let rest = scan::after(rest, scan::spaces(rest));
    let (name, unit) = scan::word(rest, &UNITS)?;
    let is_date = scan::after(rest, name.len()).trim_start().starts_with(|c: char| c.is_ascii_digit());
    (!is_date).then_some((text.len() - rest.len() + name.len(), unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_durations_are_found_in_sentences() {
        let text = "Thu 7.000 đồng/lần (50.000đ nếu nộp trực tiếp), 10 USD; Thông tư 75/2022/TT-BTC, 5 điều";
        let amounts: Vec<_> = mentions(text, amount).iter().map(|mention| mention.verbatim).collect();
        assert_eq!(amounts, ["7.000 đồng", "50.000đ", "10 USD"]);
        let text = "Trong 05 ngày làm việc, 03 (ba) ngày, ngày 11 tháng 01 năm 2022, 2 tháng";
        let durations: Vec<_> = mentions(text, duration).iter().map(|mention| mention.verbatim).collect();
        assert_eq!(durations, ["05 ngày làm việc", "03 (ba) ngày", "2 tháng"]);
    }
}
