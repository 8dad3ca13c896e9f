//! "Kết quả xử lý": names and codes of results. The export's cell also swallows the keywords, the description and the
//! controls of the page that follow it.

use serde::{Deserialize, Serialize};

use super::record::{Field, present};
use super::report::{Findings, Reason};
use super::scan;

/// What the applicant receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The name as found.
    pub name: String,
    /// The code as found: `KQ.G15.000031`, older ones `000.00.00.G04-KQ003504`, a few arbitrary.
    pub code: Option<String>,
    /// The whole row as found.
    pub verbatim: String,
}

/// The cell parted at the labels it swallowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sections<'t> {
    pub(super) results: &'t str,
    pub(super) keywords: Option<&'t str>,
    pub(super) description: Option<&'t str>,
}

const KEYWORDS: &str = "Từ khóa";
const DESCRIPTION: &str = "Mô tả";
const PAGE_CONTROLS: &str = "Chọn cơ quan thực hiệnTỉnh/ Thành phố";
const CODE_LABEL: &str = "Mã:";

/// Parts the cell. Page controls are no content.
pub(super) fn sections(text: &str) -> Sections<'_> {
    let content = text.find(PAGE_CONTROLS).map_or(text, |at| scan::split(text, at).0);
    let parted = content.rfind(DESCRIPTION).and_then(|at| {
        let (before, description) = scan::split(content, at);
        let keywords = before.rfind(KEYWORDS)?;
        let (results, keywords) = scan::split(before, keywords);
        Some((results, scan::after(keywords, KEYWORDS.len()), scan::after(description, DESCRIPTION.len())))
    });
    match parted {
        Some((results, keywords, description)) => {
            Sections { results, keywords: Some(keywords), description: Some(description) }
        }
        None => Sections { results: content, keywords: None, description: None },
    }
}

/// Reads the results. The rows' `verbatim`, put together, are the text.
pub(super) fn read(text: &str, findings: &mut Findings) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut from = 0;
    for label in scan::positions(text, CODE_LABEL).filter(|at| is_label(text, *at)) {
        let after_label = scan::after(text, label + CODE_LABEL.len());
        let code_start = label + CODE_LABEL.len() + scan::spaces(after_label);
        let next = scan::positions(scan::after(text, code_start), CODE_LABEL).next();
        let code = code_length(scan::after(text, code_start), next.is_none());
        if label < from {
            continue;
        }
        outcomes.push(Outcome {
            name: scan::between(text, from, label).trim().to_owned(),
            code: present(scan::between(text, code_start, code_start + code)),
            verbatim: scan::between(text, from, code_start + code).to_owned(),
        });
        from = code_start + code;
    }
    outcomes.extend(without_code(scan::after(text, from), from == 0, findings));
    outcomes
}

/// The label touches the name before it or begins the text; "Mã: …" in a sentence has a space before it.
fn is_label(text: &str, at: usize) -> bool {
    scan::char_before(text, at).is_none_or(|c| !c.is_whitespace())
}

/// Bytes of the code. The last one is all that is left, provided it is one word; those before it end where their digits do.
fn code_length(text: &str, is_last: bool) -> usize {
    let whole = text.trim_end();
    if is_last && !whole.contains(char::is_whitespace) && whole.is_ascii() {
        return whole.len();
    }
    let letters =
        |rest: &str| rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()).len();
    let mut end = 0;
    loop {
        let rest = scan::after(text, end);
        let group = letters(rest);
        let group = scan::split(rest, group)
            .0
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(0, |at| at + 1)
            .max(known_prefix(rest));
        end += group;
        let joins = scan::after(text, end).starts_with(['.', '-']);
        let goes_on =
            scan::char_at(text, end + 1).is_some_and(|c| c.is_ascii_digit() || c == 'K' || c == 'G' || c == 'H');
        if group == 0 || !joins || !goes_on {
            return end;
        }
        end += 1;
    }
}

/// Groups of a code that end with a letter.
fn known_prefix(text: &str) -> usize {
    ["KQ", "TP"]
        .iter()
        .find(|prefix| text.strip_prefix(**prefix).is_some_and(|rest| rest.starts_with(['.', '-'])))
        .map_or(0, |prefix| prefix.len())
}

/// What follows the last code. A text without any code is one result; after a code it is a row that lost its own.
fn without_code(rest: &str, is_only: bool, findings: &mut Findings) -> Option<Outcome> {
    let name = present(rest)?;
    if !is_only {
        findings.add(Field::Results, Reason::ResultCodeMissing, rest);
    }
    Some(Outcome { name, code: None, verbatim: rest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row<'t> = (&'t str, Option<&'t str>);

    #[test]
    fn results_are_parted_at_their_codes() {
        let cases: [(&str, &[Row<'_>]); 6] = [
            (
                "Thông báo.Mã: KQ.G10.000921Giấy chứng nhận.Mã: KQ.G10.001148",
                &[("Thông báo.", Some("KQ.G10.000921")), ("Giấy chứng nhận.", Some("KQ.G10.001148"))],
            ),
            (
                "Quyết địnhMã: TP-G12.KQ.120Quyết địnhMã: 000.00.00.G12-KQ.032văn bảnMã: 000.00.00.G12-KQ235",
                &[
                    ("Quyết định", Some("TP-G12.KQ.120")),
                    ("Quyết định", Some("000.00.00.G12-KQ.032")),
                    ("văn bản", Some("000.00.00.G12-KQ235")),
                ],
            ),
            ("Văn bảnMã: KQ-G10-KQ-000002", &[("Văn bản", Some("KQ-G10-KQ-000002"))]),
            ("Văn bảnMã: adjfsbj", &[("Văn bản", Some("adjfsbj"))]),
            ("Giấy khai sinh", &[("Giấy khai sinh", None)]),
            (
                "Công vănMã: KQ000.00.00-026+ Công bốMã: KQ000.00.00-025",
                &[("Công văn", Some("KQ000.00.00-026")), ("+ Công bố", Some("KQ000.00.00-025"))],
            ),
        ];
        for (text, expected) in cases {
            let read = read(text, &mut Findings::default());
            let seen: Vec<_> = read.iter().map(|outcome| (outcome.name.as_str(), outcome.code.as_deref())).collect();
            assert_eq!(seen, expected, "{text}");
            assert_eq!(read.iter().map(|outcome| outcome.verbatim.as_str()).collect::<String>(), text);
        }
    }

    #[test]
    fn only_a_row_that_lost_its_code_is_reported() {
        for (text, reported) in
            [("Giấy khai sinh", 0), ("ThẻMã: KQ.G15.000031Giấy khai sinhMã: KQ.G15.000032 và sổ", 1)]
        {
            let mut findings = Findings::default();
            read(text, &mut findings);
            assert_eq!(findings.into_vec().len(), reported, "{text}");
        }
    }

    #[test]
    fn keywords_description_and_page_controls_are_cut_off() {
        let text = "Giấy khai sinhMã: KQ.G15.000031Từ khóaKhông có thông tinMô tảỦy ban.Chọn cơ quan thực hiệnTỉnh/ Thành phốNộp hồ sơ";
        let parted = sections(text);
        assert_eq!(parted.results, "Giấy khai sinhMã: KQ.G15.000031");
        assert_eq!((parted.keywords, parted.description), (Some("Không có thông tin"), Some("Ủy ban.")));
        assert_eq!(sections("Mô tả giấy").results, "Mô tả giấy");
    }
}
