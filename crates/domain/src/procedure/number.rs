//! Numbers of documents such as `123/2015/NĐ-CP`: finding them in text that lost its separators, and one key for all
//! their spellings.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::scan;

/// Where a number stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberSpan {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Types of documents that stand after the year.
const TYPES: [&str; 22] = [
    "UBTVQH", "NQLT", "TTLT", "VBHN", "NĐ", "ND", "TT", "QĐCB", "QĐ", "QD", "NQ", "QH", "PL", "CT", "HD", "KH", "TB",
    "SL", "CV", "HP", "HĐ", "L",
];

/// Issuing bodies, so that `NĐ-CPLuật` and `TT-BTCTHÔNG TƯ` part where they should. A longer name wins.
const BODIES: &str = "\
    CP СР TTg CTN QH UBTVQH VPCP VPQH HĐTP HĐND UBND TANDTC VKSNDTC KTNN \
    TTCP MTTW UBTƯMTTQVN BTC BTP BCA BQP BNG BNV BCT BXD BYT BTTTT BKHCN \
    BKHĐT BKH BGDĐT BGTVT BNNPTNT BNN BNNMT BTNMT BLĐTBXH BVHTTDL BVHTT BDTTG UBDT NHNN \
    BHXH TCHQ TCT UBCK BTS BTM BCN BTCCBCP TLĐ TƯ TW BCĐ";

/// One key for every spelling of a document number: `163/QĐ-BTP`, `163/QD-BTP` and `số 163/QÐ-BTP` are equal, and so are
/// `13/2023/NĐ-CP` and its look-alike with Cyrillic `СР`. Capital Latin letters without marks, no spaces, no "SỐ", no
/// leading 0 and no stray dot before a slash.
pub fn number_key(text: &str) -> String {
    let capitals = text.chars().flat_map(char::to_uppercase);
    let bare = capitals.nfd().filter(|c| !is_combining_mark(*c) && !c.is_whitespace()).map(latin);
    let compact: String = bare.collect();
    let mut key = compact.as_str();
    while let Some(rest) = ["SO:", "SO", "0"].iter().find_map(|prefix| key.strip_prefix(prefix)) {
        key = rest;
    }
    without_stray_dots(if key.is_empty() { &compact } else { key })
}

/// `569./QĐ-BXD` without the dot.
fn without_stray_dots(key: &str) -> String {
    let mut clean = String::with_capacity(key.len());
    for c in key.chars() {
        if c == '/' {
            clean.truncate(clean.trim_end_matches('.').len());
        }
        clean.push(c);
    }
    clean
}

/// Every number in the text, in order, without overlaps.
pub(super) fn find(text: &str) -> impl Iterator<Item = NumberSpan> + '_ {
    let mut taken = 0;
    scan::positions(text, "/").filter_map(move |slash| {
        if slash < taken {
            return None;
        }
        let start = digits_before(text, taken, slash)?;
        let end = symbol_end(text, slash + 1)?;
        taken = end;
        Some(NumberSpan { start, end })
    })
}

/// Letters that look Latin, as Latin.
fn latin(c: char) -> char {
    match c {
        'Đ' | 'Ð' | 'Ɖ' => 'D',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        '–' | '—' | '‑' | '_' => '-',
        other => other,
    }
}

/// Where the number before the slash begins: `66.7`, `1075a`, and in `29/6/202443/2024/QH15` the 43, for four digits that
/// are a year belong to the text before when more digits follow. Nothing before `taken` is looked at.
fn digits_before(text: &str, taken: usize, slash: usize) -> Option<usize> {
    let head = scan::between(text, taken, slash);
    let bare = head.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(head);
    let run = bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    let start = bare.len() - run;
    let digits = scan::after(bare, start);
    let is_year = run > 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let before_point = scan::split(bare, start).0.strip_suffix('.').unwrap_or("");
    let whole = before_point.bytes().rev().take_while(u8::is_ascii_digit).count();
    match run {
        0 => None,
        _ if is_year => Some(taken + start + 4),
        _ if (1..=3).contains(&whole) && run <= 2 => Some(taken + start - whole - 1),
        _ => Some(taken + start),
    }
}

/// Where the rest of the number ends: an optional year, a type, bodies joined by `-`.
fn symbol_end(text: &str, from: usize) -> Option<usize> {
    let year = scan::digits(scan::after(text, from));
    let has_year = year == 4 && scan::char_at(text, from + year) == Some('/');
    let mut at = if has_year { from + year + 1 } else { from };
    let kind = longest(scan::after(text, at), TYPES.into_iter())?;
    at += kind.len();
    if kind.ends_with("QH") {
        let term = scan::digits(scan::after(text, at));
        return if has_year { Some(at + term.min(2)) } else { None };
    }
    let first = at;
    while matches!(scan::char_at(text, at), Some('-' | '_')) {
        let gap = usize::from(
            scan::char_at(text, at + 1) == Some(' ') && longest(scan::after(text, at + 2), BODIES.split(' ')).is_some(),
        );
        match body(scan::after(text, at + 1 + gap)) {
            0 => break,
            length => at += 1 + gap + length,
        }
    }
    (has_year || at > first || kind == "QĐCB").then_some(at)
}

/// Bytes of the leading body: a known one, else the capitals up to the one that begins a word.
fn body(text: &str) -> usize {
    let known = longest(text, BODIES.split(' ')).map_or(0, str::len);
    if known > 0 {
        return known;
    }
    let capitals = text.len() - text.trim_start_matches(|c: char| c.is_uppercase() || c.is_ascii_digit()).len();
    let begins_word = scan::char_at(text, capitals).is_some_and(char::is_lowercase);
    let last = scan::split(text, capitals).0.chars().next_back().map_or(0, char::len_utf8);
    if begins_word { capitals - last } else { capitals }
}

fn longest<'w>(text: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    words.filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_have_one_key() {
        let cases = [
            ("163/QĐ-BTP", "163/QD-BTP"),
            ("163/QD-BTP", "163/QD-BTP"),
            ("số 163/QÐ-BTP", "163/QD-BTP"),
            ("SỐ 12/QĐ-NHNN", "12/QD-NHNN"),
            ("569./QĐ-BXD", "569/QD-BXD"),
            ("QĐ/0001-BTP", "QD/0001-BTP"),
            ("13/2023/NĐ-СР", "13/2023/ND-CP"),
            ("13/2023/nđ-ср", "13/2023/ND-CP"),
            ("06/2025/NĐ-CP", "6/2025/ND-CP"),
            (" 6 / 2025 / ND–CP ", "6/2025/ND-CP"),
            ("0", "0"),
        ];
        for (text, key) in cases {
            assert_eq!(number_key(text), key, "{text:?}");
        }
    }

    #[test]
    fn numbers_are_found_between_words_that_touch_them() {
        let cases: [(&str, &[&str]); 11] = [
            ("Luật số 43/2024/QH15 ngày 29/6/202443/2024/QH15Luật", &["43/2024/QH15", "43/2024/QH15"]),
            ("Luật 54/2014/QH1354/2014/QH13", &["54/2014/QH13", "54/2014/QH13"]),
            ("hai cấp151/2025/NĐ-CPCơ quan", &["151/2025/NĐ-CP"]),
            ("25/2021/TT-BTCTHÔNG TƯ", &["25/2021/TT-BTC"]),
            ("Nghị quyết số 66.7/2025/NQ-CP của", &["66.7/2025/NQ-CP"]),
            ("105/2016/TTLT-BQP-BCA-BLĐTBXHTên", &["105/2016/TTLT-BQP-BCA-BLĐTBXH"]),
            ("118/2025/NĐ-CQuy định", &["118/2025/NĐ-C"]),
            ("166/2016/NĐ-CP-Quy định 2222/QĐ-BHXH", &["166/2016/NĐ-CP", "2222/QĐ-BHXH"]),
            ("32/2024/QH1550/2025/TT-NHNN73/2025/TT-NHNN", &["32/2024/QH15", "50/2025/TT-NHNN", "73/2025/TT-NHNN"]),
            ("21/2008/TTLT- BQP-BTCQuyết định 31/2025/TT_BCA", &["21/2008/TTLT- BQP-BTC", "31/2025/TT_BCA"]),
            ("ngày 15/11/2015, 2/3 số người", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = find(text).map(|span| scan::between(text, span.start, span.end)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
