//! `cargo xtask compose-check`: docker-compose.yml against the schema of the Compose specification, without Docker.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::workspace;

/// A validator from `PyPI` that carries the schema of compose-spec.io in the package, so that a version names both.
const VALIDATOR: &str = "check-jsonschema==0.39.0";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`python3` (with its venv module) is needed to install the validator: {0}")]
    Python(#[source] io::Error),
    #[error("{0} could not be installed; the messages stand above")]
    Install(&'static str),
}

/// Answers whether the file is valid. The validator is installed once, below `target/`.
pub(crate) fn run() -> Result<bool, Error> {
    let root = workspace::root();
    let place = root.join("target").join("compose-check");
    let program = place.join("bin").join("check-jsonschema");
    if !program.is_file() {
        install(&place)?;
    }
    let mut validate = Command::new(program);
    validate.args(["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]).current_dir(root);
    Ok(validate.status().map_err(Error::Python)?.success())
}

fn install(place: &Path) -> Result<(), Error> {
    let mut make_place = Command::new("python3");
    make_place.args(["-m", "venv"]).arg(place);
    let mut fetch = Command::new(place.join("bin").join("pip"));
    fetch.args(["install", "--quiet", "--disable-pip-version-check", VALIDATOR]);
    for command in [&mut make_place, &mut fetch] {
        if !command.status().map_err(Error::Python)?.success() {
            return Err(Error::Install(VALIDATOR));
        }
    }
    Ok(())
}
