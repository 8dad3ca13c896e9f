//! `lienthong media`.

use clap::{Args, Subcommand};
use serde_json::json;

use lienthong_app::commands::media;

use super::Place;
use super::output::{json, line};
use crate::failure::{Failure, Outcome};
use crate::{database, library};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Take away what nobody needs: uploads that never ended, and stored files that are in no library
    Clean(CleanArgs),
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong media clean --dry-run
  lienthong media clean --config /etc/lienthong.toml

A running server does this by itself once a day. What was stored within the last 48 hours stays: its row may be about to
be written.")]
pub(super) struct CleanArgs {
    /// Only count
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command, place: &Place) -> Result<Outcome, Failure> {
    let Command::Clean(CleanArgs { dry_run, json: as_json }) = command;
    let library = library::open(&place.settings()?, &place.folder()?).await?;
    let app = place.app().await?;
    let media::Cleaned { uploads, files, bytes } = media::clean((&app, &library), dry_run, database::now()).await?;
    if as_json {
        json(&json!({ "dryRun": dry_run, "uploads": uploads, "files": files, "bytes": bytes }))?;
    } else {
        let done = if dry_run { "would be taken away" } else { "taken away" };
        line(format!("{uploads} uploads and {files} stored files ({bytes} bytes) {done}"));
    }
    Ok(Outcome::Done)
}
