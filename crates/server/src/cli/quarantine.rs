//! `lienthong quarantine`: what is taken away from everybody until a second person has looked.

use std::sync::Arc;

use clap::{ArgGroup, Args, Subcommand};
use serde::Serialize;
use uuid::Uuid;

use lienthong_app::App;
use lienthong_app::commands::holds::{self, Rescanned};
use lienthong_app::queries::holds as queries;
use lienthong_domain::access::Actor;
use lienthong_domain::hold::Target;
use lienthong_domain::ids::{ActorId, EntryId, QuarantineId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors;

use super::Place;
use super::operator::operator;
use super::output::{json, line};
use crate::database;
use crate::failure::{Failure, Outcome};

/// Quarantines that are listed at most.
const SHOWN: u64 = 100;

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  lienthong quarantine add --site xuanhoi.nghixuan.hatinh.gov.vn --reason 'Trang bị chiếm quyền'
  lienthong quarantine add --account thu-ha --since 2026-11-24T20:00:00+07:00 --reason 'Lộ mật khẩu'
  lienthong quarantine list
  lienthong quarantine release 019a…  --reason 'Đã kiểm tra từng bài'
  lienthong quarantine rescan --site xuanhoi.nghixuan.hatinh.gov.vn

What is under quarantine answers 410 until it is released, and then stands again under the dates it had.
A server scans everything that is public once a day by itself; rescan does it now.")]
pub(super) enum Command {
    /// Take an article, a site, or everything an account has touched, away from everybody
    Add(AddOptions),
    /// List the last quarantines
    List(ListOptions),
    /// Show again what was taken away
    Release(ReleaseOptions),
    /// Scan what is public for injected advertising now
    Rescan(RescanOptions),
}

#[derive(Args)]
#[command(group = ArgGroup::new("target").required(true).args(["entry", "site", "account"]))]
pub(super) struct AddOptions {
    /// Id of an article, as a UUID
    #[arg(long, value_name = "UUID")]
    entry: Option<Uuid>,
    /// Host or id of a site
    #[arg(long, value_name = "HOST")]
    site: Option<String>,
    /// Short name of an account; disable it first with `lienthong user disable`
    #[arg(long, value_name = "HANDLE")]
    account: Option<String>,
    /// Only what the account has touched from then on, such as 2026-11-24T20:00:00+07:00
    #[arg(long, value_name = "TIME", requires = "account")]
    since: Option<String>,
    /// Why, for the audit
    #[arg(long)]
    reason: String,
}

#[derive(Args)]
pub(super) struct ListOptions {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct ReleaseOptions {
    /// Id of the quarantine, as `list` shows it
    id: Uuid,
    /// Why, for the audit
    #[arg(long)]
    reason: String,
}

#[derive(Args)]
pub(super) struct RescanOptions {
    /// Host or id of a site; all sites when absent
    #[arg(long, value_name = "HOST")]
    site: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: String,
    target: String,
    reason: String,
    since: Timestamp,
    ended_at: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scanned {
    site: String,
    articles: u32,
    held: u32,
}

pub(super) async fn run(command: Command, place: &Place) -> Result<Outcome, Failure> {
    let (app, actor) = (place.app().await?, operator());
    match command {
        Command::Add(options) => add(&app, &actor, &options).await,
        Command::List(options) => list(&app, &actor, &options).await,
        Command::Release(options) => release(&app, &actor, &options).await,
        Command::Rescan(options) => rescan(&app, &actor, &options).await,
    }
}

async fn add(app: &App, actor: &Actor, options: &AddOptions) -> Result<Outcome, Failure> {
    let target = target(app, options).await?;
    let act = (target, options.reason.as_str());
    let taken = holds::quarantine(app, &actor.permit()?, act, database::now()).await?;
    line(format!("{} articles were taken away; quarantine {}", taken.articles, taken.id));
    Ok(Outcome::Done)
}

async fn target(app: &App, options: &AddOptions) -> Result<Target, Failure> {
    let AddOptions { entry, site, account, since, reason: _ } = options;
    if let Some(entry) = entry {
        return Ok(Target::Entry(EntryId::from_uuid(*entry)));
    }
    if let Some(name) = site {
        return Ok(Target::Site(site_named(app, name)?));
    }
    let handle = account.as_deref().unwrap_or_default();
    let account = account_named(app, handle).await?;
    let since = since.as_deref().map(|text| {
        let read = chrono::DateTime::parse_from_rfc3339(text);
        read.map(|at| Timestamp::from(at.to_utc())).map_err(|error| Failure::new(format!("--since: {error}")))
    });
    Ok(Target::Account { account, since: since.transpose()? })
}

/// Also one that is disabled, as it should be by then.
async fn account_named(app: &App, handle: &str) -> Result<ActorId, Failure> {
    let found = actors::all(app.store()).await?.into_iter().find(|known| known.handle == handle);
    found
        .map(|known| known.id)
        .ok_or_else(|| Failure::new("no account has this short name; `lienthong user list` shows them"))
}

fn site_named(app: &App, name: &str) -> Result<SiteId, Failure> {
    let reference = app.reference();
    let by_id = || name.parse().ok().and_then(|id| reference.sites.get(SiteId::from_uuid(id)));
    let site = reference.sites.by_host(name).or_else(by_id);
    site.map(|site| site.id).ok_or_else(|| Failure::new(format!("there is no site {name}")))
}

async fn list(app: &App, actor: &Actor, options: &ListOptions) -> Result<Outcome, Failure> {
    let reference = app.reference();
    let found = queries::quarantines(app, &actor.permit()?, None, SHOWN).await?;
    let host = |site| reference.sites.get(site).map_or_else(|| site.to_string(), |site| site.host.to_string());
    let lines: Vec<Line> = found
        .into_iter()
        .map(|one| Line {
            id: one.id.to_string(),
            target: match one.target {
                Target::Entry(entry) => format!("article {entry}"),
                Target::Site(site) => format!("site {}", host(site)),
                Target::Account { account, .. } => format!("account {account}"),
            },
            reason: one.reason.as_str().to_owned(),
            since: one.raised_at,
            ended_at: one.release.map(|release| release.at),
        })
        .collect();
    if options.json {
        json(&lines)?;
    } else {
        for Line { id, target, reason, since, ended_at } in lines {
            let until = ended_at.map_or_else(|| "still".to_owned(), |at| at.to_string());
            line(format!("{id}  {target}  {since} … {until}  {reason}"));
        }
    }
    Ok(Outcome::Done)
}

async fn release(app: &App, actor: &Actor, options: &ReleaseOptions) -> Result<Outcome, Failure> {
    let act = (QuarantineId::from_uuid(options.id), options.reason.as_str());
    let released = holds::release_quarantine(app, &actor.permit()?, act, database::now()).await?;
    line(format!("{} articles are shown again", released.articles));
    Ok(Outcome::Done)
}

async fn rescan(app: &Arc<App>, actor: &Actor, options: &RescanOptions) -> Result<Outcome, Failure> {
    let reference = app.reference();
    let sites: Vec<SiteId> = match &options.site {
        Some(name) => vec![site_named(app, name)?],
        None => reference.sites.in_order().map(|site| site.id).collect(),
    };
    let mut scanned = Vec::with_capacity(sites.len());
    for site in sites {
        let Rescanned { site, entries, held } = holds::rescan(app, &actor.permit()?, site, database::now()).await?;
        let host = reference.sites.get(site).map(|site| site.host.to_string()).unwrap_or_default();
        scanned.push(Scanned { site: host, articles: entries, held });
    }
    let held: u32 = scanned.iter().map(|one| one.held).sum();
    if options.json {
        json(&scanned)?;
    } else {
        for Scanned { site, articles, held } in scanned.iter().filter(|one| one.held > 0) {
            line(format!("{site}: {held} of {articles} articles"));
        }
        let articles: u32 = scanned.iter().map(|one| one.articles).sum();
        line(format!("{held} of {articles} articles on {} sites need a second look", scanned.len()));
    }
    Ok(if held == 0 { Outcome::Done } else { Outcome::Findings })
}
