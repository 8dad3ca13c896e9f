//! `lienthong token link` and `unlink`.

use clap::Args;

use lienthong_app::commands::access;
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::ActorId;
use lienthong_persistence::{Store, actors};

use crate::cli::operator::operator;
use crate::cli::output::line;
use crate::database;
use crate::failure::Failure;

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong token grant --actor tong-hop --role operations-monitor --unit nghi-xuan
  lienthong token link --actor tong-hop --issuer https://sso.hatinh.gov.vn/realms/tinh --subject 5c3f…

The issuer is one of token.issuers or of oidc.providers. What the account may do are its roles here.")]
pub(in crate::cli) struct LinkOptions {
    /// The account
    #[arg(long, value_name = "HANDLE")]
    actor: String,
    /// `iss` of its tokens, exactly
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// `sub` of its tokens, exactly
    #[arg(long)]
    subject: String,
}

#[derive(Args)]
pub(in crate::cli) struct UnlinkOptions {
    /// The account
    #[arg(long, value_name = "HANDLE")]
    actor: String,
    /// `iss` of its tokens, exactly
    #[arg(long, value_name = "URL")]
    issuer: String,
}

pub(super) async fn link(options: &LinkOptions, store: &Store) -> Result<(), Failure> {
    let LinkOptions { actor, issuer, subject } = options;
    let identity = Identity::parse(issuer, subject).map_err(|broken| {
        let rules: Vec<String> = broken.iter().map(ToString::to_string).collect();
        Failure::new(rules.join("; "))
    })?;
    let whose = (found(store, actor).await?, &identity);
    access::link(store, &operator().permit()?, whose, database::now()).await?;
    line(format!("tokens of {issuer} for this subject are now those of {actor}"));
    Ok(())
}

pub(super) async fn unlink(options: &UnlinkOptions, store: &Store) -> Result<(), Failure> {
    let UnlinkOptions { actor, issuer } = options;
    let whose = (found(store, actor).await?, issuer.as_str());
    access::unlink(store, &operator().permit()?, whose, database::now()).await?;
    line(format!("{actor} is no longer linked to {issuer}"));
    Ok(())
}

async fn found(store: &Store, handle: &str) -> Result<ActorId, Failure> {
    let unknown = || Failure::new(format!("there is no account {handle}, or it is disabled"));
    actors::find_id(store, handle).await?.ok_or_else(unknown)
}
