//! `lienthong token list`.

use clap::Args;
use serde::Serialize;

use lienthong_app::Snapshot;
use lienthong_domain::access::Role;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_persistence::actors::{self, HeldRole, Reach};

use crate::cli::output::{json, line};
use crate::failure::Failure;

#[derive(Args)]
pub(in crate::cli) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    handle: String,
    name: String,
    disabled_at: Option<Timestamp>,
    roles: Vec<Held>,
}

/// A role with where it holds: on a site, in a unit, or on the whole instance when neither is named.
#[derive(Serialize)]
pub(in crate::cli) struct Held {
    role: Role,
    site: Option<String>,
    unit: Option<String>,
}

pub(super) async fn run(options: &Options, store: &Store) -> Result<(), Failure> {
    let accounts = accounts(store).await?;
    if options.json {
        return json(&accounts);
    }
    for account in &accounts {
        let ended = if account.disabled_at.is_some() { ", disabled" } else { "" };
        line(format!("{} ({}{ended})", account.handle, account.name));
        for held in &account.roles {
            line(format!("  {}", held.text()));
        }
    }
    Ok(())
}

async fn accounts(store: &Store) -> Result<Vec<Account>, Failure> {
    let reference = Snapshot::load(store).await?;
    let mut accounts = Vec::new();
    for known in actors::all(store).await? {
        let roles = actors::held(store, known.id).await?.iter().map(|held| named(held, &reference)).collect();
        let actors::Known { id: _, handle, name, disabled_at } = known;
        accounts.push(Account { handle, name, disabled_at, roles });
    }
    Ok(accounts)
}

impl Held {
    pub(in crate::cli) fn text(&self) -> String {
        let place = self.site.as_deref().or(self.unit.as_deref()).unwrap_or("the whole instance");
        format!("{} within {place}", self.role)
    }
}

pub(in crate::cli) fn named(held: &HeldRole, reference: &Snapshot) -> Held {
    let HeldRole { id: _, role, reach } = *held;
    let (site, unit) = match reach {
        Reach::Instance => (None, None),
        Reach::Site(id) => {
            (Some(reference.sites.get(id).map_or_else(|| id.to_string(), |site| site.host.to_string())), None)
        }
        Reach::Unit(id) => {
            (None, Some(reference.units.get(id).map_or_else(|| id.to_string(), |unit| unit.slug.to_string())))
        }
    };
    Held { role, site, unit }
}
