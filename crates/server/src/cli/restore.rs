//! `lienthong restore`.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tempfile::NamedTempFile;

use lienthong_domain::time::Timestamp;
use lienthong_persistence::backup;

use super::Place;
use super::backup::{folder_of, only_sqlite};
use super::output::{json, line};
use crate::database;
use crate::failure::{Failure, Outcome};

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong restore /srv/backup/2026-11-25.db
  lienthong restore --data /var/lib/lienthong-copy --new-secrets /srv/backup/2026-11-25.db

Refuses while a server is at work on the data folder. The database that is replaced is kept beside the new one.
Whoever follows the change log is told to start again, since changes after the backup are no more.")]
pub(super) struct Options {
    /// The backup to put in place
    file: PathBuf,
    /// Make new instance secrets, for a folder whose seal.key is lost: every token and cursor handed out is then refused
    #[arg(long)]
    new_secrets: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    database: PathBuf,
    /// Where the database before it is kept, if there was one.
    replaced: Option<PathBuf>,
    /// Number of the last change in it.
    seq: i64,
    /// Identity of the new history; text, since JSON readers round numbers of this size.
    epoch: String,
}

pub(super) async fn run(options: Options, place: &Place) -> Result<Outcome, Failure> {
    only_sqlite(&place.settings()?)?;
    let folder = place.folder()?;
    let lock = folder.lock()?;
    let database = folder.database();
    let has_key = folder.seal_key().exists();
    let Options { file, new_secrets, json: as_json } = options;
    let now = database::now();
    let report = tokio::task::spawn_blocking(move || put_back(&file, &database, new_secrets, now)).await??;
    drop(lock);
    if as_json {
        json(&report)?;
    } else {
        tell(&report);
    }
    if !has_key && !new_secrets {
        eprintln!(
            "note: put the seal.key of that instance into {} before you serve",
            folder_of(&report.database).display()
        );
    }
    Ok(Outcome::Done)
}

fn tell(report: &Report) {
    line(format!("{} is restored, up to change {}", report.database.display(), report.seq));
    if let Some(replaced) = &report.replaced {
        line(format!("the database before it is kept as {}", replaced.display()));
    }
}

fn put_back(file: &Path, database: &Path, new_secrets: bool, now: Timestamp) -> Result<Report, Failure> {
    backup::verify(file)?;
    let draft = NamedTempFile::new_in(folder_of(database))?;
    backup::copy(file, draft.path())?;
    if new_secrets {
        backup::forget_secrets(draft.path())?;
    }
    let position = backup::renew_epoch(draft.path())?;
    backup::verify(draft.path())?;
    draft.as_file().sync_all()?;
    let replaced = keep(database, now)?;
    draft.persist(database).map_err(|error| error.error)?;
    fs::File::open(folder_of(database))?.sync_all()?;
    Ok(Report { database: database.to_owned(), replaced, seq: position.seq, epoch: position.epoch.to_string() })
}

/// Keeps the database under another name as well, and takes its write-ahead log away: left behind, the log would be
/// applied to the new file. Until the new file is in place the old one stays where it is.
fn keep(database: &Path, now: Timestamp) -> Result<Option<PathBuf>, Failure> {
    if !database.exists() {
        return Ok(None);
    }
    match backup::fold_log(database) {
        Err(lienthong_persistence::Error::Open(why)) => return Err(Failure::while_doing(database.display(), why)),
        // Perhaps it is restored because it is damaged; then its log is kept beside it.
        Err(error) => tracing::warn!(%error, "the old database cannot be read and is kept as it is"),
        Ok(()) => {}
    }
    let kept = with_suffix(database, &format!(".replaced-{}", now.to_utc().format("%Y%m%dT%H%M%S%.6fZ")));
    fs::hard_link(database, &kept)
        .map_err(|error| Failure::while_doing(format!("cannot keep the old database as {}", kept.display()), error))?;
    for part in ["-wal", "-shm"] {
        match fs::rename(with_suffix(database, part), with_suffix(&kept, part)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Failure::new(error)),
            _ => {}
        }
    }
    Ok(Some(kept))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}
