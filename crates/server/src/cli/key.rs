//! `lienthong key`: the keys that sign what sites publish, and the states of the log of acts.

use clap::{Args, Subcommand};
use serde::Serialize;

use lienthong_app::App;
use lienthong_app::proof::keys::{self, kid};
use lienthong_domain::access::{Permit, act};
use lienthong_domain::ids::{KeyId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::signing_keys::Key;

use super::Place;
use super::operator::operator;
use super::output::{json, line};
use crate::database;
use crate::failure::{Failure, Outcome};

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  lienthong key list --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong key rotate --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong key rotate --log
  lienthong key revoke site-0198c0de-0000-7000-8000-000000000001 --reason 'Máy chủ bị xâm nhập ngày 03/11'

A site gets its key with its first publication. Public keys are at /.well-known/jwks.json; docs/proof.md says how others
verify with them. What a replaced key signed stands. What a revoked key signed holds only where the log of acts shows it
from before the revocation: stop imports first, which sign with one key from beginning to end.")]
pub(super) enum Command {
    /// List the keys
    List(ListOptions),
    /// Make a new key; the one before signs nothing new
    Rotate(Whose),
    /// Mark a key as one that others may have
    Revoke(RevokeOptions),
}

#[derive(Args)]
pub(super) struct ListOptions {
    /// Only those of this site, named by its host
    #[arg(long, value_name = "HOST")]
    site: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Whose {
    /// The key of this site, named by its host
    #[arg(long, value_name = "HOST")]
    site: Option<String>,
    /// The key of the log of acts
    #[arg(long)]
    log: bool,
}

#[derive(Args)]
pub(super) struct RevokeOptions {
    /// The key, as `key list` names it
    key: String,
    /// Why, for the log
    #[arg(long)]
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    key: String,
    site: Option<String>,
    made_at: Timestamp,
    retired_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    reason: Option<String>,
    public: String,
}

pub(super) async fn run(command: Command, place: &Place) -> Result<Outcome, Failure> {
    let app = place.app().await?;
    let permit: Permit<act::ManageKeys> = operator().permit()?;
    match command {
        Command::List(options) => list(&app, &permit, &options).await?,
        Command::Rotate(whose) => {
            let site = whose.site.map(|host| site_named(&app, &host)).transpose()?;
            let made = keys::rotate((app.store(), app.seal()), &permit, site, database::now()).await?;
            line(kid(made.site, made.id));
        }
        Command::Revoke(RevokeOptions { key, reason }) => {
            let id = key_named(&key)?;
            keys::revoke(app.store(), &permit, (id, &reason), database::now()).await?;
            line(format!("{key} is revoked"));
        }
    }
    Ok(Outcome::Done)
}

async fn list(app: &App, permit: &Permit<act::ManageKeys>, options: &ListOptions) -> Result<(), Failure> {
    let site = options.site.as_deref().map(|host| site_named(app, host)).transpose()?;
    let keys = keys::list(app.store(), permit).await?;
    let keys = keys.into_iter().filter(|key| site.is_none() || key.site == site);
    let lines: Vec<Line> = keys.map(|key| Line::of(app, key)).collect();
    if options.json {
        return json(&lines);
    }
    for Line { key, site, made_at, retired_at, revoked_at, .. } in &lines {
        let whose = site.as_deref().unwrap_or("the log of acts");
        let state = match (retired_at, revoked_at) {
            (_, Some(at)) => format!("revoked {at}"),
            (Some(at), None) => format!("replaced {at}"),
            (None, None) => "in use".to_owned(),
        };
        line(format!("{key} {whose}, made {made_at}, {state}"));
    }
    Ok(())
}

fn site_named(app: &App, host: &str) -> Result<SiteId, Failure> {
    let reference = app.reference();
    let found = reference.sites.by_host(host).map(|site| site.id);
    found.ok_or_else(|| Failure::new(format!("there is no site {host}")))
}

fn key_named(name: &str) -> Result<KeyId, Failure> {
    keys::named(name).ok_or_else(|| Failure::new(format!("{name} is not the name of a key; see lienthong key list")))
}

impl Line {
    fn of(app: &App, key: Key) -> Self {
        let Key { id, site, public, sealed: _, created_at, retired_at, revoked_at, reason } = key;
        Self {
            key: kid(site, id),
            site: site
                .map(|id| app.reference().sites.get(id).map_or_else(|| id.to_string(), |site| site.host.to_string())),
            made_at: created_at,
            retired_at,
            revoked_at,
            reason,
            public: lienthong_app::proof::hex(&public),
        }
    }
}
