//! The log: structured lines on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::failure::Failure;

/// What commands other than `serve` tell beside their answer.
const QUIET: &str = "warn";

/// Starts the log of a server.
pub(crate) fn start(log: &Log) -> Result<(), Failure> {
    let filter = filter(&log.filter)?;
    let subscriber = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
    let started = match log.format {
        LogFormat::Json => subscriber.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    started.map_err(Failure::new)
}

/// Starts the log of a command: warnings only.
pub(crate) fn start_quiet() -> Result<(), Failure> {
    start(&Log { format: LogFormat::Text, filter: QUIET.to_owned() })
}

/// Reads a filter such as `info,lienthong_app=debug`.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, Failure> {
    EnvFilter::builder().parse(text).map_err(|error| Failure::while_doing(format!("log.filter {text:?}"), error))
}
