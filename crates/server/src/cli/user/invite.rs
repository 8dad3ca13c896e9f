//! `lienthong user invite`.

use clap::Args;
use serde::Serialize;

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{self, Invitation, Issued};
use lienthong_domain::access::Role;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;

use crate::cli::output::{json, line};
use crate::cli::token::role::{named_reach, role_names};
use crate::database;
use crate::failure::{Failure, refused};

#[derive(Args)]
pub(in crate::cli) struct InviteOptions {
    /// E-mail address or user name to sign in under
    #[arg(long)]
    name: String,
    /// Full name
    #[arg(long)]
    display_name: String,
    /// The role
    #[arg(long, value_parser = role_names())]
    role: Role,
    /// Within this site only, named by its host
    #[arg(long, value_name = "HOST", conflicts_with = "unit")]
    site: Option<String>,
    /// Within the sites of this unit and the units below it, named by code or slug
    #[arg(long, value_name = "CODE-OR-SLUG")]
    unit: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link<'a> {
    token: &'a str,
    expires_at: Timestamp,
}

pub(super) async fn run(options: &InviteOptions, store: &Store) -> Result<(), Failure> {
    let InviteOptions { name, display_name, role, site, unit, json } = options;
    let (reach, place) = named_reach(site.as_deref(), unit.as_deref(), store).await?;
    let roles = vec![(*role, reach)];
    let new = Invitation { name: name.clone(), display_name: display_name.clone(), roles };
    let issued = accounts::invite(store, &super::manager()?, (&Rules::default(), &new), database::now()).await;
    let issued = issued.map_err(refused)?;
    if !json {
        line(format!("invited as {role} within {place}"));
    }
    print(&issued, *json)
}

/// Shows the secret, this once.
pub(super) fn print(issued: &Issued, as_json: bool) -> Result<(), Failure> {
    let Issued { account: _, token, expires_at } = issued;
    if as_json {
        return json(&Link { token: token.as_str(), expires_at: *expires_at });
    }
    line(format!("{}\nvalid until {expires_at}; it is not shown again", token.as_str()));
    Ok(())
}
