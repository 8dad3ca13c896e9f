//! `sanitize`: what the server would store of a piece of HTML.

use std::io::{self, Read as _, Write as _};

use clap::Args;
use lienthong_domain::html::SafeHtml;

use crate::failure::{Failure, Outcome};

/// Show what would be stored of HTML.
///
/// Reads HTML from standard input and writes to standard output what the server would store of it, byte for byte. What
/// was taken out or changed goes to standard error, a line each.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct SanitizeArgs {
    /// Report what was taken out as JSON.
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
Scripts, event handlers, styles, forms and addresses that run are taken out; frames stay for listed video hosts only;
links get rel=\"noopener noreferrer nofollow\".

Example:
  lienthong sanitize < article.html > stored.html";

/// Runs the command.
pub(super) fn run(args: &SanitizeArgs) -> Result<Outcome, Failure> {
    let mut html = String::new();
    io::stdin().lock().read_to_string(&mut html).map_err(|error| Failure::while_doing("standard input", error))?;
    let (safe, removed) = SafeHtml::sanitise(&html);
    let mut out = io::stdout().lock();
    out.write_all(safe.as_str().as_bytes())?;
    out.flush()?;
    if args.json {
        eprintln!("{}", serde_json::to_string(&removed)?);
    } else {
        for one in removed {
            eprintln!("{one}");
        }
    }
    Ok(Outcome::Done)
}
