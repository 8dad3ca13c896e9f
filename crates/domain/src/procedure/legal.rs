//! "Căn cứ pháp lý": a table of titles and numbers, flattened without separators.
//!
//! A number ends a row when it touches the text before it (it fills the second column) and what follows can begin a title.
//! Numbers inside titles have a space before them or a sentence after them.

use serde::{Deserialize, Serialize};

use super::number::{self, NumberSpan, number_key};
use super::record::{Field, present};
use super::report::{Findings, Reason};
use super::scan;

/// One document the procedure rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LegalBasis {
    /// The title as found; absent when the row holds nothing but a number.
    pub title: Option<String>,
    /// The number column as found: `123/2015/NĐ-CP`, sometimes `Nghị định số 33/2026/NĐ-CP`.
    pub number: Option<String>,
    /// The number in the one spelling that compares (see [`number_key`]).
    pub number_key: Option<String>,
    /// The whole row as found.
    pub verbatim: String,
}

const HEADER: &str = "Tên văn bản pháp lýMã văn bản";

/// Words that stand before the number in the same cell.
const KINDS: [&str; 24] = [
    "Nghị định",
    "NGHỊ ĐỊNH",
    "nghị định",
    "Thông tư liên tịch",
    "Thông tư",
    "THÔNG TƯ",
    "thông tư",
    "Bộ luật",
    "Bộ Luật",
    "Luật",
    "LUẬT",
    "Luất",
    "Nghị quyết",
    "NGHỊ QUYẾT",
    "Quyết định",
    "QUYẾT ĐỊNH",
    "Pháp lệnh",
    "Hiến pháp",
    "Văn bản hợp nhất",
    "NĐ",
    "TT",
    "NQ",
    "QĐ",
    "Lệnh",
];

/// Words that go on with a sentence though they touch the number.
const CONTINUATIONS: [&str; 5] = ["ngày", "của ", "và ", "về ", "năm "];

/// Reads the flattened table. The rows' `verbatim`, put together, are the text after the header.
pub(super) fn read(text: &str, findings: &mut Findings) -> Vec<LegalBasis> {
    let Some(body) = text.trim_start().strip_prefix(HEADER) else {
        findings.add(Field::LegalBases, Reason::NotATable, text);
        return Vec::new();
    };
    let mut rows = Vec::new();
    let mut from = 0;
    for span in number::find(body) {
        let cell = cell_start(body, span.start, from);
        if span.start >= from && ends_row(body, cell, span, from) {
            rows.push(row(body, from, cell, span));
            from = span.end;
        }
    }
    rows.extend(remainder(scan::after(body, from), findings));
    rows
}

fn row(body: &str, from: usize, cell: usize, span: NumberSpan) -> LegalBasis {
    LegalBasis {
        title: present(scan::between(body, from, cell)),
        number: present(scan::between(body, cell, span.end)),
        number_key: Some(number_key(scan::between(body, span.start, span.end))),
        verbatim: scan::between(body, from, span.end).to_owned(),
    }
}

/// Where the cell with the number begins: "số" and the kind of document may stand before the digits. A kind that begins the
/// row and touches the digits is the title: `Luật82/2015/QH13`.
fn cell_start(body: &str, number: usize, from: usize) -> usize {
    let head = scan::between(body, from, number);
    let bare = head.trim_end().trim_end_matches(':').trim_end();
    let without_so = ["số", "SỐ", "Số"].iter().find_map(|word| bare.strip_suffix(word)).unwrap_or(head);
    let before_kind = without_so.trim_end();
    let kind = KINDS.iter().filter(|kind| before_kind.ends_with(**kind)).max_by_key(|kind| kind.len());
    let start = kind.map_or(without_so.len(), |kind| before_kind.len() - kind.len());
    let is_title = start == 0 && kind.is_some_and(|kind| kind.len() == head.len());
    if is_title { number } else { from + start }
}

fn ends_row(body: &str, cell: usize, span: NumberSpan, from: usize) -> bool {
    let rest = scan::after(body, span.end);
    let before = scan::char_before(body, cell);
    let touches_before = before.is_some_and(|c| (!c.is_whitespace() && !"(/“\"".contains(c)) || c == '\n');
    let next = number::find(rest).next();
    let next_fills_cell = next.is_some_and(|next| cell_start(rest, next.start, 0) == 0);
    if rest.is_empty() {
        return true;
    }
    begins_title(rest)
        && match (cell > from, touches_before) {
            (true, true) => true,
            // The title ends with a number, or the number column begins with a space: the next cell tells.
            (true, false) => rest.starts_with(char::is_alphabetic) && !next_fills_cell,
            // A number alone is the title, unless another title follows.
            (false, _) => cell == span.start && next.is_some_and(|next| next.start > 0) && !repeats(body, span),
        }
}

/// Whether the next number is the same one, so that this one is the title of the row.
fn repeats(body: &str, span: NumberSpan) -> bool {
    let rest = scan::after(body, span.end);
    let next = number::find(rest).next().map(|next| scan::between(rest, next.start, next.end));
    next == Some(scan::between(body, span.start, span.end))
}

/// Whether a title can begin here: at once, or after spaces with a word in title case.
fn begins_title(rest: &str) -> bool {
    let trimmed = rest.trim_start();
    let mut letters = trimmed.chars();
    if trimmed.len() == rest.len() {
        let touches = letters.next().is_some_and(|c| c.is_alphanumeric() || c == '“' || c == '\u{f0fc}');
        return touches && !CONTINUATIONS.iter().any(|word| rest.starts_with(word));
    }
    if rest.starts_with('\t') {
        return letters.next().is_some_and(char::is_alphanumeric);
    }
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// What follows the last number column: nothing, a title without a number, or the title twice.
fn remainder(rest: &str, findings: &mut Findings) -> Option<LegalBasis> {
    if rest.is_empty() {
        return None;
    }
    let (first, second) = scan::split(rest, rest.len() / 2);
    let title = if first == second && first.contains(' ') { first } else { rest };
    let number = number::find(title).next().map(|span| scan::between(title, span.start, span.end));
    if number.is_none() && present(rest).is_some() {
        findings.add(Field::LegalBases, Reason::NumberMissing, rest);
    }
    Some(LegalBasis {
        title: present(title),
        number: number.map(str::to_owned),
        number_key: number.map(number_key),
        verbatim: rest.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(body: &str) -> Vec<(Option<String>, Option<String>)> {
        let rows = read(&format!("{HEADER}{body}"), &mut Findings::default());
        assert_eq!(rows.iter().map(|row| row.verbatim.as_str()).collect::<String>(), body);
        rows.into_iter().map(|row| (row.title, row.number)).collect()
    }

    /// Bodies of tables with their titles and numbers.
    const TABLES: [(&str, &[(&str, &str)]); 10] = [
        (
            "Nghị định 156/2018/NĐ-CP156/2018/NĐ-CPSửa đổi một số điều42/2026/NĐ-CP",
            &[("Nghị định 156/2018/NĐ-CP", "156/2018/NĐ-CP"), ("Sửa đổi một số điều", "42/2026/NĐ-CP")],
        ),
        (
            "Nghị định 101/2024/NĐ-CPNghị định 101/2024/NĐ-CPLuật Đất đai31/2024/QH15",
            &[("Nghị định 101/2024/NĐ-CP", "Nghị định 101/2024/NĐ-CP"), ("Luật Đất đai", "31/2024/QH15")],
        ),
        (
            "193/2025/NĐ-CP193/2025/NĐ-CPLuật Khoáng sản54/2024/QH15",
            &[("193/2025/NĐ-CP", "193/2025/NĐ-CP"), ("Luật Khoáng sản", "54/2024/QH15")],
        ),
        (
            "quy định chi tiết Luật Thú ysố 07/2026/TT-BNNMTsửa đổi các nghị địnhNghị định số 33/2026/NĐ-CP",
            &[
                ("quy định chi tiết Luật Thú y", "số 07/2026/TT-BNNMT"),
                ("sửa đổi các nghị định", "Nghị định số 33/2026/NĐ-CP"),
            ],
        ),
        (
            "Thông tư số 53/2025/TT-BCAngày 01/7/2025 sửa đổi Thông tư số 55/2021/TT-BCA ngày 15/5/202153/2025/TT-BCA",
            &[(
                "Thông tư số 53/2025/TT-BCAngày 01/7/2025 sửa đổi Thông tư số 55/2021/TT-BCA ngày 15/5/2021",
                "53/2025/TT-BCA",
            )],
        ),
        (
            "Giảm thủ tục18/2026/NĐ-CP Nghị định quy định về hộ tịch87/2020/NĐ-CP",
            &[("Giảm thủ tục", "18/2026/NĐ-CP"), ("Nghị định quy định về hộ tịch", "87/2020/NĐ-CP")],
        ),
        (
            "Luật82/2015/QH13Nghị định76/2012/NĐ-CPThông tư 12/2015/TT-BCA - Quy trình12/2015/TT-BCA",
            &[
                ("Luật", "82/2015/QH13"),
                ("Nghị định", "76/2012/NĐ-CP"),
                ("Thông tư 12/2015/TT-BCA - Quy trình", "12/2015/TT-BCA"),
            ],
        ),
        (
            "Luật Trồng trọt Luật số 31/2018/QH14Quy định về thuốc thú y\n21/2015/TT-BNNPTNTLuật Thú y79/2015/QH13",
            &[
                ("Luật Trồng trọt", "Luật số 31/2018/QH14"),
                ("Quy định về thuốc thú y", "21/2015/TT-BNNPTNT"),
                ("Luật Thú y", "79/2015/QH13"),
            ],
        ),
        (
            "Pháp lệnh ưu đãi04/2012/UBTVQH13\t05/2013/TT-BLĐTBXH - Hướng dẫn05/2013/TT-BLĐTBXH",
            &[("Pháp lệnh ưu đãi", "04/2012/UBTVQH13"), ("05/2013/TT-BLĐTBXH - Hướng dẫn", "05/2013/TT-BLĐTBXH")],
        ),
        ("Luật Đầu tư 143/2025/QH15", &[("Luật Đầu tư", "143/2025/QH15")]),
    ];

    #[test]
    fn rows_part_at_the_numbers_that_fill_the_second_column() {
        for (body, expected) in TABLES {
            let expected: Vec<_> = expected
                .iter()
                .map(|(title, number)| (Some((*title).to_owned()), Some((*number).to_owned())))
                .collect();
            assert_eq!(pairs(body), expected, "{body}");
        }
    }
}
