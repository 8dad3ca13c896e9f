//! Where and when an article plays: the place and the dates that its sentences speak of.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

use crate::grammar::Theme;
use crate::model::DemoUnit;
use crate::rng::Rng;
use crate::units::units;

/// The words that depend on the place and on the day. They hold no placeholders.
#[derive(Debug, Default)]
pub(crate) struct Setting(Vec<(&'static str, Vec<String>)>);

impl Setting {
    /// The setting of an article about `place`, published on `day`.
    pub(crate) fn new(place: &DemoUnit, day: NaiveDate, rng: &mut Rng) -> Self {
        let mut setting = Self::default();
        setting.add_place(place, day);
        setting.add_days(day, rng);
        setting
    }

    /// The alternatives of the word `name`, in any letter case.
    pub(crate) fn word(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)).map(|(_, choices)| choices.as_slice())
    }

    fn add(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.push((name, vec![text.into()]));
    }

    fn add_place(&mut self, place: &DemoUnit, day: NaiveDate) {
        self.add("noi", label(place));
        self.add("ten", place.name);
        self.add("cap", place.kind);
        let above = place.parent.and_then(|parent| units().iter().find(|unit| unit.slug == parent));
        self.add("captren", above.map(label).unwrap_or_default());
        let part = match place.kind {
            "xã" => "thôn",
            "huyện" => "địa phương",
            _ => "tổ dân phố",
        };
        self.add("donvi", part);
        let parts = match children(place, day).map(label).collect::<Vec<_>>() {
            communes if communes.is_empty() => (1..=9).map(|number| format!("{part} {number}")).collect(),
            communes => communes,
        };
        self.0.push(("thon", parts));
    }

    fn add_days(&mut self, day: NaiveDate, rng: &mut Rng) {
        let event = earlier(day, rng.between(0, 3));
        self.add("ngay", written(event));
        self.add("thang", event.month().to_string());
        self.add("nam", event.year().to_string());
        self.add("namtruoc", (event.year() - 1).to_string());
        self.add("ngaytoi", written(later(day, rng.between(3, 12))));
        let monday = later(day, 7 - day.weekday().num_days_from_monday());
        self.add("tuan", monday.iso_week().week().to_string());
        self.add("namtuan", monday.iso_week().year().to_string());
        self.add("tungay", written(monday));
        self.add("denngay", written(later(monday, 4)));
        let (past, running) = quarters(event);
        self.add("quy", past);
        self.add("quytoi", running);
    }
}

/// The place of an article of the site of `unit`: a portal mostly tells of what lies below it.
pub(crate) fn place(unit: &'static DemoUnit, day: NaiveDate, rng: &mut Rng) -> &'static DemoUnit {
    let below: Vec<_> = children(unit, day).collect();
    let about_itself = unit.kind != "tỉnh" && rng.chance(40);
    let chosen = if about_itself { None } else { rng.pick(&below).copied() };
    chosen.unwrap_or(unit)
}

/// Whether `theme` can play at `place`.
pub(crate) fn suits(theme: &Theme, place: &DemoUnit) -> bool {
    match theme.place {
        "upper" => place.kind == "huyện",
        "commune" => place.kind != "huyện",
        "rural" => place.kind == "xã",
        "coast" => COAST.contains(&place.slug),
        _ => true,
    }
}

/// The unit of a site.
pub(crate) fn unit_of(site: &str) -> Option<&'static DemoUnit> {
    units().iter().find(|unit| unit.slug == site)
}

/// Places with a coast line.
const COAST: &[&str] = &[
    "nghi-xuan",
    "xuan-hoi",
    "dan-truong",
    "xuan-pho",
    "xuan-hai",
    "xuan-yen",
    "xuan-thanh",
    "co-dam",
    "xuan-lien",
    "cuong-gian",
    "xa-dan-hai",
    "xa-tien-dien",
    "xa-co-dam",
];

fn children(unit: &DemoUnit, day: NaiveDate) -> impl Iterator<Item = &'static DemoUnit> {
    units().iter().filter(move |child| {
        child.parent == Some(unit.slug)
            && child.valid_from.is_none_or(|from| from <= day)
            && child.valid_to.is_none_or(|to| day <= to)
    })
}

fn label(unit: &DemoUnit) -> String {
    format!("{} {}", unit.kind, unit.name)
}

/// A day as Vietnamese texts write it: `5/7/2024`.
pub(crate) fn written(day: NaiveDate) -> String {
    format!("{}/{}/{}", day.day(), day.month(), day.year())
}

/// The quarter that ended last and the running one, as written in reports.
fn quarters(day: NaiveDate) -> (String, String) {
    const NAMES: [&str; 4] = ["I", "II", "III", "IV"];
    let running = usize::try_from(day.month0() / 3).unwrap_or_default();
    let name = |quarter: usize| NAMES.get(quarter).copied().unwrap_or_default();
    let past = running
        .checked_sub(1)
        .map_or_else(|| format!("quý IV/{}", day.year() - 1), |past| format!("quý {}/{}", name(past), day.year()));
    (past, format!("quý {}/{}", name(running), day.year()))
}

fn earlier(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// The day `days` after `day`.
pub(crate) fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// Offices are closed on Sundays, and few articles appear.
pub(crate) fn is_rest_day(day: NaiveDate) -> bool {
    day.weekday() == Weekday::Sun
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::day;

    #[test]
    fn reports_speak_of_the_quarter_that_ended() {
        for (date, expected) in [
            (day(2024, 1, 2), ("quý IV/2023", "quý I/2024")),
            (day(2024, 4, 1), ("quý I/2024", "quý II/2024")),
            (day(2024, 12, 31), ("quý III/2024", "quý IV/2024")),
        ] {
            let (past, running) = quarters(date);
            assert_eq!((past.as_str(), running.as_str()), expected, "{date}");
        }
    }

    #[test]
    fn the_schedule_is_that_of_the_week_to_come() {
        let mut rng = Rng::named(&["week"]);
        let commune = unit_of("xuan-hai").expect("a unit");
        let setting = Setting::new(commune, day(2024, 7, 5), &mut rng);
        let words = ["tuan", "tungay", "denngay"].map(|word| setting.word(word).expect("a word").concat());
        assert_eq!(words, ["28", "8/7/2024", "12/7/2024"]);
    }

    #[test]
    fn nothing_plays_in_a_unit_before_or_after_its_time() {
        let mut rng = Rng::named(&["places"]);
        let province = unit_of("ha-tinh").expect("a unit");
        for (date, codes) in [(day(2025, 6, 30), false), (day(2025, 7, 1), true)] {
            assert!((0..50).all(|_| place(province, date, &mut rng).code.is_some() == codes), "{date}");
        }
    }
}
