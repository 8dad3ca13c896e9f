//! The options of `serve`.

use std::net::SocketAddr;

use clap::Args;

use crate::config::{Config, PublicUrl};
use crate::failure::Failure;

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong serve
  lienthong serve --data /var/lib/lienthong --listen '[::]:8080' --public-url https://api.hatinh.gov.vn
  lienthong serve --database postgres://lienthong@db.internal/lienthong --migrate

SQLite in the data folder is migrated by the server. On PostgreSQL an older schema is refused unless --migrate is given,
and a newer one always. SIGTERM or Ctrl+C lets open requests end; a second one does not wait for them.")]
pub(crate) struct Options {
    /// Listen on this address; may be given several times [default: 127.0.0.1:8080]
    ///
    /// `[::]:8080` takes IPv4 too. Port 0 takes a free port and prints it.
    #[arg(long, value_name = "ADDR")]
    listen: Vec<SocketAddr>,
    /// Address under which clients reach this server
    #[arg(long, value_name = "URL")]
    public_url: Option<PublicUrl>,
    #[arg(long, help = "Bring the schema of PostgreSQL up to date first")]
    pub(super) migrate: bool,
    /// Load the demo data first; only on an address of this machine
    #[arg(long)]
    pub(super) demo: bool,
    /// Let --demo be reached from other machines
    #[arg(long, requires = "demo")]
    public_demo: bool,
}

impl Options {
    /// The configuration with the options over it.
    pub(super) fn over(&self, mut config: Config) -> Result<Config, Failure> {
        if !self.listen.is_empty() {
            config.server.listen.clone_from(&self.listen);
        }
        if self.public_url.is_some() {
            config.server.public_url.clone_from(&self.public_url);
        }
        self.allow_demo(&config)?;
        Ok(config)
    }

    /// The demo hands out an editor's token: nobody else must reach it by accident.
    fn allow_demo(&self, config: &Config) -> Result<(), Failure> {
        if !self.demo {
            return Ok(());
        }
        let public = config.server.listen.iter().find(|address| !address.ip().to_canonical().is_loopback());
        match public {
            Some(address) if !self.public_demo => Err(Failure::new(format!(
                "the demo prints an editor's token and is not served on {address}; add --public-demo to do so"
            ))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(listen: &[&str]) -> Options {
        let listen = listen.iter().map(|address| address.parse().unwrap()).collect();
        Options { listen, public_url: None, migrate: false, demo: false, public_demo: false }
    }

    #[test]
    fn options_go_over_the_configuration() {
        let config = options(&["[::]:0", "127.0.0.1:9"]).over(Config::default()).unwrap();
        assert_eq!(config.server.listen, ["[::]:0".parse().unwrap(), "127.0.0.1:9".parse().unwrap()]);
        let config = options(&[]).over(Config::default()).unwrap();
        assert_eq!(config, Config::default());
    }

    #[test]
    fn the_demo_is_not_served_to_other_machines_unless_told() {
        for address in ["0.0.0.0:8080", "[::]:8080", "10.0.0.1:80", "[::ffff:10.0.0.1]:80"] {
            let demo = Options { demo: true, ..options(&["127.0.0.1:1", address]) };
            let refused = demo.over(Config::default()).unwrap_err().to_string();
            assert!(refused.contains("--public-demo"), "{refused}");
        }
        for demo in [
            Options { demo: true, ..options(&["127.0.0.1:1", "[::1]:2", "[::ffff:127.0.0.1]:3"]) },
            Options { demo: true, public_demo: true, ..options(&["0.0.0.0:8080"]) },
        ] {
            let refused = demo.over(Config::default()).unwrap_err().to_string();
            assert!(!refused.contains("--public-demo"), "{refused}");
        }
    }
}
