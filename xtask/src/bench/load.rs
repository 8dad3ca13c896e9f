//! wrk: sixteen connections that send given requests in turn.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::exchange;

/// Connections at once.
pub(super) const CONNECTIONS: u32 = 16;

/// What wrk saw.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) per_second: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
    pub(super) requests: u64,
}

/// Puts the requests on `address` for so many seconds. Beside wrk, which judges answers by their status, a thread asks
/// the same over a connection of its own and compares every byte with what was answered before the load.
pub(super) fn put(wrk: &Path, address: SocketAddr, requests: &[String], seconds: u32) -> io::Result<Load> {
    let expected = requests.iter().map(|request| known_good(address, request)).collect::<io::Result<Vec<_>>>()?;
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| watched(address, requests, &expected, &ended));
        let script = lua(requests);
        let load = run(wrk, (address, "/"), &script, 1).and_then(|_| run(wrk, (address, "/"), &script, seconds));
        ended.store(true, Ordering::Relaxed);
        watch.join().map_err(|_| io::Error::other("the watch has ended"))??;
        load
    })
}

/// Asks for one path as fast as wrk can, which is faster than it asks for what a script tells it.
pub(super) fn plain(wrk: &Path, address: SocketAddr, path: &str, seconds: u32) -> io::Result<Load> {
    run(wrk, (address, path), DONE, seconds)
}

fn known_good(address: SocketAddr, request: &str) -> io::Result<Vec<u8>> {
    let answer = exchange::exchange(address, request)?;
    let is_error = answer.status != 200 || answer.body.windows(10).any(|ten| ten == b"\"errors\":[");
    let tell = || io::Error::other(format!("{request}\nanswered {}", String::from_utf8_lossy(&answer.body)));
    if is_error { Err(tell()) } else { Ok(answer.body) }
}

fn watched(address: SocketAddr, requests: &[String], expected: &[Vec<u8>], ended: &AtomicBool) -> io::Result<()> {
    for (request, expected) in requests.iter().zip(expected).cycle() {
        if ended.load(Ordering::Relaxed) {
            return Ok(());
        }
        if exchange::exchange(address, request)?.body != *expected {
            return Err(io::Error::other(format!("another answer under load to {request}")));
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    Ok(())
}

fn run(wrk: &Path, (address, path): (SocketAddr, &str), script: &str, seconds: u32) -> io::Result<Load> {
    let file = tempfile::Builder::new().suffix(".lua").tempfile()?;
    fs::write(file.path(), script)?;
    let mut command = Command::new(wrk);
    command.args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "--timeout", "30s", "-s"]);
    let output = command.arg(file.path()).arg(format!("http://{address}{path}")).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse(&text).ok_or_else(|| io::Error::other(format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr))))
}

/// `RESULT requests microseconds p50 p99 errors`; any error makes the measurement void.
fn parse(output: &str) -> Option<Load> {
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    let numbers: Vec<u64> = line.split(' ').map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let &[requests, micros, p50, p99, 0] = numbers.as_slice() else { return None };
    #[expect(clippy::cast_precision_loss, reason = "numbers of requests and microseconds stay far below 2^52")]
    let per_second = requests as f64 / (micros as f64 / 1e6);
    Some(Load { per_second, p50: Duration::from_micros(p50), p99: Duration::from_micros(p99), requests })
}

/// The script: whole requests made beforehand, so that the load costs as little as it can.
fn lua(requests: &[String]) -> String {
    let texts: Vec<String> = requests.iter().map(|request| literal(request)).collect();
    format!(
        "local requests = {{\n{}\n}}\nlocal at = 0\n\
         request = function()\n  at = at % #requests + 1\n  return requests[at]\nend\n{DONE}",
        texts.join(",\n")
    )
}

/// Its end, which tells what [`parse`] reads.
const DONE: &str = "done = function(summary, latency)\n  local e = summary.errors\n  \
    io.write(string.format(\"RESULT %d %d %d %d %d\\n\", summary.requests, summary.duration,\n    \
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))\nend\n";

/// A string of Lua with every byte that could mean something else written as its number.
fn literal(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | 0..=31 | 127..=255 => format!("\\{byte:03}"),
        _ => char::from(byte).to_string(),
    });
    format!("\"{}\"", bytes.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read_and_one_with_errors_is_void() {
        let load = parse("Running\nRESULT 5000 2000000 310 4200 0\n").unwrap();
        assert_eq!((load.requests, load.p50.as_micros(), load.p99.as_micros()), (5000, 310, 4200));
        assert!((load.per_second - 2500.0).abs() < 0.01);
        assert!(parse("RESULT 5000 2000000 310 4200 1\n").is_none());
        assert!(parse("unable to connect\n").is_none());
    }

    #[test]
    fn every_byte_of_a_request_reaches_lua() {
        assert_eq!(literal("a\"\\\r\nđ"), "\"a\\034\\092\\013\\010\\196\\145\"");
    }
}
