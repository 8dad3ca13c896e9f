//! `cargo xtask bench`: the release server and nginx under the same load in the same run, and the ratios between them.
//!
//! What is measured and how to read it stands in docs/benchmarks.md.

mod data;
mod exchange;
mod install;
mod load;
mod measure;
mod nginx;
mod program;
mod publishing;
mod queries;
mod table;

use std::io;
use std::process::ExitCode;

use crate::interrupts::{Interrupts, exit_code};
use crate::{Error, workspace};

use data::Set;
use install::Tools;

/// The options of the command line.
pub(crate) struct Options {
    /// Sets of data to measure.
    sets: Vec<Set>,
    /// Length of one measurement.
    seconds: u32,
    /// Whether to repeat the smallest set on PostgreSQL.
    postgres: bool,
    /// Whether to compare publishing on a small site and on a large one.
    publishing: bool,
}

impl Options {
    /// Reads `[--seconds N] [100k] [1m] [sparse] [postgres] [publishing]`; without a name all are measured.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut options = Self { sets: Vec::new(), seconds: 5, postgres: false, publishing: false };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => options.seconds = words.next()?.parse().ok()?,
                "postgres" => options.postgres = true,
                "publishing" => options.publishing = true,
                name => options.sets.push(Set::ALL.into_iter().find(|set| set.name() == name)?),
            }
        }
        if options.sets.is_empty() && !options.postgres && !options.publishing {
            options.sets = Set::ALL.to_vec();
            options.postgres = true;
            options.publishing = true;
        }
        Some(options)
    }
}

/// Builds, makes the data that are missing, measures, and prints the tables.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Error> {
    let interrupts = Interrupts::listen()?;
    let tools = Tools::locate_or_install()?;
    let mut build = workspace::cargo();
    build.args(["build", "--release", "--locked", "-p", "lienthong-server", "-p", "lienthong-demo"]);
    build.args(["--bin", "lienthong", "--bin", "bench_data"]);
    let status = interrupts.run(&mut build)?;
    if !status.success() {
        return Ok(exit_code(status));
    }
    Ok(measured(&tools, options)?)
}

fn measured(tools: &Tools, options: &Options) -> io::Result<ExitCode> {
    let folder = workspace::root().join("target/bench");
    std::fs::create_dir_all(&folder)?;
    println!("{}", table::conditions(options.seconds)?);
    for set in &options.sets {
        let data = data::prepared(tools, *set, &folder)?;
        measure::sqlite(tools, *set, &data, options.seconds)?;
    }
    if options.publishing {
        publishing::compared(&folder)?;
    }
    if options.postgres {
        let server = crate::postgres::Server::start().map_err(io::Error::other)?;
        measure::postgres(tools, &data::on_postgres(tools, &folder, &server.url())?, options.seconds)?;
    }
    Ok(ExitCode::SUCCESS)
}
