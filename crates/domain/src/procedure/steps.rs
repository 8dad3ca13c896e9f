//! "Trình tự thực hiện": prose, in which "Bước n" begins a step when the numbers run on without a gap.

use serde::{Deserialize, Serialize};

use super::record::present;
use super::scan;

/// The order of acts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Steps {
    /// The whole text as found.
    pub text: Option<String>,
    /// What stands before the first step.
    pub preamble: Option<String>,
    /// The steps; empty when the text does not number them clearly. Numbers begin again at 1 for a new case.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its number in the text.
    pub number: u32,
    /// Its text without "Bước n:".
    pub text: String,
}

/// "Bước 2:" in the text.
struct Marker {
    start: usize,
    end: usize,
    number: u32,
}

const WORDS: [&str; 3] = ["Bước", "bước", "BƯỚC"];

/// Signs that may stand between the end of a sentence and "Bước".
const BULLETS: [char; 5] = ['-', '+', '*', '•', '–'];

/// Reads the text.
pub(super) fn read(text: &str) -> Steps {
    let markers: Vec<Marker> = text.char_indices().filter_map(|(at, _)| marker(text, at)).collect();
    let text_kept = present(text);
    if !runs_on(&markers) {
        return Steps { text: text_kept, ..Steps::default() };
    }
    let first = markers.first().map_or(0, |marker| marker.start);
    let ends = markers.iter().skip(1).map(|marker| marker.start).chain([text.len()]);
    let steps = markers.iter().zip(ends).map(|(marker, end)| Step {
        number: marker.number,
        text: without_bullet(scan::between(text, marker.end, end)).to_owned(),
    });
    Steps { text: text_kept, preamble: present(without_bullet(scan::split(text, first).0)), steps: steps.collect() }
}

/// At least one step, the first of them 1, each the next number or 1 again.
fn runs_on(markers: &[Marker]) -> bool {
    let mut last = 0;
    !markers.is_empty()
        && markers.iter().all(|marker| {
            let fits = marker.number == last + 1 || (last > 0 && marker.number == 1);
            last = marker.number;
            fits
        })
}

/// "Bước 2:" or "Bước 2." here, at the beginning of a sentence or with a colon.
fn marker(text: &str, at: usize) -> Option<Marker> {
    let rest = scan::after(text, at);
    let word = WORDS.iter().find(|word| rest.starts_with(**word))?;
    let digits_at = word.len() + scan::spaces(scan::after(rest, word.len()));
    let digits = scan::digits(scan::after(rest, digits_at));
    let number = scan::between(rest, digits_at, digits_at + digits).parse().ok().filter(|_| digits <= 2)?;
    let tail_at = digits_at + digits;
    let tail_at = tail_at + scan::spaces(scan::after(rest, tail_at));
    let sign = scan::char_at(rest, tail_at).filter(|sign| [':', '.', ')', '-', '–'].contains(sign))?;
    let begins = begins_sentence(scan::split(text, at).0) || (sign == ':' && rest.starts_with('B'));
    begins.then(|| Marker { start: at, end: at + tail_at + sign.len_utf8(), number })
}

fn begins_sentence(before: &str) -> bool {
    let bare = before.trim_end_matches(|c: char| c.is_whitespace() || BULLETS.contains(&c));
    let gap = scan::after(before, bare.len());
    bare.is_empty() || gap.contains('\n') || bare.ends_with(['.', ';', ':', ')'])
}

/// Without the bullet of the step that follows.
fn without_bullet(text: &str) -> &str {
    text.trim().trim_end_matches(BULLETS).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(text: &str) -> Vec<(u32, String)> {
        read(text).steps.into_iter().map(|step| (step.number, step.text)).collect()
    }

    #[test]
    fn steps_are_split_where_their_numbers_run_on() {
        let seen = numbered(
            "Trình tự:\n- Bước 1: Nộp hồ sơ.\n- Bước 2: Tiếp nhận; xem Bước 1 nếu thiếu.\n+ Bước 3. Trả kết quả",
        );
        let expected = [(1, "Nộp hồ sơ."), (2, "Tiếp nhận; xem Bước 1 nếu thiếu."), (3, "Trả kết quả")];
        assert_eq!(seen, expected.map(|(number, text)| (number, text.to_owned())));
        assert_eq!(read("A: Bước 1: x").preamble.as_deref(), Some("A:"));
    }

    #[test]
    fn a_gap_in_the_numbers_leaves_the_text_whole() {
        for text in ["Bước 1: a\nBước 3: b", "Bước 2: a", "Nộp hồ sơ ở bước 1", ""] {
            assert_eq!(read(text).steps, [], "{text:?}");
        }
        assert_eq!(numbered("Bước 1: a\nBước 2: b\nBước 1: c").len(), 3);
    }
}
