//! `report unmapped-categories`: what no aggregate can show.

use std::io::{self, Write as _};

use serde::Serialize;

use lienthong_app::App;
use lienthong_app::queries::report::{UnmappedCategories, unmapped_categories};
use lienthong_domain::access::Actor;
use lienthong_domain::time::Timestamp;

use super::import::{Lines, shown};
use super::report::{UnitArgs, unit_named};
use crate::failure::{Failure, Outcome};

#[derive(Serialize)]
struct Report {
    sites: u64,
    categories: u64,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    site: String,
    category: String,
    path: String,
}

/// Runs the command. Findings are categories without topic.
pub(super) fn run(app: &App, actor: &Actor, args: &UnitArgs, now: Timestamp) -> Result<Outcome, Failure> {
    let unit = unit_named(app, &args.unit, now)?;
    let report = Report::from(unmapped_categories(app, &actor.permit()?, unit, now)?);
    io::stdout().write_all(shown(args.json, &report, text)?.as_bytes())?;
    Ok(if report.rows.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn text(report: &Report) -> Lines {
    let Report { sites, categories, rows } = report;
    let row = |row: &Row| format!("{}/{}: {}", row.site, row.category, row.path);
    Lines::new(false)
        .list("categories without topic", rows.iter().map(row), usize::MAX)
        .total(format!("{} of {categories} categories on {sites} sites have no topic", rows.len()))
}

impl From<UnmappedCategories> for Report {
    fn from(found: UnmappedCategories) -> Self {
        let UnmappedCategories { rows, categories, sites } = found;
        let row = |row: lienthong_app::queries::report::UnmappedCategory| Row {
            site: row.site.host.to_string(),
            category: row.category.slug.to_string(),
            path: row.path,
        };
        Self { sites, categories, rows: rows.into_iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_category_stands_on_a_line_with_its_site_and_the_last_line_sums_up() {
        let row = Row {
            site: "xuanhai.example.vn".to_owned(),
            category: "cong-bao".to_owned(),
            path: "Văn bản › Công báo".to_owned(),
        };
        let report = Report { sites: 2, categories: 50, rows: vec![row] };
        let expected = "categories without topic: 1\n  xuanhai.example.vn/cong-bao: Văn bản › Công báo\n\
            1 of 50 categories on 2 sites have no topic\n";
        assert_eq!(shown(false, &report, text).unwrap(), expected);
        let none = Report { sites: 2, categories: 50, rows: vec![] };
        assert_eq!(shown(false, &none, text).unwrap(), "0 of 50 categories on 2 sites have no topic\n");
    }
}
