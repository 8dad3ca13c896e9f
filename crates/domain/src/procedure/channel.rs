//! The table "Cách thức thực hiện": how a dossier may be handed in, how long it takes and what it costs.
//!
//! The national export flattens the table without separators
//! (`…Mô tảTrực tuyến5 Ngày làm việc10 USD(/lần)Dịch vụ bưu chính5 Ngày…`), so a row is recognised by its beginning: a
//! channel name, directly followed by a time cell, directly followed by a fee cell. The same words inside a sentence are
//! followed by a space.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::discrepancy::{self, Discrepancy};
use super::fee::{self, Fee};
use super::record::{Field, NO_INFORMATION, present};
use super::report::{Findings, Reason};
use super::scan;
use super::time::{self, ProcessingTime};

/// How a dossier is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Trực tuyến.
    Online,
    /// Dịch vụ bưu chính.
    Post,
    /// Trực tiếp.
    InPerson,
}

/// One row. A method may have several rows, each with its own time and fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// How the dossier is handed in.
    pub method: Method,
    /// The time the column states, if any.
    pub time: Option<ProcessingTime>,
    /// The fees the column states; empty when it says "Không có thông tin".
    pub fees: Vec<Fee>,
    /// The rest of the row, without spaces around it.
    pub description: Option<String>,
    /// Where the row contradicts itself. Both sides are kept; people decide.
    pub discrepancies: Vec<Discrepancy>,
    /// The whole row as found.
    pub verbatim: String,
}

/// All rows. `lead` and the rows' `verbatim`, put together, are the text of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelTable {
    /// What stands before the first row: the header.
    pub lead: String,
    /// The rows in the order found.
    pub rows: Vec<Channel>,
}

/// The beginning of a row.
struct Head {
    method: Method,
    /// Where the time cell begins and ends.
    time: (usize, usize),
    /// Whether the digits of time and fee can be parted in more than one way.
    glued: bool,
}

const HEADER: &str = "Hình thức nộpThời gianPhí, lệ phíMô tả";

const METHODS: [(&str, Method); 3] =
    [("Trực tuyến", Method::Online), ("Dịch vụ bưu chính", Method::Post), ("Trực tiếp", Method::InPerson)];

/// Fee cells in one row after which the rest is description.
const MOST_FEES: usize = 50;

/// Characters of the longest time cell in words that is believed.
const LONGEST_WORDS: usize = 400;

impl ChannelTable {
    /// The table's text, exactly as it was read.
    pub fn text(&self) -> String {
        self.rows.iter().fold(self.lead.clone(), |text, row| text + &row.verbatim)
    }

    /// Reads the flattened table.
    pub(super) fn read(text: &str, findings: &mut Findings) -> Self {
        let starts = row_starts(text);
        let lead = scan::between(text, 0, starts.first().map_or(text.len(), |(at, _)| *at));
        if starts.is_empty() {
            findings.add(Field::Channels, Reason::NotATable, text);
        } else if lead.trim() != HEADER {
            findings.add(Field::Channels, Reason::OutsideRows, lead);
        }
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        let rows = starts.iter().zip(ends).map(|((at, head), end)| row(scan::between(text, *at, end), head, findings));
        Self { rows: rows.collect(), lead: lead.to_owned() }
    }
}

fn row_starts(text: &str) -> Vec<(usize, Head)> {
    let mut starts: Vec<(usize, Head)> = Vec::new();
    let mut taken = 0;
    for (at, _) in text.char_indices() {
        if at < taken {
            continue;
        }
        if let Some(head) = head(scan::after(text, at)) {
            taken = at + head.time.1;
            starts.push((at, head));
        }
    }
    starts
}

/// Recognises the beginning of a row at the start of the text.
fn head(text: &str) -> Option<Head> {
    let (name, method) = scan::word(text, &METHODS)?;
    let rest = scan::after(text, name.len());
    let (length, glued) = time_cell(rest)?;
    Some(Head { method, time: (name.len(), name.len() + length), glued })
}

/// Bytes of the time cell that starts the text, and whether its end is ambiguous. `None` unless a fee cell follows.
fn time_cell(text: &str) -> Option<(usize, bool)> {
    let followed_by_fee = |length: usize| fee::token(scan::after(text, length)).is_some();
    let no_information = text.starts_with(NO_INFORMATION).then_some(NO_INFORMATION.len());
    if let Some(length) = no_information.or_else(|| time::number_with_unit(text)).filter(|end| followed_by_fee(*end)) {
        return Some((length, false));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return glued_number(text);
    }
    if fee::word_token(text).is_some() { Some((0, false)) } else { words(text).map(|length| (length, false)) }
}

/// A number without a unit, run together with the fee: `1Miễn phí`, `120 VNĐ` (1 and 20), `125 VNĐ` (1 and 25, or 12
/// and 5: ambiguous, the shorter time is taken).
fn glued_number(text: &str) -> Option<(usize, bool)> {
    let run = scan::digits(text);
    let mut ends = (1..=run).filter(|end| {
        let (time, rest) = scan::split(text, *end);
        (time == "0" || !time.starts_with('0')) && fee::token(rest).is_some() && is_plausible_amount(rest)
    });
    match (ends.next(), ends.next()) {
        (Some(end), another) => Some((end, another.is_some())),
        (None, _) => fee::token(text).map(|_| (0, false)),
    }
}

/// Amounts have no leading 0, and nought is printed as "Miễn phí".
fn is_plausible_amount(text: &str) -> bool {
    let number = scan::split(text, scan::number(text)).0;
    number.is_empty()
        || (!number.starts_with('0') && Decimal::read(number).is_some())
        || (number.starts_with("0.") && Decimal::read(number).is_some_and(|amount| !amount.is_zero()))
}

/// A time cell in words ("Không phải trả kết quả cho người nộp thuế"): it begins with a capital that touches the channel
/// name, holds no digit, line end or channel name, and touches a fee in words.
fn words(text: &str) -> Option<usize> {
    if !text.starts_with(char::is_uppercase) {
        return None;
    }
    for (at, c) in text.char_indices().take(LONGEST_WORDS) {
        let rest = scan::after(text, at);
        if at > 0 && fee::word_token(rest).is_some() {
            return Some(at);
        }
        if c.is_ascii_digit() || c == '\n' || scan::word(rest, &METHODS).is_some() {
            return None;
        }
    }
    None
}

fn row(text: &str, head: &Head, findings: &mut Findings) -> Channel {
    let (from, to) = head.time;
    let time = ProcessingTime::read(scan::between(text, from, to));
    let (fees, rest) = fees(scan::after(text, to), findings);
    if head.glued {
        findings.add(Field::Channels, Reason::GluedDigits, scan::split(text, text.len() - rest.len()).0);
    }
    let description = present(rest);
    let discrepancies = discrepancy::find(time.as_ref(), &fees, rest);
    Channel { method: head.method, time, fees, description, discrepancies, verbatim: text.to_owned() }
}

/// The fee cells that start the text, and what follows them.
fn fees<'t>(text: &'t str, findings: &mut Findings) -> (Vec<Fee>, &'t str) {
    let mut fees = Vec::new();
    let mut rest = text;
    let mut next = fee::take(rest);
    let mut cells = 0;
    while let Some(cell) = next.filter(|_| cells < MOST_FEES) {
        cells += 1;
        let (taken, after) = scan::split(rest, cell.length);
        if !cell.closed {
            findings.add(Field::Channels, Reason::UnclosedParenthesis, taken);
        }
        fees.extend(cell.fee);
        rest = after;
        next = fee::take_another(rest);
    }
    (fees, rest)
}
