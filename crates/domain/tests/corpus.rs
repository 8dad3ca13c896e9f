//! What the scanner for injected advertising finds in the labelled corpus, and what it holds without cause. The figures
//! that this prints stand in `docs/scanner.md`:
//!
//! `cargo test -p lienthong-domain --test corpus -- --nocapture`
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use lienthong_domain::poison::{Subject, Where, scan};
use serde::Deserialize;

/// At least this share of the poisoned texts is held, and at most this share of the honest ones.
const AIM: (f64, f64) = (0.98, 0.02);
/// The same of the set that nobody reads before changing a rule: what the rules must not become worse at.
const UNSEEN: (f64, f64) = (0.96, 0.03);
const PLACES: [&str; 6] = ["body_html", "title", "slug", "attachment_name", "question", "link"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    #[serde(rename = "where")]
    place: Where,
    text: String,
}

/// Of one file: how many texts of each place there are and were held, and those that came out wrong.
#[derive(Default)]
struct Tally {
    by_place: BTreeMap<String, (usize, usize)>,
    wrong: String,
}

impl Tally {
    fn of(file: &str, must_hold: bool) -> Self {
        let mut tally = Self::default();
        for line in read(file) {
            let verdict = scan(&Subject { place: line.place, text: &line.text });
            let place = serde_json::to_value(line.place).unwrap();
            let (all, held) = tally.by_place.entry(place.as_str().unwrap().to_owned()).or_default();
            *all += 1;
            *held += usize::from(verdict.is_held());
            if verdict.is_held() != must_hold {
                let reasons: Vec<_> = verdict.reasons.iter().map(|r| format!("{}: {}", r.rule, r.found)).collect();
                writeln!(tally.wrong, "  {} {place} {:?}\n      {}", line.id, line.text, reasons.join("; ")).unwrap();
            }
        }
        tally
    }

    fn count(&self, place: &str) -> (usize, usize) {
        self.by_place.get(place).copied().unwrap_or_default()
    }

    fn sum(&self) -> (usize, usize) {
        self.by_place.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}

fn read(file: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn share((all, held): (usize, usize)) -> f64 {
    f64::from(u32::try_from(held).unwrap()) / f64::from(u32::try_from(all).unwrap())
}

/// Prints the table of a set and says what is wrong with it.
fn check(set: &str, (least, most): (f64, f64)) {
    let poisoned = Tally::of(&format!("{set}/poisoned.jsonl"), true);
    let honest = Tally::of(&format!("{set}/honest.jsonl"), false);
    let mut table = format!("\n{set:<18} poisoned  found   honest   held\n");
    let mut row = |name: &str, (all, found): (usize, usize), (fair, held): (usize, usize)| {
        writeln!(table, "{name:<18} {all:>8} {found:>6} {fair:>8} {held:>6}").unwrap();
    };
    for place in PLACES {
        row(place, poisoned.count(place), honest.count(place));
    }
    row("together", poisoned.sum(), honest.sum());
    let (recall, false_positives) = (share(poisoned.sum()), share(honest.sum()));
    writeln!(table, "recall {recall:.4}, false positives {false_positives:.4}").unwrap();
    let misses = format!("not found:\n{}held without cause:\n{}", poisoned.wrong, honest.wrong);
    println!("{table}{misses}");
    assert!(recall >= least && false_positives <= most, "{table}{misses}");
}

#[test]
fn the_texts_that_the_rules_were_made_by_come_out_right() {
    check("tuned", AIM);
}

#[test]
fn texts_that_the_rules_were_not_made_by_come_out_right() {
    check("held-out", AIM);
}

#[test]
fn texts_that_nobody_reads_come_out_as_well_as_they_did() {
    check("unseen", UNSEEN);
}
