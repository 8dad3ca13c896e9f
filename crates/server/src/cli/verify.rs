//! `lienthong verify`: what was changed behind the application's back.

use std::path::{Path, PathBuf};

use clap::Args;

use lienthong_app::proof::evidence::{self, Checked, Pack};
use lienthong_app::proof::verify::{Known, Report, verify};

use super::Place;
use super::output::{json, line};
use crate::failure::{Failure, Outcome};

/// Look for what was changed in the database by anything else than this program.
///
/// Computes every act of the log anew, checks every edition against the last act on it and the signature of its site, and
/// every row that the public sees against the edition it shows. Names each row that differs, and the first leaf of the log
/// at which it is not what it was. Reads only, and may run while the server does.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct VerifyArgs {
    /// A signed state of the log that was kept elsewhere: without one, a log that was rewritten as a whole by somebody who
    /// holds the keys of the instance looks like any other
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Do not tell again what acts up to this leaf of the log came upon: somebody has looked at it
    #[arg(long, value_name = "LEAF", conflicts_with = "pack")]
    known_until: Option<u64>,
    /// Check this evidence pack instead; needs no database
    #[arg(long, value_name = "FILE", conflicts_with = "checkpoint")]
    pack: Option<PathBuf>,
    /// The key set that the pack's keys have to be in, as /.well-known/jwks.json gave it
    #[arg(long, value_name = "FILE", requires = "pack")]
    jwks: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
Examples:
  lienthong verify
  curl -s https://HOST/v1/log/checkpoint > last.checkpoint    keep it on another machine
  lienthong verify --checkpoint last.checkpoint --json
  lienthong verify --known-until 48211                        48211 was found, and somebody knows of it
  lienthong verify --pack evidence.json --jwks jwks.json

Exit code 3 when something is wrong.";

impl VerifyArgs {
    /// Whether it needs no database.
    pub(super) const fn is_of_a_pack(&self) -> bool {
        self.pack.is_some()
    }
}

/// Runs the command.
pub(super) async fn run(args: &VerifyArgs, place: &Place) -> Result<Outcome, Failure> {
    if let Some(file) = &args.pack {
        return pack(args, file);
    }
    let checkpoint = args.checkpoint.as_deref().map(read).transpose()?;
    let app = place.app().await?;
    let report = verify(&app, Known { checkpoint: checkpoint.as_deref(), until: args.known_until }).await?;
    if args.json {
        json(&report)?;
    } else {
        tell(&report);
    }
    Ok(if report.is_clean() { Outcome::Done } else { Outcome::Findings })
}

fn tell(report: &Report) {
    let Report {
        acts, entries, editions, signatures, matters, checkpoints, root, first_bad_leaf, findings, more, ..
    } = report;
    for finding in findings {
        line(format!("{} {}: {}", finding.table, finding.id, finding.what));
    }
    if *more > 0 {
        line(format!("and {more} more"));
    }
    if let Some(leaf) = first_bad_leaf {
        line(format!("the log of acts is not what it was from leaf {leaf} on"));
    }
    line(format!(
        "{acts} acts, {entries} entries, {editions} editions, {signatures} signatures, {matters} people, sites, bundles, \
         quarantines, files and registers, {checkpoints} signed states: {}",
        if report.is_clean() {
            "nothing was changed".to_owned()
        } else {
            format!("{} findings", findings.len() as u64 + more)
        }
    ));
    line(format!("root of the log {root}"));
}

fn pack(args: &VerifyArgs, file: &Path) -> Result<Outcome, Failure> {
    let pack: Pack = serde_json::from_str(&read(file)?)
        .map_err(|error| Failure::while_doing(format!("{} is no evidence pack", file.display()), error))?;
    let jwks = args.jwks.as_deref().map(read).transpose()?;
    let jwks = jwks.map(|text| serde_json::from_str(&text)).transpose()?;
    let checked = evidence::check(&pack, jwks.as_ref());
    if args.json {
        json(&checked)?;
    } else {
        tell_steps(&checked, jwks.is_some());
    }
    Ok(if checked.holds() { Outcome::Done } else { Outcome::Findings })
}

fn tell_steps(checked: &Checked, is_anchored: bool) {
    for step in &checked.steps {
        match &step.wrong {
            None => line(format!("yes  {}", step.what)),
            Some(wrong) => line(format!("NO   {}: {wrong}", step.what)),
        }
    }
    if !is_anchored {
        line("The keys are those that the pack brings. Compare them with those of the instance, or give --jwks:");
        checked.keys.iter().for_each(|key| line(format!("  {key}")));
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::while_doing(format!("cannot read {}", file.display()), error))
}
