//! `import sites`: sites that no rule gives, and what changes of the others.

use std::io::{self, Write as _};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;

use lienthong_app::App;
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::provision::{SitesImport, SitesReport, import_sites};
use lienthong_domain::access::Actor;
use lienthong_domain::time::Timestamp;

use super::import::{Lines, advance, bar, open, shown};
use super::import_articles::Manner;
use super::provision::{finding, is_unknown, read};
use crate::failure::{Failure, Outcome};

/// Sites, such as the portal of a former district.
///
/// A CSV table with the column `host` and any of
/// `unit,kind,parent,name,home_url,article_url_template,language,active_from,active_to`, described in
/// docs/formats/sites-csv.md. A column that is left out leaves the sites as they are; a site that is not there yet needs unit,
/// kind, name and `active_from`. With a day in `active_to` a site is closed after that day, and stays readable.
#[derive(Debug, Args)]
pub(super) struct SitesArgs {
    /// The table; - reads standard input.
    file: PathBuf,
    /// Give the sites of the table the categories of this template, as `provision` does.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

/// Runs the command. Findings are rows that were left out, and articles from outside of the days of their site.
pub(super) async fn run(app: &App, actor: &Actor, args: SitesArgs, manner: Manner) -> Result<Outcome, Failure> {
    let Manner { dry_run, json } = manner;
    let template = args.template.as_deref().map(read).transpose()?;
    let bar = bar();
    let progress = |done, of| advance(&bar, done, of);
    let run = Run { dry_run, progress: &progress };
    let import = SitesImport { source: open(&args.file)?, template: template.as_ref(), run };
    let report = import_sites(app, &actor.permit()?, import, Timestamp::from(Utc::now())).await?;
    bar.finish_and_clear();
    io::stdout().write_all(shown(json, &report, text)?.as_bytes())?;
    let has_findings = !report.dated_outside.is_empty() || report.findings.iter().any(is_unknown);
    let is_sound = report.refused.is_empty() && !has_findings;
    Ok(if is_sound { Outcome::Done } else { Outcome::Findings })
}

fn text(report: &SitesReport) -> Lines {
    let SitesReport { dry_run, sites, categories, relisted, refused, dated_outside, findings } = report;
    Lines::new(*dry_run)
        .tally("sites", *sites)
        .tally("categories", *categories)
        .count("articles listed anew", *relisted)
        .list("rows left out", refused.iter().cloned(), usize::MAX)
        .dated_outside(dated_outside)
        .list("categories to look at", findings.iter().map(finding), usize::MAX)
}
