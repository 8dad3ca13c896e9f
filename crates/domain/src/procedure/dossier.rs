//! "Thành phần hồ sơ": the papers to hand in, case by case.
//!
//! Each case is a heading, the header of its table and rows "name, file, copies" flattened without separators. A row ends
//! with its copies (`1 bản chính,1 bản sao`), which touch the name before and the next name after; the same words in a
//! sentence have a space on one side or a leading 0 (`01 bản chính`).

use serde::{Deserialize, Serialize};

use super::form;
use super::record::{Field, present};
use super::report::{Findings, Reason};
use super::scan;

/// The papers for one case, or for every case when `title` is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierCase {
    /// For whom or when these papers are asked for.
    pub title: Option<String>,
    /// The papers.
    pub items: Vec<DossierItem>,
    /// Heading and table header as found.
    pub heading: String,
    /// Text after the last row of the last case, as found.
    pub trailing: String,
}

/// One paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierItem {
    /// Its name, without the names of files.
    pub name: String,
    /// Names of the files (forms) offered for it.
    pub forms: Vec<String>,
    /// Number of originals; 0 occurs and means that only copies are asked for.
    pub originals: Option<u32>,
    /// Number of copies.
    pub copies: Option<u32>,
    /// The whole row as found.
    pub verbatim: String,
}

/// The copies column inside a text.
struct Quantity {
    start: usize,
    end: usize,
    originals: Option<u32>,
    copies: Option<u32>,
    /// Whether two digits touch a word, so that the first may belong to the name.
    glued: bool,
}

const HEADER: &str = "Tên giấy tờMẫu đơn, tờ khaiSố lượng";
const ORIGINALS: &str = " bản chính";
const COPIES: &str = " bản sao";

/// Reads the flattened tables. Headings, rows and trailing texts, put together, are the text.
pub(super) fn read(text: &str, findings: &mut Findings) -> Vec<DossierCase> {
    let headers: Vec<usize> = scan::positions(text, HEADER).collect();
    if headers.is_empty() {
        if !is_dashes(text) {
            findings.add(Field::Dossier, Reason::NotATable, text);
        }
        return Vec::new();
    }
    let ends = headers.iter().skip(1).copied().chain([text.len()]);
    let mut cases = Vec::new();
    let mut from = 0;
    for (header, end) in headers.iter().zip(ends) {
        let body_at = header + HEADER.len();
        let (items, taken) = items(scan::between(text, body_at, end), findings);
        let heading = scan::between(text, from, body_at).to_owned();
        let title = scan::between(text, from, *header);
        from = body_at + taken;
        cases.push(DossierCase { title: title_of(title), items, heading, trailing: String::new() });
    }
    let trailing = scan::after(text, from);
    if let Some(last) = cases.last_mut() {
        trailing.clone_into(&mut last.trailing);
    }
    if !is_dashes(trailing) && cases.last().is_some_and(|case| case.items.is_empty()) {
        findings.add(Field::Dossier, Reason::OutsideRows, trailing);
    }
    cases
}

/// The rows that start the text and the bytes they take.
fn items(text: &str, findings: &mut Findings) -> (Vec<DossierItem>, usize) {
    let mut items = Vec::new();
    let mut from = 0;
    for quantity in quantities(text) {
        let verbatim = scan::between(text, from, quantity.end);
        let (name, forms, clear) = form::part(scan::between(text, from, quantity.start));
        if quantity.glued {
            findings.add(Field::Dossier, Reason::GluedDigits, verbatim);
        }
        if !clear {
            findings.add(Field::Dossier, Reason::GluedFileName, verbatim);
        }
        let Quantity { originals, copies, end, .. } = quantity;
        items.push(DossierItem { name, forms, originals, copies, verbatim: verbatim.to_owned() });
        from = end;
    }
    (items, from)
}

fn quantities(text: &str) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    for at in scan::positions(text, " bản ") {
        let taken = found.last().map_or(0, |last| last.end);
        found.extend(quantity(text, at).filter(|quantity| quantity.start >= taken));
    }
    found
}

/// The copies column whose first " bản " stands here.
fn quantity(text: &str, at: usize) -> Option<Quantity> {
    let rest = scan::after(text, at);
    let (head, run) = (scan::split(text, at).0, trailing_digits(text, at));
    let taken = own_digits(head, run)?;
    let first = scan::between(text, at - taken, at).parse().ok();
    let (originals, copies, length) = if rest.starts_with(ORIGINALS) {
        let (copies, more) = further_copies(scan::after(rest, ORIGINALS.len()));
        (first, copies, ORIGINALS.len() + more)
    } else {
        (None, first, if rest.starts_with(COPIES) { COPIES.len() } else { return None })
    };
    let (start, end) = (at - taken, at + length);
    let glued = run == 2 && taken == 2;
    is_column(text, start, end).then_some(Quantity { start, end, originals, copies, glued })
}

/// `,1 bản sao` after the originals.
fn further_copies(text: &str) -> (Option<u32>, usize) {
    let Some(rest) = text.strip_prefix(',') else { return (None, 0) };
    let (digits, rest) = scan::split(rest, scan::digits(rest));
    match digits.parse() {
        Ok(copies) if rest.starts_with(COPIES) => (Some(copies), 1 + digits.len() + COPIES.len()),
        _ => (None, 0),
    }
}

fn trailing_digits(text: &str, at: usize) -> usize {
    scan::split(text, at).0.bytes().rev().take_while(u8::is_ascii_digit).count()
}

/// How many of the digits before " bản" are the column's: the last one (`Mẫu số 181` is form 18 and 1 original), but both
/// of two that touch a word. `01` is the spelling of sentences.
fn own_digits(head: &str, run: usize) -> Option<usize> {
    let digits = scan::after(head, head.len() - run);
    let before = scan::char_before(head, head.len() - run);
    match run {
        0 => None,
        2 if digits.starts_with('0') => None,
        2 if before.is_some_and(char::is_alphabetic) => Some(2),
        _ => Some(1),
    }
}

/// Whether the words touch their neighbours as cells do.
fn is_column(text: &str, start: usize, end: usize) -> bool {
    let before = scan::char_before(text, start);
    let rest = scan::after(text, end);
    let next = rest.chars().next();
    let next_word = rest.trim_start().chars().next();
    let touches_next = next.is_none_or(|c| !c.is_whitespace() && !",;/:".contains(c));
    let begins_anew = next_word.is_none_or(|c| !c.is_lowercase() && !c.is_ascii_digit() && !"(,;/:.".contains(c));
    match before {
        None | Some('(') => false,
        Some(c) if c.is_whitespace() => touches_next && !rest.starts_with([')', '.']),
        Some(_) => touches_next || begins_anew,
    }
}

fn title_of(text: &str) -> Option<String> {
    if is_dashes(text) { None } else { present(text) }
}

fn is_dashes(text: &str) -> bool {
    text.chars().all(|c| c == '-' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row<'t> = (&'t str, Vec<&'t str>, Option<u32>, Option<u32>);

    fn rows(case: &DossierCase) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for item in &case.items {
            let forms = item.forms.iter().map(String::as_str).collect();
            rows.push((item.name.as_str(), forms, item.originals, item.copies));
        }
        rows
    }

    #[test]
    fn rows_end_with_their_copies() {
        let cases = [
            (
                "Tờ khai.Mẫu 01.docx1 bản chínhẢnh 4x6 (02 bản chính)0 bản chính,1 bản sao",
                vec![
                    ("Tờ khai.", vec!["Mẫu 01.docx"], Some(1), None),
                    ("Ảnh 4x6 (02 bản chính)", vec![], Some(0), Some(1)),
                ],
            ),
            (
                "theo Mẫu số 181 bản chính,1 bản saoGiấy tờ2 bản sao",
                vec![("theo Mẫu số 18", vec![], Some(1), Some(1)), ("Giấy tờ", vec![], None, Some(2))],
            ),
            ("ngày 31/12/20251 bản chính", vec![("ngày 31/12/2025", vec![], Some(1), None)]),
            (
                "Bản kê: 01 bản chính;1 bản chính- Đơn1 bản chính",
                vec![("Bản kê: 01 bản chính;", vec![], Some(1), None), ("- Đơn", vec![], Some(1), None)],
            ),
            ("01 bản sao có chứng thực1 bản chính", vec![("01 bản sao có chứng thực", vec![], Some(1), None)]),
            ("Giấy tờ10 bản chính", vec![("Giấy tờ", vec![], Some(10), None)]),
        ];
        for (body, expected) in cases {
            let read = read(&format!("--{HEADER}{body}"), &mut Findings::default());
            assert_eq!(rows(read.first().unwrap()), expected, "{body}");
        }
    }

    #[test]
    fn each_case_keeps_its_title() {
        let text = format!(
            "* Giấy tờ phải nộp:{HEADER}Tờ khai1 bản chính* Giấy tờ phải xuất trình:{HEADER}Hộ chiếu1 bản chính"
        );
        let read = read(&text, &mut Findings::default());
        let titles: Vec<_> = read.iter().map(|case| case.title.as_deref()).collect();
        assert_eq!(titles, [Some("* Giấy tờ phải nộp:"), Some("* Giấy tờ phải xuất trình:")]);
    }

    #[test]
    fn dashes_are_an_empty_dossier_and_prose_is_reported() {
        let mut findings = Findings::default();
        assert_eq!(read("--", &mut findings), []);
        assert_eq!(read("Nộp hồ sơ cho cơ quan", &mut findings), []);
        assert_eq!(findings.into_vec().len(), 1);
    }
}
