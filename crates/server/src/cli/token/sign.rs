//! `lienthong token sign`.

use clap::Args;
use serde::Serialize;

use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Store, actors};

use super::Instance;
use crate::cli::output::{json, line};
use crate::config::Span;
use crate::database;
use crate::failure::Failure;

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong token sign --actor lan
  curl --header \"Authorization: Bearer $(lienthong token sign --actor lan)\" http://127.0.0.1:8080/graphql ...")]
pub(in crate::cli) struct Options {
    /// The account the token is for
    #[arg(long, value_name = "HANDLE")]
    actor: String,
    /// How long it is valid, at most 24h
    #[arg(long, value_name = "TIME", default_value = "1h")]
    ttl: Span,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    token: &'a str,
    actor: &'a str,
    expires_at: Timestamp,
}

pub(super) async fn run(options: &Options, instance: &Instance, store: &Store) -> Result<(), Failure> {
    let handle = options.actor.as_str();
    let id = actors::find_id(store, handle).await?.ok_or_else(|| {
        Failure::new(format!("there is no account {handle}, or it is disabled; make it with lienthong token grant"))
    })?;
    let signed = instance.tokens(store).await?.sign(id, options.ttl.0, database::now())?;
    if options.json {
        return json(&Answer { token: &signed.token, actor: handle, expires_at: signed.expires_at });
    }
    line(&signed.token);
    Ok(())
}
