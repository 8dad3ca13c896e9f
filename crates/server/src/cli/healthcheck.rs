//! `lienthong healthcheck`: what the container's health check runs.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Place;
use super::output::line;
use crate::failure::{Failure, Outcome};
use crate::http;

/// For the whole exchange.
const PATIENCE: Duration = Duration::from_secs(2);
/// The answer begins with this when all is well.
const GOOD: &[u8] = b"HTTP/1.1 200 ";

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong healthcheck
  lienthong healthcheck --listen 127.0.0.1:9000

Asks /livez at the first configured address. Exit code 0 when it answers.")]
pub(super) struct Options {
    /// The address the server was told to listen on, when it is not the configured one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

pub(super) async fn run(options: &Options, place: &Place) -> Result<Outcome, Failure> {
    let configured = place.settings()?.server.listen;
    let address = options.listen.or_else(|| configured.first().copied());
    let address = address.ok_or_else(|| Failure::new("server.listen names no address"))?;
    let address = SocketAddr::new(http::reachable(address.ip()), address.port());
    let unwell = |why: String| Failure::new(format!("http://{address}/livez: {why}"));
    match tokio::time::timeout(PATIENCE, ask(address)).await {
        Ok(Ok(answer)) if answer.starts_with(GOOD) => line("ok"),
        Ok(Ok(answer)) => return Err(unwell(first_line(&answer))),
        Ok(Err(error)) => return Err(unwell(error.to_string())),
        Err(_) => return Err(unwell(format!("no answer within {} seconds", PATIENCE.as_secs()))),
    }
    Ok(Outcome::Done)
}

async fn ask(address: SocketAddr) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn first_line(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).lines().next().unwrap_or("an empty answer").to_owned()
}
