//! Rates, and what a work is worth by them.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::article::{Check, FieldError, FieldRule};
use crate::ids::{RateTableId, SiteId};
use crate::slug::Slug;

/// Most classes of a table; the decree has nine.
const MAX_CLASSES: usize = 50;
/// Most people among whom one work is shared.
const MAX_LINES: usize = 20;
/// Longest name of a class or a payee, in characters.
const MAX_NAME: usize = 200;
/// Longest legal basis, in characters: several documents with their dates.
const MAX_BASIS: usize = 1_000;
/// Highest value of a unit, in đồng: far beyond any base salary, and every sum still fits.
const MAX_UNIT: i64 = 1_000_000_000;
/// Highest coefficient, in hundredths.
const MAX_HUNDREDTHS: i32 = 100_000;

/// A coefficient (hệ số), exact to two digits after the comma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coefficient(i32);

/// The rates of a site from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateTable {
    /// Identity.
    pub id: RateTableId,
    /// Whose.
    pub site: SiteId,
    /// The documents that it rests on, as they are cited.
    pub legal_basis: String,
    /// Value of one unit of the coefficient, in đồng.
    pub unit_value: i64,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none while no later table is known.
    pub valid_to: Option<NaiveDate>,
    /// What works there are.
    pub classes: Vec<Class>,
}

/// A class of works (thể loại).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its key: words of small letters and digits joined by hyphens.
    pub key: String,
    /// Its name, such as `Tin, trả lời bạn đọc`.
    pub name: String,
    /// Highest coefficient.
    pub highest: Coefficient,
}

/// A table before any check. Its numbers as people write them.
#[derive(Debug, Clone, PartialEq)]
pub struct RateTableInput {
    /// See [`RateTable::legal_basis`].
    pub legal_basis: String,
    /// See [`RateTable::unit_value`].
    pub unit_value: i64,
    /// See [`RateTable::valid_from`].
    pub valid_from: NaiveDate,
    /// See [`RateTable::valid_to`].
    pub valid_to: Option<NaiveDate>,
    /// Key, name and highest coefficient of each class.
    pub classes: Vec<(String, String, f64)>,
}

/// What somebody gets for a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoyaltyLine {
    /// Key of the class.
    pub class: String,
    /// Name of the class at that time.
    pub class_name: String,
    /// The coefficient.
    pub coefficient: Coefficient,
    /// Who is paid (người hưởng).
    pub payee: String,
    /// What for, or why this coefficient.
    pub note: Option<String>,
    /// In đồng.
    pub amount: i64,
}

/// The same before any check.
#[derive(Debug, Clone, PartialEq)]
pub struct RoyaltyLineInput {
    /// See [`RoyaltyLine::class`].
    pub class: String,
    /// See [`RoyaltyLine::coefficient`].
    pub coefficient: f64,
    /// See [`RoyaltyLine::payee`].
    pub payee: String,
    /// See [`RoyaltyLine::note`].
    pub note: Option<String>,
}

impl Coefficient {
    /// Reads a number with at most two digits after the comma, above zero.
    pub fn of(number: f64) -> Option<Self> {
        let hundredths = (number * 100.0).round();
        let is_exact = (number * 100.0 - hundredths).abs() < 1e-6;
        let fits = is_exact && (1.0..=f64::from(MAX_HUNDREDTHS)).contains(&hundredths);
        #[expect(clippy::cast_possible_truncation, reason = "whole, and within the bounds above")]
        fits.then_some(Self(hundredths as i32))
    }

    /// From hundredths, as stored.
    pub fn of_hundredths(hundredths: i32) -> Option<Self> {
        (1..=MAX_HUNDREDTHS).contains(&hundredths).then_some(Self(hundredths))
    }

    /// As hundredths, for the database.
    pub const fn hundredths(self) -> i32 {
        self.0
    }

    /// As a number.
    pub fn number(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// What it is worth, to the nearest đồng, halves up.
    const fn amount(self, unit_value: i64) -> i64 {
        // Both are above zero and far from the end of the range.
        (self.0 as i64 * unit_value + 50) / 100
    }
}

/// As it is written in Vietnamese: `1,5`.
impl fmt::Display for Coefficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            rest if rest % 10 == 0 => write!(f, "{whole},{}", rest / 10),
            rest => write!(f, "{whole},{rest:02}"),
        }
    }
}

impl Serialize for Coefficient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.number())
    }
}

impl RateTable {
    /// Checks every field, and brings text to its stored form.
    ///
    /// # Errors
    /// All fields that break a rule.
    pub fn check(id: RateTableId, site: SiteId, input: RateTableInput) -> Result<Self, Vec<FieldError>> {
        let RateTableInput { legal_basis, unit_value, valid_from, valid_to, classes } = input;
        let mut check = Check::default();
        let legal_basis = check.required_line("legalBasis", &legal_basis, MAX_BASIS);
        if !(1..=MAX_UNIT).contains(&unit_value) {
            check.fail("unitValue", FieldRule::NotAnAmount(MAX_UNIT));
        }
        if valid_to.is_some_and(|last| last < valid_from) {
            check.fail("validTo", FieldRule::BeforeValidity);
        }
        if classes.is_empty() {
            check.fail("classes", FieldRule::Blank);
        } else if classes.len() > MAX_CLASSES {
            check.fail("classes", FieldRule::TooLong(MAX_CLASSES));
        }
        let mut keys = BTreeSet::new();
        let classes = classes.into_iter().take(MAX_CLASSES).filter_map(|class| Class::check(class, &mut check));
        let classes: Vec<Class> = classes.collect();
        if !classes.iter().all(|class| keys.insert(class.key.as_str())) {
            check.fail("classes.key", FieldRule::Twice);
        }
        check.finish()?;
        Ok(Self { id, site, legal_basis, unit_value, valid_from, valid_to, classes })
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether both hold on some day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_in = |one: &Self, two: &Self| two.holds_on(one.valid_from);
        begins_in(self, other) || begins_in(other, self)
    }

    /// What the people who share a work get for it.
    ///
    /// # Errors
    /// All fields that break a rule: a class that is not in the table, a coefficient above the highest of its class.
    pub fn price(&self, lines: Vec<RoyaltyLineInput>) -> Result<Vec<RoyaltyLine>, Vec<FieldError>> {
        let mut check = Check::default();
        if lines.len() > MAX_LINES {
            check.fail("lines", FieldRule::TooLong(MAX_LINES));
        }
        let lines = lines.into_iter().take(MAX_LINES).filter_map(|line| self.priced(line, &mut check));
        let lines: Vec<RoyaltyLine> = lines.collect();
        check.finish()?;
        Ok(lines)
    }

    fn priced(&self, input: RoyaltyLineInput, check: &mut Check) -> Option<RoyaltyLine> {
        let RoyaltyLineInput { class, coefficient, payee, note } = input;
        let payee = check.required_line("lines.payee", &payee, MAX_NAME);
        let note = check.optional_line("lines.note", note);
        let Some(found) = self.classes.iter().find(|it| it.key == class) else {
            check.fail("lines.class", FieldRule::NotInTable);
            return None;
        };
        let Some(coefficient) = Coefficient::of(coefficient) else {
            check.fail("lines.coefficient", FieldRule::NotACoefficient);
            return None;
        };
        if coefficient > found.highest {
            check.fail("lines.coefficient", FieldRule::AboveHighest);
        }
        let amount = coefficient.amount(self.unit_value);
        Some(RoyaltyLine { class, class_name: found.name.clone(), coefficient, payee, note, amount })
    }
}

impl Class {
    fn check((key, name, highest): (String, String, f64), check: &mut Check) -> Option<Self> {
        if key.parse::<Slug>().is_err() {
            check.fail("classes.key", FieldRule::NotASlug);
        }
        let name = check.required_line("classes.name", &name, MAX_NAME);
        let highest = Coefficient::of(highest);
        if highest.is_none() {
            check.fail("classes.highest", FieldRule::NotACoefficient);
        }
        Some(Self { key, name, highest: highest? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Timestamp, parse_day};

    fn input(classes: &[(&str, f64)]) -> RateTableInput {
        RateTableInput {
            legal_basis: " Nghị định 18/2014/NĐ-CP;  Quyết định 355/QĐ-UBND ".to_owned(),
            unit_value: 253_000,
            valid_from: parse_day("2026-07-01").unwrap(),
            valid_to: None,
            classes: classes.iter().map(|(key, most)| ((*key).to_owned(), key.to_uppercase(), *most)).collect(),
        }
    }

    fn table(input: RateTableInput) -> Result<RateTable, Vec<FieldError>> {
        let now = Timestamp::from_micros(0);
        RateTable::check(RateTableId::new(now), SiteId::new(now), input)
    }

    fn line(class: &str, coefficient: f64) -> RoyaltyLineInput {
        RoyaltyLineInput { class: class.to_owned(), coefficient, payee: "Nguyễn Văn A".to_owned(), note: None }
    }

    fn broken<T>(outcome: Result<T, Vec<FieldError>>) -> Vec<(&'static str, FieldRule)> {
        outcome.err().unwrap_or_default().into_iter().map(|it| (it.field, it.rule)).collect()
    }

    #[test]
    fn a_work_is_worth_its_coefficient_times_the_unit_to_the_nearest_dong() {
        let rates = table(input(&[("tin", 10.0), ("phong-su", 30.0)])).unwrap();
        assert_eq!(rates.legal_basis, "Nghị định 18/2014/NĐ-CP; Quyết định 355/QĐ-UBND");
        let priced = rates.price(vec![line("tin", 0.5), line("tin", 10.0), line("phong-su", 1.25)]).unwrap();
        let worth: Vec<_> = priced.iter().map(|it| (it.coefficient.to_string(), it.amount)).collect();
        let expected = [("0,5", 126_500), ("10", 2_530_000), ("1,25", 316_250)];
        assert_eq!(worth, expected.map(|(coefficient, amount)| (coefficient.to_owned(), amount)));
        let odd = table(RateTableInput { unit_value: 33_333, ..input(&[("tin", 10.0)]) }).unwrap();
        assert_eq!(odd.price(vec![line("tin", 0.5), line("tin", 0.01)]).unwrap().map_amounts(), [16_667, 333]);
    }

    #[test]
    fn nobody_gets_more_than_the_table_allows_nor_for_what_is_not_in_it() {
        let rates = table(input(&[("tin", 10.0)])).unwrap();
        for (bad, field, rule) in [
            (line("tin", 10.01), "lines.coefficient", FieldRule::AboveHighest),
            (line("tin", 0.0), "lines.coefficient", FieldRule::NotACoefficient),
            (line("tin", -1.0), "lines.coefficient", FieldRule::NotACoefficient),
            (line("tin", 1.234), "lines.coefficient", FieldRule::NotACoefficient),
            (line("tin", f64::NAN), "lines.coefficient", FieldRule::NotACoefficient),
            (line("tin", f64::INFINITY), "lines.coefficient", FieldRule::NotACoefficient),
            (line("tho", 1.0), "lines.class", FieldRule::NotInTable),
            (RoyaltyLineInput { payee: " ".to_owned(), ..line("tin", 1.0) }, "lines.payee", FieldRule::Blank),
        ] {
            assert_eq!(broken(rates.price(vec![bad])), [(field, rule)]);
        }
        assert_eq!(broken(rates.price(vec![line("tin", 1.0); 21])), [("lines", FieldRule::TooLong(20))]);
    }

    #[test]
    fn a_table_is_checked_as_a_whole() {
        let with = |change: fn(&mut RateTableInput)| {
            let mut input = input(&[("tin", 10.0)]);
            change(&mut input);
            broken(table(input))
        };
        assert_eq!(with(|_| {}), []);
        assert_eq!(with(|it| it.legal_basis = " ".to_owned()), [("legalBasis", FieldRule::Blank)]);
        assert_eq!(with(|it| it.unit_value = 0), [("unitValue", FieldRule::NotAnAmount(MAX_UNIT))]);
        assert_eq!(with(|it| it.valid_to = it.valid_from.pred_opt()), [("validTo", FieldRule::BeforeValidity)]);
        assert_eq!(with(|it| it.classes.clear()), [("classes", FieldRule::Blank)]);
        assert_eq!(with(|it| it.classes.push(it.classes[0].clone())), [("classes.key", FieldRule::Twice)]);
        assert_eq!(with(|it| it.classes[0].0 = "Tin tức".to_owned()), [("classes.key", FieldRule::NotASlug)]);
        assert_eq!(with(|it| it.classes[0].2 = 0.001), [("classes.highest", FieldRule::NotACoefficient)]);
    }

    #[test]
    fn tables_overlap_when_some_day_lies_in_both() {
        let days = |from: &str, to: Option<&str>| {
            let (valid_from, valid_to) = (parse_day(from).unwrap(), to.map(|day| parse_day(day).unwrap()));
            table(RateTableInput { valid_from, valid_to, ..input(&[("tin", 1.0)]) }).unwrap()
        };
        let july = days("2026-07-01", Some("2026-07-31"));
        for (other, overlaps) in [
            (days("2026-08-01", None), false),
            (days("2026-07-31", None), true),
            (days("2026-01-01", Some("2026-06-30")), false),
            (days("2026-01-01", Some("2026-07-01")), true),
            (days("2026-07-10", Some("2026-07-11")), true),
            (days("2026-01-01", None), true),
        ] {
            assert_eq!((july.overlaps(&other), other.overlaps(&july)), (overlaps, overlaps), "{other:?}");
        }
    }

    trait Amounts {
        fn map_amounts(self) -> Vec<i64>;
    }

    impl Amounts for Vec<RoyaltyLine> {
        fn map_amounts(self) -> Vec<i64> {
            self.into_iter().map(|it| it.amount).collect()
        }
    }
}
