//! The program under test: its commands, and the server as it is shipped.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::workspace;

/// Where the content lies.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Address of a PostgreSQL database; without it SQLite in the folder.
    pub(super) database: Option<String>,
}

/// A running server; dropping it ends it.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    /// From the start of the process until it said that it listens.
    pub(super) started_in: Duration,
}

/// Limits on what one person does, who here does the work of many.
const UNHURRIED: [&str; 3] = ["LIENTHONG_PACE__WRITING", "LIENTHONG_PACE__PUBLISHING", "LIENTHONG_PACE__AT_NIGHT"];

/// A release program of this workspace.
pub(super) fn built(name: &str) -> PathBuf {
    workspace::root().join("target/release").join(name)
}

/// `lienthong` on a place, with nothing of our own environment.
pub(super) fn lienthong(place: &Place) -> Command {
    let mut command = Command::new(built("lienthong"));
    command
        .env_clear()
        .envs(UNHURRIED.map(|limit| (limit, "0")))
        .env("LIENTHONG_DATA", &place.folder)
        .stdin(Stdio::null());
    if let Some(url) = &place.database {
        command.env("LIENTHONG_DATABASE__URL", url);
        command.env("LIENTHONG_SEAL_KEY", "bGllbnRob25nLWJlbmNoLWtleS0wMDAwMDAwMDAwMDA=");
    }
    command
}

/// Runs a command that must do its work and tells how long it took. Findings (exit code 3) are no failure by themselves: the
/// articles of a set begin before the first days of the demo's sites.
pub(super) fn timed(command: &mut Command) -> io::Result<Duration> {
    let begun = Instant::now();
    let status = command.status()?;
    if matches!(status.code(), Some(0 | 3)) {
        Ok(begun.elapsed())
    } else {
        Err(io::Error::other(format!("{command:?}: {status}")))
    }
}

impl Server {
    /// Starts `serve` with everything as it is shipped, but for the number of requests that one address may make, and
    /// the size of the cache of answers.
    pub(super) fn start(place: &Place, cache: Cache, extra: &[&str]) -> io::Result<Self> {
        let mut command = lienthong(place);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(extra);
        command.env("LIENTHONG_METRICS__LISTEN", "127.0.0.1:0");
        command.env("LIENTHONG_LIMITS__REQUESTS_PER_SECOND", "100000000").env("LIENTHONG_LIMITS__BURST", "100000000");
        if cache == Cache::Off {
            command.env("LIENTHONG_HTTP_CACHE__RESPONSE_CACHE_BYTES", "0");
        }
        let log = File::create(place.folder.with_extension("log"))?;
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let address = welcome(&mut child)?;
        Ok(Self { child, address, started_in: begun.elapsed() })
    }

    /// Memory of the process that no file stands behind, in bytes.
    pub(super) fn anonymous_bytes(&self) -> io::Result<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Anonymous:"));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        Ok(kilobytes.unwrap_or_default() * 1024)
    }

    /// Processor time of the process so far.
    pub(super) fn processor_time(&self) -> io::Result<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields = text.rsplit(") ").next().unwrap_or_default().split(' ');
        let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}

/// Whether answers are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    On,
    Off,
}

fn welcome(child: &mut Child) -> io::Result<SocketAddr> {
    let out = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
    let mut address = None;
    let mut lines = BufReader::new(out).lines();
    for line in lines.by_ref() {
        let line = line?;
        let listening = line.trim().strip_prefix("listening").and_then(|rest| rest.trim().strip_prefix("http://"));
        address = address.or(listening.and_then(|rest| rest.split('/').next()?.parse().ok()));
        if line.starts_with("Ctrl+C") {
            // Whatever it prints later has to go somewhere.
            std::thread::spawn(move || lines.for_each(drop));
            return address.ok_or_else(|| io::Error::other("the server named no address"));
        }
    }
    Err(io::Error::other("the server ended before it was ready; see its log"))
}

/// Ends when `path` is removed with everything in it; a folder that is not there is fine.
pub(super) fn emptied(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => std::fs::create_dir_all(path),
    }
}
