//! `report articles`: the table that offices attach to their letters; the other reports have modules of their own.

use std::io::{self, Write as _};

use chrono::{NaiveDate, Utc};
use clap::{Args, Subcommand, ValueEnum};

use lienthong_app::App;
use lienthong_app::queries::report::articles;
use lienthong_domain::access::Actor;
use lienthong_domain::ids::UnitId;
use lienthong_domain::report::ArticleReport;
use lienthong_domain::sheet::ByteOrderMark;
use lienthong_domain::time::{Period, Timestamp, parse_day};

use super::report_royalties::RoyaltiesArgs;
use super::{report_categories, report_readiness, report_royalties};
use crate::failure::{Failure, Outcome};

/// Print a report.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Articles by site, most first.
    ///
    /// Counts articles that are public now, own and reposted, by the day of their first publication in Vietnamese time,
    /// both days included. Lists every site of the unit and below it that was in operation then.
    Articles(ArticlesArgs),
    /// Categories that map to no topic of the disclosure catalogue.
    ///
    /// `import synonyms` gives them one. Exits with 3 when there is any.
    UnmappedCategories(UnitArgs),
    /// Sites that still miss a decision: editorial board, regulation, budget.
    ///
    /// The mutation recordSiteDecision records one. Exits with 3 when any is missing.
    Readiness(UnitArgs),
    /// Royalties of a site: who gets what for the works first published in a period.
    ///
    /// The mutations recordRoyaltyRates and recordRoyalties record them.
    Royalties(RoyaltiesArgs),
}

#[derive(Debug, Args)]
pub(super) struct UnitArgs {
    /// The unit, by today's code or by slug, such as 42 or nghi-xuan.
    #[arg(long, value_name = "UNIT")]
    pub(super) unit: String,
    /// Print it as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
struct ArticlesArgs {
    /// The unit, by today's code or by slug, such as 42 or nghi-xuan.
    #[arg(long, value_name = "UNIT")]
    unit: String,
    /// First day, such as 2024-01-01.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    from: NaiveDate,
    /// Last day, included.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    to: NaiveDate,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Begin CSV with a byte-order mark, which spreadsheets need to read Vietnamese.
    #[arg(long)]
    bom: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
}

/// Runs the command.
pub(crate) async fn run(app: &App, actor: &Actor, args: ReportArgs) -> Result<Outcome, Failure> {
    let now = Timestamp::from(Utc::now());
    let args = match args.what {
        What::Articles(args) => args,
        What::UnmappedCategories(args) => return report_categories::run(app, actor, &args, now),
        What::Readiness(args) => return report_readiness::run(app, actor, &args, now).await,
        What::Royalties(args) => return report_royalties::run(app, actor, &args).await,
    };
    let unit = unit_named(app, &args.unit, now)?;
    let period = Period::new(args.from, args.to)?;
    let report = articles(app, &actor.permit()?, (unit, period), now).await?;
    io::stdout().write_all(written(&report, &args)?.as_bytes())?;
    Ok(Outcome::Done)
}

/// The unit of this code or slug.
pub(super) fn unit_named(app: &App, name: &str, now: Timestamp) -> Result<UnitId, Failure> {
    let unit = app.reference().units.named(name, now.local_day()).map(|unit| unit.id);
    unit.ok_or_else(|| Failure::new(format!("there is no unit {name:?}")))
}

fn written(report: &ArticleReport, args: &ArticlesArgs) -> Result<String, Failure> {
    let format = if args.json { Format::Json } else { args.format };
    Ok(match format {
        Format::Text => report.to_text(),
        Format::Csv => report.to_csv(if args.bom { ByteOrderMark::With } else { ByteOrderMark::Without }),
        Format::Json => serde_json::to_string_pretty(report)? + "\n",
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use lienthong_domain::ids::SiteId;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        report: ReportArgs,
    }

    fn printed(options: &[&str]) -> String {
        let given = ["report", "articles", "--unit", "nghi-xuan", "--from", "2024-01-01", "--to", "2024-07-07"];
        let cli = Cli::try_parse_from(given.iter().chain(options)).unwrap();
        let What::Articles(args) = cli.report.what else { panic!("another report") };
        let period = Period::new(args.from, args.to).unwrap();
        let site = SiteId::from_uuid(uuid::Uuid::nil());
        let report = ArticleReport::new(period, [(site, "Cổng thông tin điện tử huyện".to_owned(), 2_079)]);
        written(&report, &args).unwrap()
    }

    #[test]
    fn each_format_prints_the_same_figures() {
        assert!(printed(&[]).contains("1   Cổng thông tin điện tử huyện    2.079\n"));
        assert_eq!(
            printed(&["--format", "csv", "--bom"]),
            "\u{feff}TT,Trang,Tổng số\r\n1,Cổng thông tin điện tử huyện,2079\r\n"
        );
        assert_eq!(printed(&["--json"]), printed(&["--format", "json"]));
        assert!(printed(&["--json"]).contains("\"total\": 2079"));
    }
}
