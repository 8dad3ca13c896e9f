//! Units as files name them.

use chrono::NaiveDate;

use lienthong_domain::registry::Unit;
use lienthong_domain::unit::UnitCode;

/// The unit of this slug, or that bore this code on `day`.
pub(super) fn bearer<'a>(units: &'a [Unit], name: &str, day: NaiveDate) -> Option<&'a Unit> {
    let code = name.parse::<UnitCode>().ok();
    units.iter().find(|unit| match code {
        Some(code) => unit.code == Some(code) && unit.is_valid_on(day),
        None => unit.slug.as_str() == name,
    })
}

/// As [`bearer`], and where nobody bore the code on `day`, the last one that has borne it until then.
pub(in crate::commands) fn last_bearer<'a>(units: &'a [Unit], name: &str, day: NaiveDate) -> Option<&'a Unit> {
    bearer(units, name, day).or_else(|| {
        let code = name.parse::<UnitCode>().ok()?;
        let former =
            units.iter().filter(|unit| unit.code == Some(code) && unit.valid_to.is_some_and(|last| last < day));
        former.max_by_key(|unit| unit.valid_to)
    })
}

#[cfg(test)]
mod tests {
    use lienthong_domain::ids::UnitId;
    use lienthong_domain::time::{Timestamp, parse_day};
    use lienthong_domain::unit::UnitKind;

    use super::*;

    fn unit(slug: &str, (from, to): (&str, &str)) -> Unit {
        Unit {
            id: UnitId::new(Timestamp::default()),
            code: "449".parse().ok(),
            kind: UnitKind::RuralDistrict,
            name: "Nghi Xuân".to_owned(),
            full_name: "Huyện Nghi Xuân".to_owned(),
            name_en: None,
            slug: slug.parse().unwrap(),
            parent: None,
            valid_from: parse_day(from).ok(),
            valid_to: parse_day(to).ok(),
            lineage: None,
        }
    }

    #[test]
    fn a_code_means_its_bearer_on_the_day_or_else_the_last_one_until_then() {
        let units = [unit("first", ("1990-01-01", "1999-12-31")), unit("second", ("2005-01-01", "2025-06-30"))];
        let table = [
            ("449", "1995-05-05", Some("first"), Some("first")),
            ("449", "2002-05-05", None, Some("first")),
            ("449", "2025-06-30", Some("second"), Some("second")),
            ("449", "2025-07-01", None, Some("second")),
            ("449", "1989-12-31", None, None),
            ("450", "2025-06-30", None, None),
            ("first", "2025-06-30", Some("first"), Some("first")),
            ("third", "2025-06-30", None, None),
        ];
        for (name, day, on_the_day, at_last) in table {
            let day = parse_day(day).unwrap();
            let slugs = [bearer(&units, name, day), last_bearer(&units, name, day)];
            assert_eq!(slugs.map(|unit| unit.map(|unit| unit.slug.as_str())), [on_the_day, at_last], "{name} {day}");
        }
    }
}
