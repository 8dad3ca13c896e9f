//! `export articles`: all that is published, for everybody or internally, for another instance or another system.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use lienthong_app::App;
use lienthong_app::queries::export::ArticlesExport;
use lienthong_domain::time::Timestamp;

use crate::failure::{Failure, Outcome};

/// Write out what is published.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All published articles, internal ones included, as JSON Lines, in the form that `import articles` reads.
    ///
    /// Site by site, in each by first publication. Instances with the same sites and articles write the same bytes. Drafts,
    /// history, withdrawn articles and attached documents are left out; how many articles have documents is told at the end, on
    /// standard error. The format is described in docs/formats/articles-jsonl.md.
    Articles {
        /// Only the site on this host.
        #[arg(long, value_name = "HOST")]
        site: Option<String>,
        /// The file to write, which must not exist; standard output without.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Runs the command.
pub(crate) async fn run(app: &App, args: ExportArgs) -> Result<Outcome, Failure> {
    let What::Articles { site, output } = args.what;
    let export = ArticlesExport::new(app, site.as_deref())?;
    let mut out = BufWriter::new(open(output.as_deref())?);
    match write(app, export, &mut out).await {
        Ok(0) => Ok(Outcome::Done),
        Ok(number) => {
            eprintln!("articles with attached documents, which were not exported: {number}");
            Ok(Outcome::Done)
        }
        // A reader that has gone away, such as `head`, has what it wanted.
        Err(WriteError::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Outcome::Done),
        Err(error) => Err(Failure::new(error)),
    }
}

#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    App(#[from] lienthong_app::Error),
    #[error("cannot write the articles: {0}")]
    Io(#[from] io::Error),
}

/// Tells how many articles have attached documents.
async fn write(app: &App, mut export: ArticlesExport, out: &mut (dyn Write + Send)) -> Result<usize, WriteError> {
    let bar = ProgressBar::new_spinner();
    let mut with_attachments = 0;
    while let Some(chunk) = export.next(app, Timestamp::from(Utc::now())).await? {
        out.write_all(&chunk.text)?;
        bar.inc(u64::try_from(chunk.articles).unwrap_or_default());
        bar.set_message(format!("{} articles", bar.position()));
        with_attachments += chunk.with_attachments;
    }
    out.flush()?;
    bar.finish_and_clear();
    Ok(with_attachments)
}

fn open(path: Option<&Path>) -> Result<Box<dyn Write + Send>, Failure> {
    let Some(path) = path else { return Ok(Box::new(io::stdout())) };
    let file = File::create_new(path);
    let file = file.map_err(|error| Failure::while_doing(format!("cannot write {}", path.display()), error))?;
    Ok(Box::new(file))
}
