//! `lienthong user list`.

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use lienthong_app::Snapshot;
use lienthong_app::queries::accounts::{self, Dormancy, Profile};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_persistence::accounts::Account;

use crate::cli::output::{json, line};
use crate::cli::token::list::{Held, named};
use crate::database;
use crate::failure::Failure;

#[derive(Args)]
pub(in crate::cli) struct Options {
    /// Only accounts that nobody has used for so many days, or never since they were issued
    #[arg(long, value_name = "DAYS")]
    dormant: Option<u16>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    handle: String,
    display_name: String,
    name: String,
    issued_at: Timestamp,
    first_used_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    trained_on: Option<NaiveDate>,
    disabled_at: Option<Timestamp>,
    disabled_reason: Option<String>,
    roles: Vec<Held>,
}

pub(super) async fn run(options: &Options, store: &Store) -> Result<(), Failure> {
    let now = database::now();
    let mut found = accounts::list(store, super::manager()?.permit(), None).await?;
    if let Some(days) = options.dormant {
        let than = Dormancy { unused: days, never_used: days };
        found.retain(|it| accounts::is_dormant(&it.account, than, now));
    }
    let reference = Snapshot::load(store).await?;
    let lines: Vec<Line> = found.into_iter().map(|profile| Line::of(profile, &reference)).collect();
    if options.json {
        return json(&lines);
    }
    for Line { handle, display_name, last_used_at, disabled_at, roles, .. } in &lines {
        let used = last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {at}"));
        let ended = if disabled_at.is_some() { ", disabled" } else { "" };
        line(format!("{handle} ({display_name}, {used}{ended})"));
        for held in roles {
            line(format!("  {}", held.text()));
        }
    }
    Ok(())
}

impl Line {
    fn of(profile: Profile, reference: &Snapshot) -> Self {
        let roles = profile.roles.iter().map(|held| named(held, reference)).collect();
        let Account {
            id: _,
            handle,
            name,
            sign_in_name,
            has_password: _,
            has_identity: _,
            issued_at,
            first_used_at,
            last_used_at,
            trained_on,
            disabled_at,
            disabled_reason,
        } = profile.account;
        Self {
            handle,
            display_name: name,
            name: sign_in_name.as_str().to_owned(),
            issued_at,
            first_used_at,
            last_used_at,
            trained_on,
            disabled_at,
            disabled_reason,
            roles,
        }
    }
}
