//! The log: structured lines on standard error.

mod gathered;
mod json;
#[cfg(test)]
mod paper;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Log, LogFormat};
use crate::failure::Failure;
pub(crate) use gathered::Flusher;
use gathered::Gathered;
use json::JsonLine;

/// What commands other than `serve` tell beside their answer.
const QUIET: &str = "warn";

/// Starts the log of a server. Whoever holds the answer has everything written when it lets go.
pub(crate) fn start(log: &Log) -> Result<Flusher, Failure> {
    let gathered = Gathered::new(io::stderr());
    start_with(log, gathered.clone())?;
    Flusher::start(gathered).map_err(Failure::new)
}

/// Starts the log of a command: warnings only, each at once.
pub(crate) fn start_quiet() -> Result<(), Failure> {
    start_with(&Log { format: LogFormat::Text, filter: QUIET.to_owned() }, io::stderr)
}

fn start_with(log: &Log, writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Result<(), Failure> {
    let filter = filter(&log.filter)?;
    let subscriber = tracing_subscriber::fmt().with_writer(writer).with_env_filter(filter);
    let started = match log.format {
        LogFormat::Json => subscriber.event_format(JsonLine).try_init(),
        LogFormat::Text => subscriber.with_ansi(io::stderr().is_terminal()).try_init(),
    };
    started.map_err(Failure::new)
}

/// Reads a filter such as `info,lienthong_app=debug`.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, Failure> {
    EnvFilter::builder().parse(text).map_err(|error| Failure::while_doing(format!("log.filter {text:?}"), error))
}
