//! The tables, in Markdown.

use std::io;
use std::process::Command;
use std::time::Duration;

use super::load::{CONNECTIONS, Load};

/// One question under load.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Mean size of the answers in bytes.
    pub(super) size: usize,
    pub(super) load: Load,
    /// The static file of that size.
    pub(super) nginx: Load,
    /// Of the server, for one request.
    pub(super) processor: Duration,
}

/// Rows under one title.
pub(super) struct Table {
    title: String,
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), rows: Vec::new() }
    }

    pub(super) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn print(&self) {
        println!("\n### {}\n", self.title);
        println!("| | bytes | nginx/s | ours/s | **ratio** | p50 ms | p99 ms | CPU µs |");
        println!("|---|---:|---:|---:|---:|---:|---:|---:|");
        for Row { name, size, load, nginx, processor } in &self.rows {
            let (rate, reference) = (load.per_second, nginx.per_second);
            let ratio = rate / reference;
            let [p50, p99] = [load.p50, load.p99].map(|time| time.as_secs_f64() * 1e3);
            let micros = processor.as_secs_f64() * 1e6;
            println!(
                "| {name} | {size} | {reference:.0} | {rate:.0} | **{ratio:.3}** | {p50:.2} | {p99:.2} | {micros:.0} |"
            );
        }
        println!();
    }
}

/// What the figures were taken on.
pub(super) fn conditions(seconds: u32) -> io::Result<String> {
    let cores = std::thread::available_parallelism()?;
    let model = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = model.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let rustc = Command::new("rustc").arg("--version").output()?;
    Ok(format!(
        "{cores} cores ({}), {}; wrk with {CONNECTIONS} connections on one thread for {seconds} s after 1 s, on the same cores",
        model.unwrap_or("unknown"),
        String::from_utf8_lossy(&rustc.stdout).trim()
    ))
}
