//! `lienthong token`: who may come in, and what they may do there.

mod link;
pub(super) mod list;
pub(super) mod role;
mod sign;

use clap::Subcommand;

use lienthong_app::secrets::{Purpose, Secrets, rotate};
use lienthong_app::tokens::Tokens;
use lienthong_persistence::Store;

use super::Place;
use super::output::line;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::database;
use crate::failure::{Failure, Outcome};

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  lienthong token grant --actor lan --role chief-editor --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong token sign --actor lan --ttl 8h
  lienthong token list
  lienthong token revoke --actor lan --role chief-editor --site xuanhoi.nghixuan.hatinh.gov.vn

A token says who its bearer is and nothing more. What they may do are roles in the database, so that `revoke` works on
the next request.")]
pub(super) enum Command {
    /// Sign an access token for somebody
    Sign(sign::Options),
    /// Give a role; the account is made when it is new
    Grant(role::GrantOptions),
    /// Take a role back
    Revoke(role::RoleOptions),
    /// Link an account to what another issuer calls it, whose tokens are then taken for it
    Link(link::LinkOptions),
    /// Take such a link away, and refuse every token until now
    Unlink(link::UnlinkOptions),
    /// List the accounts and their roles
    List(list::Options),
    /// Make new keys for tokens and cursors; what the old ones signed stays valid, tokens until they expire
    Rotate,
}

impl Command {
    /// Whether it has something to do where there is no instance yet.
    pub(super) const fn may_begin(&self) -> bool {
        matches!(self, Self::Grant(_))
    }
}

pub(super) async fn run(command: Command, place: &Place) -> Result<Outcome, Failure> {
    let config = place.settings()?;
    let instance = Instance { folder: place.folder()?, config };
    let store = database::open_ready(&instance.config, &instance.folder).await?;
    match command {
        Command::Sign(options) => sign::run(&options, &instance, &store).await?,
        Command::Grant(options) => role::grant(&options, &store).await?,
        Command::Revoke(options) => role::revoke(&options, &store).await?,
        Command::Link(options) => link::link(&options, &store).await?,
        Command::Unlink(options) => link::unlink(&options, &store).await?,
        Command::List(options) => list::run(&options, &store).await?,
        Command::Rotate => instance.rotate(&store).await?,
    }
    store.close().await?;
    Ok(Outcome::Done)
}

/// What the commands need beside the database.
struct Instance {
    config: Config,
    folder: DataFolder,
}

impl Instance {
    async fn tokens(&self, store: &Store) -> Result<Tokens, Failure> {
        let seal = database::seal_key(&self.config, &self.folder, store).await?;
        let secrets = Secrets::open(store, &seal, database::now()).await?;
        let names = &self.config.token;
        Ok(Tokens::new(&secrets, names.issuer.as_str(), names.audience.as_str()))
    }

    async fn rotate(&self, store: &Store) -> Result<(), Failure> {
        let seal = database::seal_key(&self.config, &self.folder, store).await?;
        // The seal key must be the right one before it seals something.
        Secrets::open(store, &seal, database::now()).await?;
        rotate(store, &seal, Purpose::Cursor, database::now()).await?;
        let id = rotate(store, &seal, Purpose::Token, database::now()).await?;
        line(format!("new signing key {id}; running servers take it within seconds"));
        Ok(())
    }
}
