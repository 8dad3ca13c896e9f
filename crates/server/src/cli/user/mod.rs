//! `lienthong user`: the accounts of people.

mod invite;
mod life;
mod list;

use clap::Subcommand;

use lienthong_app::commands::accounts::Manager;
use lienthong_app::queries::accounts::{self, Profile};
use lienthong_domain::account::SignInName;
use lienthong_persistence::Store;

use super::Place;
use super::operator::operator;
use crate::database;
use crate::failure::{Failure, Outcome};

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  lienthong user invite --name lan@hatinh.gov.vn --display-name 'Nguyễn Thị Lan' --role provincial-administrator
  lienthong user invite --name thu-ha --display-name 'Trần Thu Hà' --role chief-editor --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong user link --name lan@hatinh.gov.vn
  lienthong user list --dormant 90
  lienthong user disable --name thu-ha --reason 'Chuyển công tác'

An invitation prints a secret once. Whoever has it chooses the password with it, at POST /v1/auth/password.")]
pub(super) enum Command {
    /// Make an account with a role, and print the secret of its invitation
    Invite(invite::InviteOptions),
    /// Print a new secret: of the invitation again, or of a reset when the account has a password
    Link(life::NameOptions),
    /// List the accounts with their roles
    List(list::Options),
    /// Refuse everything from an account
    Disable(life::DisableOptions),
    /// Let a disabled account be used again
    Enable(life::NameOptions),
    /// Remove the second factor of somebody who has lost it
    RemoveSecondFactor(life::NameOptions),
    /// Note the day on which somebody was trained
    Trained(life::TrainedOptions),
}

impl Command {
    /// Whether it has something to do where there is no instance yet.
    pub(super) const fn may_begin(&self) -> bool {
        matches!(self, Self::Invite(_))
    }
}

pub(super) async fn run(command: Command, place: &Place) -> Result<Outcome, Failure> {
    let config = place.settings()?;
    let store = database::open_ready(&config, &place.folder()?).await?;
    match command {
        Command::Invite(options) => invite::run(&options, &store).await?,
        Command::Link(options) => life::link(&options, &store).await?,
        Command::List(options) => list::run(&options, &store).await?,
        Command::Disable(options) => life::disable(&options, &store).await?,
        Command::Enable(options) => life::enable(&options, &store).await?,
        Command::RemoveSecondFactor(options) => life::remove_second_factor(&options, &store).await?,
        Command::Trained(options) => life::trained(&options, &store).await?,
    }
    store.close().await?;
    Ok(Outcome::Done)
}

fn manager() -> Result<Manager, Failure> {
    Ok(Manager::of(&operator())?)
}

/// The account that signs in under a name. Messages do not repeat it: it may be an e-mail address, and they go to logs.
async fn account(store: &Store, name: &str) -> Result<Profile, Failure> {
    let unknown = || Failure::new("nobody signs in under this name");
    let name = SignInName::parse(name).map_err(|_| unknown())?;
    accounts::find_named(store, &name).await?.ok_or_else(unknown)
}
