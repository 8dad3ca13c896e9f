//! nginx and wrk, from the system's packages.

use std::path::{Path, PathBuf};

use crate::postgres::programs::{Error, install};

/// The programs beside ours.
pub(super) struct Tools {
    pub(super) nginx: PathBuf,
    pub(super) wrk: PathBuf,
}

impl Tools {
    pub(super) fn locate_or_install() -> Result<Self, crate::postgres::Error> {
        Ok(Self { nginx: program("nginx", "nginx-light")?, wrk: program("wrk", "wrk")? })
    }
}

fn program(name: &str, package: &'static str) -> Result<PathBuf, Error> {
    if let Some(found) = locate(name) {
        return Ok(found);
    }
    install(package)?;
    locate(name).ok_or(Error::Missing("the system's package does not bring them"))
}

/// Servers lie in folders that are not in everybody's PATH.
fn locate(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(|f| Path::new(f).to_owned()));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}
