//! `report royalties`: the statement for those who pay.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use lienthong_app::queries::royalties::{self, Statement};
use lienthong_app::{App, workbook};
use lienthong_domain::access::Actor;
use lienthong_domain::sheet::ByteOrderMark;
use lienthong_domain::time::{Period, parse_day};

use crate::failure::{Failure, Outcome};

#[derive(Debug, Args)]
pub(super) struct RoyaltiesArgs {
    /// The site, by its host.
    #[arg(long, value_name = "HOST")]
    site: String,
    /// First day, such as 2026-07-01.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    from: NaiveDate,
    /// Last day, included.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    to: NaiveDate,
    /// How to write it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write to this file instead of standard output; needed for xlsx.
    #[arg(long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Xlsx,
    Json,
}

pub(super) async fn run(app: &App, actor: &Actor, args: &RoyaltiesArgs) -> Result<Outcome, Failure> {
    let site = app.reference().sites.by_host(&args.site).map(|site| site.id);
    let site = site.ok_or_else(|| Failure::new(format!("there is no site on {}", args.site)))?;
    let period = Period::new(args.from, args.to)?;
    let statement = royalties::statement(app, &actor.permit()?, (site, period)).await?;
    let format = if args.json { Format::Json } else { args.format };
    let bytes = written(&statement, format)?;
    match &args.output {
        Some(file) => fs::write(file, bytes).map_err(|error| Failure::while_doing(file.display(), error))?,
        None => io::stdout().write_all(&bytes)?,
    }
    Ok(Outcome::Done)
}

fn written(statement: &Statement, format: Format) -> Result<Vec<u8>, Failure> {
    Ok(match format {
        Format::Text => statement.to_text().into_bytes(),
        Format::Csv => statement.to_csv(ByteOrderMark::With).into_bytes(),
        Format::Xlsx => workbook::statement(statement)?,
        Format::Json => serde_json::to_vec_pretty(statement)?,
    })
}
