//! What has to be decided before a site goes live: every letter to communes asks for a board, a regulation and money
//! (Ba Tơ 02/2023; Tu Mơ Rông 2022).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::article::{Check, FieldError, FieldRule};
use crate::poison::Where;
use crate::sheet::{self, ByteOrderMark};

/// One of the decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// Quyết định thành lập Ban biên tập.
    Board,
    /// Quy chế hoạt động.
    Regulation,
    /// Bố trí kinh phí.
    Budget,
}

/// The document by which something was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number, word for word: `12/QĐ-UBND`.
    pub number: String,
    /// The day it was signed.
    pub signed_on: NaiveDate,
    /// Who issued it.
    pub agency: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
}

/// What is decided for a site, and what is not yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checklist(BTreeMap<Requirement, Decision>);

/// Longest number of a document, in characters.
const MAX_NUMBER: usize = 100;

impl Requirement {
    /// In the order of the letters.
    pub const ALL: [Self; 3] = [Self::Board, Self::Regulation, Self::Budget];

    /// Stable name, as stored and as programs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Regulation => "regulation",
            Self::Budget => "budget",
        }
    }

    /// Reads [`Requirement::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|requirement| requirement.as_str() == name)
    }

    /// What it is called in a report.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Board => "Quyết định thành lập Ban biên tập",
            Self::Regulation => "Quy chế hoạt động",
            Self::Budget => "Bố trí kinh phí",
        }
    }
}

impl Decision {
    /// Checks every field on the day `today`, and brings text to its stored form.
    ///
    /// # Errors
    /// All fields that break a rule, not only the first.
    pub fn check(input: Self, today: NaiveDate) -> Result<Self, Vec<FieldError>> {
        let Self { number, signed_on, agency, url } = input;
        let mut check = Check::default();
        let number = check.required_line("number", &number, MAX_NUMBER);
        if signed_on > today {
            check.fail("signedOn", FieldRule::InTheFuture);
        }
        let agency = check.optional_line("agency", agency);
        let url = url.map(|url| check.address("url", &url));
        let texts = [
            ("number", Where::Title, Some(&number)),
            ("agency", Where::Title, agency.as_ref()),
            ("url", Where::Link, url.as_ref()),
        ];
        for (field, place, text) in texts.into_iter().filter_map(|(field, place, text)| Some((field, place, text?))) {
            check.honest(field, place, text);
        }
        check.finish()?;
        Ok(Self { number, signed_on, agency, url })
    }
}

impl Checklist {
    /// Adds a decision, in the place of an earlier one.
    pub fn add(&mut self, requirement: Requirement, decision: Decision) {
        self.0.insert(requirement, decision);
    }

    /// What was decided, in the order of the letters.
    pub fn decided(&self) -> impl Iterator<Item = (Requirement, &Decision)> {
        self.0.iter().map(|(requirement, decision)| (*requirement, decision))
    }

    /// The decision on one requirement.
    pub fn get(&self, requirement: Requirement) -> Option<&Decision> {
        self.0.get(&requirement)
    }

    /// What is still to be decided, in the order of the letters.
    pub fn missing(&self) -> impl Iterator<Item = Requirement> {
        Requirement::ALL.into_iter().filter(|requirement| !self.0.contains_key(requirement))
    }

    /// Whether the site may go live.
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }
}

/// The checklists of sites, each with the name and the host of its site, as [CSV](sheet::csv): for each requirement the
/// document and its day, empty where it is missing.
pub fn to_csv<'a>(mark: ByteOrderMark, sites: impl IntoIterator<Item = (&'a str, &'a str, &'a Checklist)>) -> String {
    let [board, regulation, budget] = Requirement::ALL;
    let columns = ["TT", "Trang", "Địa chỉ", board.label(), regulation.label(), budget.label(), "Còn thiếu"];
    let rows = (1..).zip(sites).map(|(rank, (name, host, checklist))| {
        let [board, regulation, budget] = Requirement::ALL.map(|it| checklist.get(it).map(cited).unwrap_or_default());
        let missing = checklist.missing().count().to_string();
        [format!("{rank}"), name.to_owned(), host.to_owned(), board, regulation, budget, missing]
    });
    sheet::csv(mark, &columns, rows)
}

fn cited(decision: &Decision) -> String {
    format!("{} ngày {}", decision.number, decision.signed_on.format("%d/%m/%Y"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_day;

    fn decision(number: &str, signed_on: &str, url: Option<&str>) -> Decision {
        let url = url.map(str::to_owned);
        let agency = Some("  UBND xã Xuân Mỹ ".to_owned());
        Decision { number: number.to_owned(), signed_on: parse_day(signed_on).unwrap(), agency, url }
    }

    #[test]
    fn every_broken_rule_is_reported_with_its_field() {
        let today = parse_day("2025-07-01").unwrap();
        let table: [(Decision, &[&str]); 5] = [
            (decision(" 12/QĐ-UBND ", "2025-07-01", Some("https://xuanmy.example.vn/12.pdf")), &[]),
            (decision(" ", "2025-07-02", Some("ftp://x")), &["number", "signedOn", "url"]),
            (decision(&"1".repeat(101), "2025-01-01", None), &["number"]),
            (decision("12", "2025-01-01", Some("/12.pdf")), &["url"]),
            (decision("12", "2025-07-02", None), &["signedOn"]),
        ];
        for (input, expected) in table {
            let broken = Decision::check(input.clone(), today).err().unwrap_or_default();
            assert_eq!(broken.iter().map(|error| error.field).collect::<Vec<_>>(), expected, "{input:?}");
        }
        let stored = Decision::check(decision(" 12/QĐ-UBND ", "2025-07-01", None), today).unwrap();
        assert_eq!((stored.number.as_str(), stored.agency.as_deref()), ("12/QĐ-UBND", Some("UBND xã Xuân Mỹ")));
    }

    #[test]
    fn a_site_may_go_live_when_nothing_is_missing() {
        let mut checklist = Checklist::default();
        assert_eq!(checklist.missing().collect::<Vec<_>>(), Requirement::ALL);
        for requirement in [Requirement::Budget, Requirement::Board] {
            checklist.add(requirement, decision("1", "2025-01-01", None));
        }
        assert_eq!(checklist.missing().collect::<Vec<_>>(), [Requirement::Regulation]);
        assert!(!checklist.is_complete());
        checklist.add(Requirement::Regulation, decision("2", "2025-01-01", None));
        assert!(checklist.is_complete());
        let decided: Vec<_> = checklist.decided().map(|(requirement, _)| requirement).collect();
        assert_eq!(decided, Requirement::ALL);
    }

    #[test]
    fn names_read_back() {
        for requirement in Requirement::ALL {
            assert_eq!(Requirement::parse(requirement.as_str()), Some(requirement));
        }
        assert_eq!(Requirement::parse("Board"), None);
    }

    #[test]
    fn the_csv_shows_what_is_decided_and_counts_what_is_missing() {
        let mut checklist = Checklist::default();
        checklist.add(Requirement::Regulation, decision("12/QĐ-UBND", "2025-02-01", None));
        let csv = to_csv(ByteOrderMark::Without, [("Xã Xuân Mỹ", "xuanmy.example", &checklist)]);
        let expected = "TT,Trang,Địa chỉ,Quyết định thành lập Ban biên tập,Quy chế hoạt động,Bố trí kinh phí,Còn thiếu\r\n\
                        1,Xã Xuân Mỹ,xuanmy.example,,12/QĐ-UBND ngày 01/02/2025,,2\r\n";
        assert_eq!(csv, expected);
    }
}
