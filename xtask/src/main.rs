//! The tasks of this repository. `cargo xtask help` lists them.

mod apt;
mod bench;
mod ci;
mod clients;
mod codegen;
mod interrupts;
mod postgres;
mod pypi;
mod test;
mod tidy;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

const HELP: &str = "\
Tasks of the Liên Thông repository

Usage: cargo xtask <TASK> [ARGUMENTS]

  test [ARGUMENTS]   Run all tests on SQLite and on a throw-away PostgreSQL server; the arguments go to `cargo test`.
                     Installs PostgreSQL, Node.js with npm, Chromium and Python from the system's packages when they
                     are missing, the checks below tests/ from the npm registry, and an S3 server from PyPI.
  check              Run every check but the tests: format, tidy, lints, generated files, the Compose file.
  ci                 Run `check`, then `test`.
  tidy               Check sizes, names, forbidden words and the edges between crates.
  codegen [--check]  Write the generated files, or with --check say which of them are out of date.
  compose-check      Validate docker-compose.yml against the schema of the Compose specification. Installs the
                     validator from PyPI, and Python from the system's packages, when they are missing.
  deny               Check the licences and origins of all dependencies against deny.toml.
  bench [--seconds N] [100k] [1m] [sparse] [postgres] [publishing]
                     Measure the release server against nginx; all sets unless some are named. Installs nginx and wrk
                     from the system's packages when they are missing.
  db                 Keep a throw-away PostgreSQL server running until Ctrl-C, and print its address.
  help               Print this text.
";

/// The exit code of a command line that names no task, as `clap` and the BSD `sysexits` tools use it.
const USAGE: u8 = 2;

/// What stops a task before it has an answer. A check that answers "no" is not an error.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    #[error(transparent)]
    Clients(#[from] clients::Error),
    #[error(transparent)]
    Tidy(#[from] tidy::Error),
    #[error(transparent)]
    Pypi(#[from] pypi::Error),
    #[error("cannot run a command or write a file: {0}")]
    Io(#[from] std::io::Error),
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let task = arguments.next().unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    dispatch(&task.to_string_lossy(), &arguments).unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}

fn dispatch(task: &str, arguments: &[OsString]) -> Result<ExitCode, Error> {
    if task == "test" {
        return test::run(arguments);
    }
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    match (task, words.as_slice()) {
        ("check", []) => ci::check(),
        ("ci", []) => ci::run(),
        ("tidy", []) => Ok(verdict(tidy::run()?)),
        ("codegen", []) => Ok(verdict(codegen::run(codegen::Mode::Write)?)),
        ("codegen", ["--check"]) => Ok(verdict(codegen::run(codegen::Mode::Check)?)),
        ("compose-check", []) => Ok(verdict(pypi::check_compose()?)),
        ("deny", []) => Ok(verdict(pypi::check_dependencies()?)),
        ("bench", options) => match bench::Options::parse(options) {
            Some(options) => bench::run(&options),
            None => Ok(misused()),
        },
        ("db", []) => test::serve_database(),
        ("help" | "--help" | "-h", []) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Ok(misused()),
    }
}

fn misused() -> ExitCode {
    eprint!("{HELP}");
    ExitCode::from(USAGE)
}

fn verdict(passed: bool) -> ExitCode {
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
