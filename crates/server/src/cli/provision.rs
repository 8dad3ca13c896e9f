//! `provision`: sites for a whole province from one template.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Utc};
use clap::Args;

use lienthong_app::App;
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::provision::{
    CategoryFinding, FindingReason, HostClash, Provision, ProvisionReport, provision,
};
use lienthong_domain::access::Actor;
use lienthong_domain::template::SiteTemplate;
use lienthong_domain::time::{Timestamp, parse_day};

use super::import::{Lines, advance, bar, shown};
use crate::failure::{Failure, Outcome};

/// Give every commune of a province a site, as a component of the province's portal, with the categories of a template.
///
/// Hosts follow NĐ 224/2026, article 11; where the rule gives one name to several communes, each gets its code added.
/// Running it again changes nothing, or brings names and topics of categories to the template's state. A category whose
/// topic cannot be told keeps the one it has, and is listed.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct ProvisionArgs {
    /// A province (all its communes) or one commune, by code or slug, such as 42 or xa-tien-dien.
    #[arg(long, value_name = "UNIT")]
    unit: String,
    /// Names and categories, in TOML or (when the name ends with .json) JSON; docs/formats/category-template.md describes it.
    #[arg(long, value_name = "FILE")]
    template: PathBuf,
    /// First day of the sites that are made, such as that of the oldest article to be imported; the default is today. Sites
    /// that are there keep theirs: `import sites` changes it.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    active_from: Option<NaiveDate>,
    /// Do everything and keep nothing: the same report, no change.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
Examples:
  lienthong provision --unit 42 --template categories.toml --dry-run
  lienthong provision --unit xa-tien-dien --template categories.toml

A template in short; docs/formats/category-template.md has the whole format, and an example beside it:
  [[categories]]
  name = 'Tin tức – Sự kiện'
  topic = 'tt.tin'

Exit code 3 when a commune got no host, or the template names a topic that the catalogue does not have.";

/// Runs the command. Findings are communes that could not be given a host, and topics that the catalogue does not have.
pub(crate) async fn run(app: &App, actor: &Actor, args: ProvisionArgs) -> Result<Outcome, Failure> {
    let ProvisionArgs { unit, template, active_from, dry_run, json } = args;
    let template = read(&template)?;
    let bar = bar();
    let progress = |done, of| advance(&bar, done, of);
    let run = Run { dry_run, progress: &progress };
    let request = Provision { unit: &unit, template: &template, active_from, run };
    let report = provision(app, &actor.permit()?, request, Timestamp::from(Utc::now())).await?;
    bar.finish_and_clear();
    io::stdout().write_all(shown(json, &report, text)?.as_bytes())?;
    let is_clean = report.refused.is_empty() && !report.findings.iter().any(is_unknown);
    Ok(if is_clean { Outcome::Done } else { Outcome::Findings })
}

/// Reads a template.
pub(super) fn read(file: &Path) -> Result<SiteTemplate, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::while_doing(file.display(), error);
    let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        serde_json::from_str(&text).map_err(|error| failed(&error))
    } else {
        toml::from_str(&text).map_err(|error| failed(&error))
    }
}

fn text(report: &ProvisionReport) -> Lines {
    let ProvisionReport { dry_run, sites, categories, relisted, clashes, refused, findings } = report;
    Lines::new(*dry_run)
        .tally("sites", *sites)
        .tally("categories", *categories)
        .count("articles listed anew", *relisted)
        .list("contested hosts, given with the unit code instead", clashes.iter().map(clash), usize::MAX)
        .list("communes without a host", refused.iter().map(|r| format!("{}: {}", r.unit, r.reason)), usize::MAX)
        .list(
            "unknown topics, which change nothing",
            findings.iter().filter(|it| is_unknown(it)).map(finding),
            usize::MAX,
        )
        .list(
            "categories whose topic is not known",
            findings.iter().filter(|it| !is_unknown(it)).map(finding),
            usize::MAX,
        )
}

/// A menu may have categories without topic; a code that the catalogue does not have is a mistake.
pub(super) const fn is_unknown(finding: &CategoryFinding) -> bool {
    matches!(finding.reason, FindingReason::UnknownTopic { .. })
}

fn clash(clash: &HostClash) -> String {
    let HostClash { host, units, held_by } = clash;
    let units: Vec<String> = units.iter().map(ToString::to_string).collect();
    let holder = held_by.as_ref().map(|name| format!(", held by {name}")).unwrap_or_default();
    format!("{host}: {}{holder}", units.join(", "))
}

/// A category to look at, in words.
pub(super) fn finding(finding: &CategoryFinding) -> String {
    let CategoryFinding { category, name, reason } = finding;
    let reason = match reason {
        FindingReason::Unmapped => "no topic has this name; name one in the template".to_owned(),
        FindingReason::UnknownTopic { topic } => format!("the catalogue has no topic {topic}"),
    };
    format!("{category} ({name}): {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_json_are_the_same_template() {
        let folder = tempfile::tempdir().unwrap();
        let (toml, json) = (folder.path().join("a.toml"), folder.path().join("a.JSON"));
        std::fs::write(&toml, "[[categories]]\nname = \"Văn bản\"\n[[categories.children]]\nname = \"Quy phạm\"\n")
            .unwrap();
        std::fs::write(&json, r#"{"categories": [{"name": "Văn bản", "children": [{"name": "Quy phạm"}]}]}"#).unwrap();
        assert_eq!(read(&toml).unwrap(), read(&json).unwrap());
        std::fs::write(&toml, "[[categories]]\nnam = \"Văn bản\"\n").unwrap();
        assert!(read(&toml).unwrap_err().to_string().contains("unknown field `nam`"));
        assert!(read(&folder.path().join("none")).is_err());
    }

    /// The text between two fences of the documentation.
    fn documented(language: &str) -> &'static str {
        let text = include_str!("../../../../docs/formats/category-template.md");
        let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    }

    #[test]
    fn the_templates_of_the_documentation_are_templates() {
        let folder = tempfile::tempdir().unwrap();
        let [toml, json] = ["toml", "json"].map(|language| {
            let file = folder.path().join(format!("documented.{language}"));
            std::fs::write(&file, documented(language)).unwrap();
            read(&file).unwrap()
        });
        assert_eq!(toml, json, "the documentation says that they are the same");
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/category-template.toml");
        let named = read(&example).unwrap();
        let catalogue = lienthong_demo::topics_csv();
        for category in named.categories().iter().chain(toml.categories()) {
            let topic = category.topic.as_ref().unwrap();
            assert!(catalogue.lines().any(|line| line.starts_with(&format!("{topic},"))), "{topic}");
        }
    }
}
