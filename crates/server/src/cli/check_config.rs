//! `lienthong check-config`.

use clap::Args;

use super::Place;
use super::output::{json, line};
use crate::bucket;
use crate::config;
use crate::documents;
use crate::failure::{Failure, Outcome};
use crate::identity;

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong check-config --config /etc/lienthong/lienthong.toml
  LIENTHONG_LOG__FORMAT=text lienthong check-config --json
  lienthong check-config --reference > reference.md

Exit code 1 and one line when a key is not known, a value does not fit, the file of trusted documents does not hold, or an identity provider or the bucket of files cannot be used. Nobody is asked over the network. Secrets are shown as set or unset.")]
pub(super) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print the reference of all settings as Markdown instead
    #[arg(long, conflicts_with = "json")]
    reference: bool,
}

pub(super) fn run(options: &Options, place: &Place) -> Result<Outcome, Failure> {
    if options.reference {
        line(config::markdown()?.trim_end());
        return Ok(Outcome::Done);
    }
    let config = place.settings()?;
    documents::load(&config.graphql)?;
    identity::check(&config)?;
    bucket::check(&config)?;
    if options.json {
        json(&config)?;
    } else {
        line(config::effective(&config)?);
    }
    Ok(Outcome::Done)
}
