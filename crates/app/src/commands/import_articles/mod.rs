//! Import of old articles: JSON Lines with their own dates (docs/formats/articles-jsonl.md).
//!
//! ```text
//! reading thread: lines → parsed → sanitised → projected ──batches──► this task: looked up → written → committed
//! ```

mod lines;
mod prepare;
mod report;
mod write;

use std::io::BufRead;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::mpsc;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::time::Timestamp;

use crate::app::App;
use crate::commands::bulk::unreadable;
use crate::commands::import_articles::prepare::Preparation;
use crate::commands::import_articles::write::Importer;
use crate::error::Error;
use crate::proof::signers::Signers;

pub(crate) use prepare::placement;
pub use report::{ArticlesReport, LineError, MOST_ERRORS, Position};

/// Tells the time, as the outermost layer has it: an import runs for minutes.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Articles to be imported.
pub struct ArticlesImport<'a, R> {
    /// JSON Lines.
    pub source: R,
    /// Do everything and leave nothing: each transaction is taken back instead of committed.
    pub dry_run: bool,
    /// Articles in one transaction, at most [`MOST_IN_A_BATCH`]: fewer keep other writers waiting for a shorter time.
    pub batch: usize,
    /// Called after each batch with how far the source has been worked off.
    pub progress: &'a (dyn Fn(Position) + Sync),
}

/// Articles in one transaction.
pub const MOST_IN_A_BATCH: usize = prepare::BATCH;

/// Batches that wait to be written, at most.
const AHEAD: usize = 2;

/// Imports articles. Each is recognised by its site and source id, or, as exports write it, by the id of an article that was
/// written here: a new one is published under its own dates, one whose line says something else than last time and than what
/// is live gets a new edition, unless a board has written that, and the others are left alone. A line that breaks a rule is
/// reported and stops no other. Each batch is one transaction, so that an import that was broken off is simply run again.
///
/// # Errors
/// [`Error::BadRequest`] when the source cannot be read, [`Error::Store`] when the database fails. The batches before
/// stand.
pub async fn import_articles<R: BufRead + Send + 'static>(
    app: &App,
    permit: &Permit<act::ImportContent>,
    import: ArticlesImport<'_, R>,
    clock: Clock,
) -> Result<ArticlesReport, Error> {
    app.catch_up().await?;
    let reference = Arc::new(ArcSwap::new(app.reference()));
    let signers = Arc::new(Signers::new(app, (permit.by(), import.dry_run), clock())?);
    let mut importer = Importer::new(app, permit, (Arc::clone(&reference), Arc::clone(&signers), import.dry_run))?;
    let preparation = Preparation::new((reference, signers), permit.clone(), import.batch, clock)?;
    let (send, mut batches) = mpsc::channel(AHEAD);
    let source = import.source;
    let reading = tokio::task::spawn_blocking(move || preparation.run(source, &send));
    while let Some(batch) = batches.recv().await {
        let position = batch.position;
        Box::pin(importer.write(batch)).await?;
        (import.progress)(position);
    }
    let read = reading.await.map_err(|error| Error::Internal(error.to_string()))?;
    let report = importer.finish().await?;
    read.map_err(|error| unreadable(&error))?;
    Ok(report)
}
