//! `import articles`: old content with its own dates.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use lienthong_app::App;
use lienthong_app::commands::bulk::Tally;
use lienthong_app::commands::import_articles::{
    ArticlesImport, ArticlesReport, MOST_IN_A_BATCH, Position, import_articles,
};
use lienthong_domain::access::Actor;
use lienthong_domain::time::Timestamp;

use super::import::{Lines, shown};
use crate::failure::{Failure, Outcome};

/// Errors that are shown; `--json` shows more.
const SHOWN: usize = 20;

/// Read this much at a time.
const BUFFER: usize = 1 << 20;

/// Old articles, published under their own dates.
///
/// JSON Lines with the keys of the REST article; `sourceId` tells an article that is here already, so that an import which
/// was broken off is simply run again. A changed line becomes a new edition. The format is described in
/// docs/formats/articles-jsonl.md; `lienthong export articles` writes it.
#[derive(Debug, Args)]
pub(super) struct ArticlesArgs {
    /// The articles; - reads standard input.
    file: PathBuf,
    /// Articles in one transaction: fewer take longer in all, and keep other writers waiting for a shorter time.
    #[arg(long, value_name = "N", default_value_t = MOST_IN_A_BATCH, value_parser = batch)]
    batch: usize,
}

fn batch(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST_IN_A_BATCH).contains(number));
    number.ok_or_else(|| format!("must be between 1 and {MOST_IN_A_BATCH}"))
}

/// How a report is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Keep nothing.
    pub(super) dry_run: bool,
    /// As JSON.
    pub(super) json: bool,
}

/// Runs the command. Findings are lines that were refused, articles that are held, and dates before the first day of a site.
pub(super) async fn run(app: &App, actor: &Actor, args: ArticlesArgs, manner: Manner) -> Result<Outcome, Failure> {
    let Manner { dry_run, json } = manner;
    let (source, length) = open(&args.file)?;
    let bar = bar(length);
    let progress = |position: Position| {
        bar.set_position(position.bytes);
        bar.set_message(position.lines.to_string());
    };
    let import = ArticlesImport { source, dry_run, batch: args.batch, progress: &progress };
    let clock = Arc::new(|| Timestamp::from(Utc::now()));
    let report = import_articles(app, &actor.permit()?, import, clock).await?;
    bar.finish_and_clear();
    io::stdout().write_all(shown(json, &report, text)?.as_bytes())?;
    let is_sound = report.refused + report.held == 0 && report.dated_outside.is_empty();
    Ok(if is_sound { Outcome::Done } else { Outcome::Findings })
}

/// The source and, for a file, its length.
fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, Option<u64>), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::with_capacity(BUFFER, io::stdin())), None));
    }
    let cannot = |error| Failure::while_doing(format!("cannot read {}", path.display()), error);
    let file = File::open(path).map_err(cannot)?;
    let length = file.metadata().map_err(cannot)?.len();
    Ok((Box::new(BufReader::with_capacity(BUFFER, file)), Some(length)))
}

/// A bar over the bytes of the file, on standard error; none when that is no terminal.
fn bar(length: Option<u64>) -> ProgressBar {
    let template = "{bar:40} {bytes}/{total_bytes} {msg} lines {elapsed} (about {eta} left)";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    length.map_or_else(ProgressBar::new_spinner, |length| ProgressBar::new(length).with_style(style))
}

fn text(report: &ArticlesReport) -> Lines {
    #[rustfmt::skip] // One name a line would make a long function of a short one.
    let ArticlesReport {
        dry_run, read: _, created, updated, unchanged, held, refused, sanitised, dated_outside, errors, errors_left_out,
    } = report;
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let tally = Tally { created: count(*created), changed: count(*updated), unchanged: count(*unchanged) };
    let mut lines = Lines::new(*dry_run).tally("articles", tally).count("lines refused", count(*refused));
    if *sanitised > 0 {
        lines = lines.count("articles from whose text active content was taken", count(*sanitised));
    }
    if *held > 0 {
        lines = lines.count("articles held for a second person to look at", count(*held));
    }
    lines = lines.dated_outside(dated_outside).list("errors", errors.iter().map(ToString::to_string), SHOWN);
    if *errors_left_out > 0 {
        lines = lines.count("errors beyond these", count(*errors_left_out));
    }
    lines
}
