//! Fees as the channel table states them.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::record::{NO_INFORMATION, present};
use super::scan;

/// What an amount is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Currency {
    /// Việt Nam đồng.
    Vnd,
    /// United States dollars, mostly at missions abroad.
    Usd,
    /// Euros.
    Eur,
    /// Per cent of something the condition names.
    Percent,
}

/// One fee of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fee {
    /// The amount of the column, exact; absent when free or not stated.
    pub amount: Option<Decimal>,
    /// What the amount is counted in.
    pub currency: Option<Currency>,
    /// Whether the column says "Miễn phí". The condition may contradict it; then the channel carries a discrepancy.
    pub free: bool,
    /// The text in parentheses after the amount: per what, for whom, under which rule.
    pub condition: Option<String>,
    /// The cell as found.
    pub verbatim: String,
}

/// A fee cell at the start of a text.
pub(super) struct FeeCell {
    /// `None` when the column says only that there is no information.
    pub(super) fee: Option<Fee>,
    /// Bytes it takes.
    pub(super) length: usize,
    /// Whether its parenthesis has an end.
    pub(super) closed: bool,
}

const FREE: &str = "Miễn phí";

/// Characters after which the end of a parenthesis is no longer looked for; twice the longest table seen.
const LONGEST_CONDITION: usize = 16 * 1024;

/// Currencies as the portal's column prints them, longer ones first.
const CURRENCIES: [(&str, Currency); 7] = [
    ("Việt Nam Đồng", Currency::Vnd),
    ("VNĐ", Currency::Vnd),
    ("VND", Currency::Vnd),
    ("Đồng", Currency::Vnd),
    ("USD", Currency::Usd),
    ("EUR", Currency::Eur),
    ("%", Currency::Percent),
];

/// Takes the fee cell, with its condition, that starts the text.
pub(super) fn take(text: &str) -> Option<FeeCell> {
    let token_length = token(text)?;
    let (token, rest) = scan::split(text, token_length);
    let (condition_length, closed) = if token == NO_INFORMATION { (0, true) } else { condition(rest) };
    let length = token_length + condition_length;
    let condition = scan::split(rest, condition_length).0;
    let inner = condition.strip_prefix('(').unwrap_or(condition);
    let inner = present(if closed { inner.strip_suffix(')').unwrap_or(inner) } else { inner });
    let verbatim = scan::split(text, length).0.to_owned();
    let fee = (token != NO_INFORMATION).then(|| Fee {
        amount: Decimal::read(scan::split(token, scan::number(token)).0),
        currency: CURRENCIES.iter().find(|(name, _)| token.ends_with(name)).map(|(_, currency)| *currency),
        free: token == FREE,
        condition: inner,
        verbatim,
    });
    Some(FeeCell { fee, length, closed })
}

/// Like [`take`], for a fee after another: words that begin a sentence are a description, not a fee.
pub(super) fn take_another(text: &str) -> Option<FeeCell> {
    let follower = scan::char_at(text, token(text)?);
    if follower.is_some_and(|c| c.is_whitespace() || c.is_lowercase() || ",.;:/".contains(c)) {
        None
    } else {
        take(text)
    }
}

/// Bytes of the leading "Miễn phí", "Không có thông tin" or amount with currency.
pub(super) fn token(text: &str) -> Option<usize> {
    word_token(text).or_else(|| amount_token(text))
}

/// Bytes of the leading "Miễn phí" or "Không có thông tin".
pub(super) fn word_token(text: &str) -> Option<usize> {
    [FREE, NO_INFORMATION].iter().find(|word| text.starts_with(**word)).map(|word| word.len())
}

fn amount_token(text: &str) -> Option<usize> {
    let number_length = scan::number(text);
    let (number, rest) = scan::split(text, number_length);
    Decimal::read(number)?;
    let gap = usize::from(rest.starts_with(' '));
    let (currency, _) = scan::word(scan::after(rest, gap), &CURRENCIES)?;
    Some(number_length + gap + currency.len())
}

/// Bytes of a leading parenthesis with all that is nested in it, and whether it is closed. One that is not closed ends at
/// the first `)` that the next cell touches, for no sentence goes on without a space there. `(1) ` numbers the
/// description and is no condition.
fn condition(text: &str) -> (usize, bool) {
    if !text.starts_with('(') || is_enumerator(text) {
        return (0, true);
    }
    let mut depth = 0_usize;
    let mut guess = None;
    for (at, c) in text.char_indices().take(LONGEST_CONDITION) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        let end = at + c.len_utf8();
        if depth == 0 {
            return (end, true);
        }
        let touched = scan::char_at(text, end).is_none_or(|next| !next.is_whitespace() && !",.;:)/".contains(next));
        if c == ')' && touched && guess.is_none() {
            guess = Some(end);
        }
    }
    (guess.unwrap_or(text.len()), false)
}

/// `(1) `, `(ii) `, `(a) `.
fn is_enumerator(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    inner.is_some_and(|(inner, rest)| {
        (1..=3).contains(&inner.len())
            && inner.chars().all(char::is_alphanumeric)
            && rest.starts_with(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fee_cells_are_read_with_their_conditions() {
        let cases = [
            ("Miễn phíTrực tiếp", (None, None, true, None, "Miễn phí")),
            ("10 USD(/lần)", (Some("10"), Some(Currency::Usd), false, Some("/lần"), "10 USD(/lần)")),
            ("8,000 VNĐ", (Some("8000"), Some(Currency::Vnd), false, None, "8,000 VNĐ")),
            (
                "1,200,000 Việt Nam Đồng(a (b) c)Nộp",
                (Some("1200000"), Some(Currency::Vnd), false, Some("a (b) c"), "1,200,000 Việt Nam Đồng(a (b) c)"),
            ),
            ("0.1%(giá trị)", (Some("0.1"), Some(Currency::Percent), false, Some("giá trị"), "0.1%(giá trị)")),
            (
                "400,000 VNĐ(đ/lần (thi (Miễn phí đến 30/6)7 ngày",
                (Some("400000"), Some(Currency::Vnd), false, Some("đ/lần (thi (Miễn phí đến 30/6)"), ""),
            ),
        ];
        for (text, (amount, currency, free, condition, verbatim)) in cases {
            let fee = take(text).unwrap().fee.unwrap();
            assert_eq!(fee.amount.map(|amount| amount.to_string()).as_deref(), amount, "{text}");
            assert_eq!((fee.currency, fee.free, fee.condition.as_deref()), (currency, free, condition), "{text}");
            if !verbatim.is_empty() {
                assert_eq!(fee.verbatim, verbatim);
            }
        }
    }

    #[test]
    fn no_information_is_no_fee_but_takes_its_place() {
        let cell = take("Không có thông tinNộp hồ sơ").unwrap();
        assert!(cell.fee.is_none());
        assert_eq!(cell.length, "Không có thông tin".len());
        assert_eq!(take("Không có thông tin(1) Trường hợp").unwrap().length, "Không có thông tin".len());
        assert_eq!(take("Miễn phí(ii) Trường hợp").unwrap().length, "Miễn phí".len());
        assert!(take("Nộp hồ sơ").is_none());
    }
}
