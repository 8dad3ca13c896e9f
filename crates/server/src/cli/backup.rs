//! `lienthong backup`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tempfile::NamedTempFile;

use lienthong_domain::change::LogPosition;
use lienthong_persistence::backup;

use super::Place;
use super::output::{json, line};
use crate::config::Config;
use crate::database;
use crate::failure::{Failure, Outcome};

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong backup /srv/backup/2026-11-25.db
  lienthong backup --data /var/lib/lienthong --json /srv/backup/now.db

The copy is one moment of the database, whatever is written meanwhile; it is checked before it gets its name, and no
file is ever overwritten. The secrets in it are sealed: keep seal.key of the data folder too, in another place.
On PostgreSQL use pg_dump.")]
pub(super) struct Options {
    /// The file to write
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    file: PathBuf,
    bytes: u64,
    /// Number of the last change in it.
    seq: i64,
    /// Identity of the history; text, since JSON readers round numbers of this size.
    epoch: String,
}

pub(super) async fn run(options: Options, place: &Place) -> Result<Outcome, Failure> {
    let config = place.settings()?;
    only_sqlite(&config)?;
    let source = place.folder()?.database();
    let Options { file, json: as_json } = options;
    let report = tokio::task::spawn_blocking(move || save(&source, &file)).await??;
    if as_json {
        json(&report)?;
    } else {
        line(format!("{}: {} bytes, checked, up to change {}", report.file.display(), report.bytes, report.seq));
    }
    Ok(Outcome::Done)
}

/// Backups of `PostgreSQL` are its own tools' work.
pub(super) fn only_sqlite(config: &Config) -> Result<(), Failure> {
    if database::is_sqlite(config) {
        return Ok(());
    }
    Err(Failure::new("this instance is on PostgreSQL: back it up with pg_dump and restore it with pg_restore"))
}

fn save(source: &Path, file: &Path) -> Result<Report, Failure> {
    if file.exists() {
        return Err(Failure::new(format!("{} exists already and is not overwritten", file.display())));
    }
    let cannot = |error: std::io::Error| Failure::while_doing(format!("cannot write {}", file.display()), error);
    let draft = NamedTempFile::new_in(folder_of(file)).map_err(cannot)?;
    backup::copy(source, draft.path())?;
    let LogPosition { epoch, seq } = backup::verify(draft.path())?;
    draft.as_file().sync_all().map_err(cannot)?;
    let kept = draft.persist_noclobber(file).map_err(|error| cannot(error.error))?;
    let bytes = kept.metadata().map_err(cannot)?.len();
    Ok(Report { file: file.to_owned(), bytes, seq, epoch: epoch.to_string() })
}

/// The folder a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
