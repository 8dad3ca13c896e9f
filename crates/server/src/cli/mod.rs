//! The command line. A command is a module here with its options and `run`, and a line in [`Command`] and in
//! [`Command::run`]. One that works on content takes the application from [`Place::app`].

mod backup;
mod check_config;
mod export;
mod healthcheck;
mod import;
mod import_articles;
mod import_sites;
mod key;
mod media;
mod migrate;
mod operator;
mod output;
mod provision;
mod quarantine;
mod report;
mod report_categories;
mod report_readiness;
mod report_royalties;
mod restore;
mod sanitize;
mod scan;
mod serve;
mod token;
mod user;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use lienthong_app::secrets::Secrets;
use lienthong_app::{App, Keys};

use crate::config::{self, Config, Secret};
use crate::data_folder::DataFolder;
use crate::failure::{Failure, Outcome, without_password};
use crate::{database, telemetry, version};
pub(crate) use operator::operator;

/// Liên Thông: the content API behind the portals of a province.
#[derive(Parser)]
#[command(name = "lienthong", version = version::VERSION_AND_COMMIT, after_help = HELP)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
Examples:
  lienthong serve                                   serve from ./data on http://127.0.0.1:8080
  lienthong token grant --actor lan --role chief-editor --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong user invite --name lan@hatinh.gov.vn --display-name 'Nguyễn Thị Lan' --role editor --site HOST
  lienthong token sign --actor lan                  an access token for one hour
  lienthong import sites sites.csv --dry-run        what a table of sites would change
  lienthong backup /srv/backup/2026-11-25.db        while the server runs

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with findings that a person must look at.
Settings come from --config FILE, then from LIENTHONG_SECTION__KEY in the environment, then from options;
`lienthong check-config --reference` lists them all.";

/// The data folder unless another one is named.
const DATA: &str = "./data";

/// Which instance a command works on.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// Folder with the database, its seal key and the server's lock; made when missing by serve, migrate, restore, import,
    /// token grant and user invite
    #[arg(long, global = true, value_name = "DIR", env = "LIENTHONG_DATA", default_value = DATA)]
    data: PathBuf,
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "Use PostgreSQL at this address, postgres://user@host/name, instead of SQLite in the data folder"
    )]
    database: Option<String>,
    /// Read settings from this TOML file
    #[arg(long, global = true, value_name = "FILE", env = "LIENTHONG_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve(serve::Options),
    /// Bring the schema of the database up to date
    Migrate,
    /// Check the configuration and show what is in effect
    CheckConfig(check_config::Options),
    #[command(about = "Copy the database, also while it is served (SQLite only)")]
    Backup(backup::Options),
    #[command(about = "Put a backup in the place of the database (SQLite only)")]
    Restore(restore::Options),
    /// Sign access tokens, give and take back roles
    #[command(subcommand)]
    Token(token::Command),
    /// Invite people, list and disable their accounts
    #[command(subcommand)]
    User(user::Command),
    /// Look after the files of libraries
    #[command(subcommand)]
    Media(media::Command),
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    Provision(provision::ProvisionArgs),
    Report(report::ReportArgs),
    /// Take content away from everybody until a second person has looked, and scan what is public
    #[command(subcommand)]
    Quarantine(quarantine::Command),
    Scan(scan::ScanArgs),
    Sanitize(sanitize::SanitizeArgs),
    /// List, replace and revoke the keys that sign what is published and the log of acts
    #[command(subcommand)]
    Key(key::Command),
    Verify(verify::VerifyArgs),
    /// Ask a running server whether it answers
    Healthcheck(healthcheck::Options),
}

/// Reads the command line and does what it says.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let Cli { place, command } = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(command.run(&place));
    // Threads that still wait for a slow client or disk must not keep the program.
    runtime.shutdown_background();
    ended
}

impl Command {
    async fn run(self, place: &Place) -> Result<Outcome, Failure> {
        // A server logs as it is configured.
        if !matches!(self, Self::Serve(_)) {
            telemetry::start_quiet()?;
        }
        if !self.may_begin() {
            place.require_instance()?;
        }
        match self {
            Self::Serve(options) => Box::pin(serve::run(options, place)).await,
            Self::Migrate => migrate::run(place).await,
            Self::CheckConfig(options) => check_config::run(&options, place),
            Self::Backup(options) => backup::run(options, place).await,
            Self::Restore(options) => restore::run(options, place).await,
            Self::Token(command) => token::run(command, place).await,
            Self::User(command) => user::run(command, place).await,
            Self::Media(command) => media::run(command, place).await,
            Self::Import(options) => import::run(&*place.app().await?, &operator(), options).await,
            Self::Export(options) => export::run(&*place.app().await?, options).await,
            Self::Provision(options) => provision::run(&*place.app().await?, &operator(), options).await,
            Self::Report(options) => report::run(&*place.app().await?, &operator(), options).await,
            Self::Quarantine(command) => Box::pin(quarantine::run(command, place)).await,
            Self::Scan(options) => scan::run(&options),
            Self::Sanitize(options) => sanitize::run(&options),
            Self::Key(command) => key::run(command, place).await,
            Self::Verify(options) => verify::run(&options, place).await,
            Self::Healthcheck(options) => healthcheck::run(&options, place).await,
        }
    }

    /// Whether it has something to do where there is no instance yet: it begins one, or works on files and addresses. Every
    /// other command needs one.
    const fn may_begin(&self) -> bool {
        match self {
            Self::Serve(_)
            | Self::Migrate
            | Self::Restore(_)
            | Self::Import(_)
            | Self::CheckConfig(_)
            | Self::Scan(_)
            | Self::Sanitize(_)
            | Self::Healthcheck(_) => true,
            Self::Token(command) => command.may_begin(),
            Self::User(command) => command.may_begin(),
            Self::Verify(options) => options.is_of_a_pack(),
            Self::Backup(_)
            | Self::Media(_)
            | Self::Export(_)
            | Self::Provision(_)
            | Self::Report(_)
            | Self::Quarantine(_)
            | Self::Key(_) => false,
        }
    }
}

impl Place {
    /// The configuration, with the options over it.
    pub(crate) fn settings(&self) -> Result<Config, Failure> {
        // A variable that is not Unicode cannot be a setting of ours.
        let variables =
            std::env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
        let mut config = config::load(self.config.as_deref(), variables)?;
        if let Some(url) = &self.database {
            config.database.url = Some(Secret::new(url.as_str()));
        }
        Ok(config)
    }

    /// The application on the configured database, for one command.
    pub(crate) async fn app(&self) -> Result<Arc<App>, Failure> {
        let (config, folder) = (self.settings()?, self.folder()?);
        let store = database::open_ready(&config, &folder).await?;
        let seal = database::seal_key(&config, &folder, &store).await?;
        let secrets = Secrets::open(&store, &seal, database::now()).await?;
        Ok(App::start(store, Keys { cursors: secrets.cursor_key(), seal: Arc::new(seal) }).await?)
    }

    /// The options with which another command reaches the same instance. Passwords are left out.
    pub(crate) fn options(&self) -> Vec<String> {
        let Self { data, database, config } = self;
        let shown = |path: &PathBuf| path.display().to_string();
        let data = Some(shown(data)).filter(|data| data != DATA);
        let given = [
            ("--data", data),
            ("--database", database.as_deref().map(without_password)),
            ("--config", config.as_ref().map(shown)),
        ];
        given.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?])).flatten().collect()
    }

    /// Refuses a place without an instance: a command that does not begin one would make an empty one and find nothing in it.
    fn require_instance(&self) -> Result<(), Failure> {
        if !database::is_sqlite(&self.settings()?) {
            return Ok(());
        }
        let database = DataFolder::at(&self.data).database();
        if database.exists() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "there is no database at {}: name the folder of the instance with --data",
            database.display()
        )))
    }

    /// The data folder, made when missing.
    pub(crate) fn folder(&self) -> Result<DataFolder, Failure> {
        DataFolder::open(&self.data)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
