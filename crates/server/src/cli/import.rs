//! `import units|agencies|sites|topics|synonyms|procedures|articles`: reference data and national records from files.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Utc};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use lienthong_app::App;
use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::procedures::{ProceduresImport, ProceduresReport, import_procedures};
use lienthong_app::commands::registry::{
    AgenciesImport, AgenciesReport, IN_FORCE, SynonymsImport, SynonymsReport, TopicsImport, TopicsReport, UnitsImport,
    UnitsReport, import_agencies, import_synonyms, import_topics, import_units,
};
use lienthong_domain::access::Actor;
use lienthong_domain::site::DatedOutside;
use lienthong_domain::time::{Timestamp, parse_day};

use super::import_articles::{self, ArticlesArgs, Manner};
use super::import_sites::{self, SitesArgs};
use crate::failure::{Failure, Outcome};

/// Pieces of text that are shown of each part of a record; `--json` shows all.
const SHOWN: usize = 5;

/// Bring in units, agencies, sites, topics, synonyms, procedures or articles from a file.
///
/// Importing the same file twice changes nothing.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    what: What,
    /// Do everything and keep nothing: the same report, no change.
    #[arg(long, global = true)]
    dry_run: bool,
    /// Print the whole report as JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The national list of units, with the former units that each was made of.
    ///
    /// A CSV table with the columns `code,kind,name,full_name,name_en,province_code,predecessors`. What cannot be parsed
    /// of the predecessors is listed, kept word for word, and never stops the rest. Former districts, which the list does not
    /// have, can be added with their codes of three digits.
    Units {
        /// The table; - reads standard input.
        file: PathBuf,
        /// First day of the units that were made of others; districts have ended on the day before.
        #[arg(long, value_name = "DAY", default_value_t = IN_FORCE, value_parser = parse_day)]
        in_force: NaiveDate,
    },
    /// The disclosure catalogue.
    ///
    /// A CSV table with the columns
    /// `code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes`.
    Topics {
        /// The table; - reads standard input.
        file: PathBuf,
        /// Add the own topics of this province instead, by code or slug; they exist on its sites only. The table has one
        /// column more, `parent`: the national topic of which it is a part, or nothing.
        #[arg(long, value_name = "PROVINCE")]
        unit: Option<String>,
    },
    /// Agencies with their identifiers.
    ///
    /// A CSV table with the columns `identifier,name,kind,unit,parent,valid_from,valid_to`. An identifier is H56.1.2, or
    /// 000.02.01.H56 in the older spelling; kinds are party, council, committee, front, department, service and other;
    /// a unit is a code or a slug.
    Agencies {
        /// The table; - reads standard input.
        file: PathBuf,
    },
    /// Names of categories with their topics.
    ///
    /// A CSV table with the columns `name,topic`. Marks and case of a name do not matter. Categories that have no topic yet
    /// get one at once; one that has a topic keeps it.
    Synonyms {
        /// The table; - reads standard input.
        file: PathBuf,
        /// Only for the sites of this province, by code or slug.
        #[arg(long, value_name = "PROVINCE")]
        unit: Option<String>,
    },
    /// National procedure records.
    ///
    /// JSON lines as the national portal's export has them, plain or gzip. A changed record becomes a new edition; one
    /// that is no longer in the file is reported, never deleted.
    Procedures {
        /// The records; - reads standard input.
        file: PathBuf,
    },
    Sites(SitesArgs),
    Articles(ArticlesArgs),
}

/// Runs the command. Findings are damaged rows or lines that were left out.
pub(crate) async fn run(app: &App, actor: &Actor, args: ImportArgs) -> Result<Outcome, Failure> {
    let ImportArgs { what, dry_run, json } = args;
    let now = Timestamp::from(Utc::now());
    let bar = bar();
    let progress = |done, of| advance(&bar, done, of);
    let run = Run { dry_run, progress: &progress };
    let (text, damaged) = match what {
        What::Sites(args) => return import_sites::run(app, actor, args, Manner { dry_run, json }).await,
        What::Articles(args) => return import_articles::run(app, actor, args, Manner { dry_run, json }).await,
        What::Units { file, in_force } => {
            let import = UnitsImport { source: open(&file)?, in_force, run };
            let report = import_units(app, &actor.permit()?, import, now).await?;
            (shown(json, &report, units_text)?, !report.refused.is_empty())
        }
        What::Agencies { file } => {
            let import = AgenciesImport { source: open(&file)?, run };
            let report = import_agencies(app, &actor.permit()?, import, now).await?;
            (shown(json, &report, agencies_text)?, !report.refused.is_empty())
        }
        What::Synonyms { file, unit } => {
            let import = SynonymsImport { source: open(&file)?, unit: unit.as_deref(), run };
            let report = import_synonyms(app, &actor.permit()?, import, now).await?;
            (shown(json, &report, synonyms_text)?, !report.refused.is_empty())
        }
        What::Topics { file, unit } => {
            let import = TopicsImport { source: open(&file)?, unit: unit.as_deref(), run };
            let report = import_topics(app, &actor.permit()?, import, now).await?;
            (shown(json, &report, topics_text)?, !report.refused.is_empty())
        }
        What::Procedures { file } => {
            let import = ProceduresImport { source: open(&file)?, run };
            let report = import_procedures(app, &actor.permit()?, import, now).await?;
            (shown(json, &report, procedures_text)?, !report.parsed.broken_lines.is_empty())
        }
    };
    bar.finish_and_clear();
    io::stdout().write_all(text.as_bytes())?;
    Ok(if damaged { Outcome::Findings } else { Outcome::Done })
}

/// A bar on standard error; none when that is no terminal.
pub(super) fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// Moves the bar; how long it is may be known from the start, later or never.
pub(super) fn advance(bar: &ProgressBar, done: u64, of: Option<u64>) {
    if let Some(all) = of {
        bar.set_length(all);
    }
    bar.set_position(done);
}

/// The report as the caller wants it, with a line end.
pub(super) fn shown<T: Serialize>(json: bool, report: &T, text: impl Fn(&T) -> Lines) -> Result<String, Failure> {
    let mut shown = if json { serde_json::to_string_pretty(report)? } else { text(report).0.join("\n") };
    shown.push('\n');
    Ok(shown)
}

/// A report for people, line by line.
pub(super) struct Lines(Vec<String>);

impl Lines {
    pub(super) fn new(dry_run: bool) -> Self {
        Self(if dry_run { vec!["dry run: nothing of this was kept".to_owned()] } else { Vec::new() })
    }

    pub(super) fn tally(mut self, what: &str, tally: Tally) -> Self {
        let Tally { created, changed, unchanged } = tally;
        self.0.push(format!("{what}: {created} new, {changed} changed, {unchanged} unchanged"));
        self
    }

    pub(super) fn count(mut self, what: &str, number: usize) -> Self {
        self.0.push(format!("{what}: {number}"));
        self
    }

    /// A line that sums up.
    pub(super) fn total(mut self, line: String) -> Self {
        self.0.push(line);
        self
    }

    /// Sites with articles that a report on their time would miss.
    pub(super) fn dated_outside(self, sites: &[DatedOutside]) -> Self {
        let what = "sites with articles outside of their days, which reports on those days leave out";
        self.list(what, sites.iter().map(ToString::to_string), usize::MAX)
    }

    /// A heading with the number of items and the first of them; nothing when there are none.
    pub(super) fn list(mut self, what: &str, items: impl IntoIterator<Item = String>, most: usize) -> Self {
        let items: Vec<String> = items.into_iter().collect();
        if items.is_empty() {
            return self;
        }
        let number = items.len();
        self.0.push(format!("{what}: {number}"));
        self.0.extend(items.into_iter().take(most).map(|item| format!("  {item}")));
        if number > most {
            self.0.push(format!("  … and {} more, see --json", number - most));
        }
        self
    }
}

pub(super) fn open(file: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let opened = File::open(file).map_err(|error| Failure::while_doing(file.display(), error))?;
    Ok(Box::new(opened))
}

fn units_text(report: &UnitsReport) -> Lines {
    let UnitsReport { dry_run, units, historic, successions, relisted, refused, not_parsed, unknown_origin } = report;
    Lines::new(*dry_run)
        .tally("units", *units)
        .tally("former units", *historic)
        .tally("successions", *successions)
        .count("articles listed anew", *relisted)
        .list("rows left out", refused.iter().cloned(), usize::MAX)
        .list(
            "not parsed, kept word for word",
            not_parsed.iter().map(|p| format!("{}: {}", p.unit, p.text)),
            usize::MAX,
        )
        .list("units of unknown origin", unknown_origin.iter().map(ToString::to_string), usize::MAX)
}

fn topics_text(report: &TopicsReport) -> Lines {
    let TopicsReport { dry_run, topics, relisted, refused } = report;
    Lines::new(*dry_run).tally("topics", *topics).count("articles listed anew", *relisted).list(
        "rows left out",
        refused.iter().cloned(),
        usize::MAX,
    )
}

fn agencies_text(report: &AgenciesReport) -> Lines {
    let AgenciesReport { dry_run, agencies, refused } = report;
    Lines::new(*dry_run).tally("agencies", *agencies).list("rows left out", refused.iter().cloned(), usize::MAX)
}

fn synonyms_text(report: &SynonymsReport) -> Lines {
    let SynonymsReport { dry_run, synonyms, mapped, unmapped, relisted, refused } = report;
    Lines::new(*dry_run)
        .tally("synonyms", *synonyms)
        .count("categories that have a topic now", *mapped)
        .count("categories that still have none", *unmapped)
        .count("articles listed anew", *relisted)
        .list("rows left out", refused.iter().cloned(), usize::MAX)
}

fn procedures_text(report: &ProceduresReport) -> Lines {
    let ProceduresReport { dry_run, parsed, procedures, vanished, duplicates, not_understood } = report;
    let at_line = |(line, reason): &(u64, String)| format!("line {line}: {reason}");
    let lines = Lines::new(*dry_run)
        .tally("procedures", *procedures)
        .count("records read", parsed.records)
        .count("channels", parsed.channels)
        .count("channels with a number and no unit of time", parsed.without_unit)
        .count("contradictions kept", parsed.discrepancies)
        .list("lines left out", parsed.broken_lines.iter().map(at_line), usize::MAX)
        .list("records that are no procedures", parsed.refused.iter().map(at_line), usize::MAX)
        .list("repeated codes", duplicates.iter().map(|d| format!("line {}: {}", d.line, d.code)), SHOWN)
        .list("no longer in the file, kept", vanished.iter().cloned(), SHOWN);
    not_understood.iter().fold(lines, |lines, (field, pieces)| {
        let pieces = pieces.iter().map(|piece| format!("{}: {}: {}", piece.code, piece.reason, one_line(&piece.text)));
        lines.list(&format!("not understood in {}", field.key()), pieces, SHOWN)
    })
}

/// The beginning of a text, on one line.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        import: ImportArgs,
    }

    #[test]
    fn the_day_of_the_reorganisation_is_the_default() {
        let cli = Cli::try_parse_from(["import", "units", "units.csv", "--dry-run"]).unwrap();
        assert!(cli.import.dry_run && !cli.import.json);
        assert!(matches!(cli.import.what, What::Units { in_force, .. } if in_force.to_string() == "2025-07-01"));
        let error = Cli::try_parse_from(["import", "units", "units.csv", "--in-force", "1/7/2025"]).unwrap_err();
        assert!(error.to_string().contains("is not a day such as"), "{error}");
    }

    #[test]
    fn a_long_list_is_cut_for_people() {
        let items = (1..=7).map(|n| n.to_string());
        let lines = Lines::new(false).list("pieces", items, 2).list("nothing", [], 2).0;
        assert_eq!(lines, ["pieces: 7", "  1", "  2", "  … and 5 more, see --json"]);
    }

    #[test]
    fn text_is_shown_on_one_line_and_not_at_length() {
        assert_eq!(one_line(" Bước 1:\n nộp "), "Bước 1: nộp");
        assert_eq!(one_line(&"ế".repeat(101)), format!("{}…", "ế".repeat(100)));
    }
}
