//! `lienthong user link`, `disable`, `enable` and `trained`.

use clap::Args;

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts;
use lienthong_domain::time::parse_day;
use lienthong_persistence::Store;

use super::invite::print;
use crate::cli::output::line;
use crate::database;
use crate::failure::{Failure, refused};

#[derive(Args)]
pub(in crate::cli) struct NameOptions {
    /// E-mail address or user name of the account
    #[arg(long)]
    name: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(in crate::cli) struct DisableOptions {
    /// E-mail address or user name of the account
    #[arg(long)]
    name: String,
    /// Why, for the audit
    #[arg(long)]
    reason: String,
}

#[derive(Args)]
pub(in crate::cli) struct TrainedOptions {
    /// E-mail address or user name of the account
    #[arg(long)]
    name: String,
    /// The day, `YYYY-MM-DD`
    #[arg(long)]
    on: String,
}

pub(super) async fn link(options: &NameOptions, store: &Store) -> Result<(), Failure> {
    let id = super::account(store, &options.name).await?.account.id;
    let wanted = (&Rules::default(), id);
    print(&accounts::reissue(store, &super::manager()?, wanted, database::now()).await?, options.json)
}

pub(super) async fn disable(options: &DisableOptions, store: &Store) -> Result<(), Failure> {
    let account = super::account(store, &options.name).await?.account;
    let act = (account.id, options.reason.as_str());
    accounts::disable(store, &super::manager()?, act, database::now()).await.map_err(refused)?;
    line(format!("{} is disabled", account.handle));
    Ok(())
}

pub(super) async fn enable(options: &NameOptions, store: &Store) -> Result<(), Failure> {
    let account = super::account(store, &options.name).await?.account;
    accounts::enable(store, &super::manager()?, account.id, database::now()).await?;
    line(format!("{} may be used again", account.handle));
    Ok(())
}

pub(super) async fn remove_second_factor(options: &NameOptions, store: &Store) -> Result<(), Failure> {
    let account = super::account(store, &options.name).await?.account;
    accounts::reset_second_factor(store, &super::manager()?, account.id, database::now()).await?;
    line(format!("{} signs in with the password alone", account.handle));
    Ok(())
}

pub(super) async fn trained(options: &TrainedOptions, store: &Store) -> Result<(), Failure> {
    let account = super::account(store, &options.name).await?.account;
    let day = parse_day(&options.on).map_err(|error| Failure::new(error.to_string()))?;
    let act = (account.id, Some(day));
    accounts::set_trained(store, &super::manager()?, act, database::now()).await.map_err(refused)?;
    line(format!("{} was trained on {day}", account.handle));
    Ok(())
}
