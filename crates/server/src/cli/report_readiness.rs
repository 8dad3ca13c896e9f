//! `report readiness`: which sites still miss a decision.

use std::io::{self, Write as _};

use serde::Serialize;

use lienthong_app::App;
use lienthong_app::queries::report::{SiteReadiness, readiness};
use lienthong_domain::access::Actor;
use lienthong_domain::golive::Requirement;
use lienthong_domain::time::Timestamp;

use super::import::{Lines, shown};
use super::report::{UnitArgs, unit_named};
use crate::failure::{Failure, Outcome};

#[derive(Serialize)]
struct Report {
    sites: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    site: String,
    missing: Vec<&'static str>,
    decisions: Vec<String>,
}

/// Runs the command. Findings are sites that miss a decision.
pub(super) async fn run(app: &App, actor: &Actor, args: &UnitArgs, now: Timestamp) -> Result<Outcome, Failure> {
    let unit = unit_named(app, &args.unit, now)?;
    let report = Report::from(readiness(app, &actor.permit()?, unit, now).await?);
    io::stdout().write_all(shown(args.json, &report, text)?.as_bytes())?;
    let is_complete = report.rows.iter().all(|row| row.missing.is_empty());
    Ok(if is_complete { Outcome::Done } else { Outcome::Findings })
}

fn text(report: &Report) -> Lines {
    let Report { sites, rows } = report;
    let missing = |row: &Row| (!row.missing.is_empty()).then(|| format!("{}: {}", row.site, row.missing.join(", ")));
    let incomplete: Vec<String> = rows.iter().filter_map(missing).collect();
    let sum = format!("{} of {sites} sites miss a decision", incomplete.len());
    Lines::new(false).list("not decided yet", incomplete, usize::MAX).total(sum)
}

impl From<Vec<SiteReadiness>> for Report {
    fn from(found: Vec<SiteReadiness>) -> Self {
        let row = |SiteReadiness { site, checklist }: SiteReadiness| Row {
            site: site.host.to_string(),
            missing: checklist.missing().map(Requirement::label).collect(),
            decisions: checklist.decided().map(|(what, by)| format!("{}: {}", what.label(), by.number)).collect(),
        };
        Self { sites: found.len(), rows: found.into_iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_site_that_misses_something_stands_on_a_line_and_the_last_line_sums_up() {
        let row = |site: &str, missing: Vec<&'static str>| Row { site: site.to_owned(), missing, decisions: vec![] };
        let missing = vec![Requirement::Board.label(), Requirement::Budget.label()];
        let report = Report { sites: 2, rows: vec![row("a.example.vn", missing), row("b.example.vn", vec![])] };
        let expected = "not decided yet: 1\n  a.example.vn: Quyết định thành lập Ban biên tập, Bố trí kinh phí\n\
            1 of 2 sites miss a decision\n";
        assert_eq!(shown(false, &report, text).unwrap(), expected);
    }
}
