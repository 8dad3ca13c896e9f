//! nginx and wrk, from the system's packages.

use std::io;
use std::path::{Path, PathBuf};

use crate::apt;

/// The programs beside ours.
pub(super) struct Tools {
    pub(super) nginx: PathBuf,
    pub(super) wrk: PathBuf,
}

impl Tools {
    pub(super) fn locate_or_install() -> io::Result<Self> {
        Ok(Self { nginx: program("nginx", "nginx-light")?, wrk: program("wrk", "wrk")? })
    }
}

fn program(name: &str, package: &str) -> io::Result<PathBuf> {
    let found = apt::locate_or_install(&[package], || locate(name)).map_err(io::Error::other)?;
    found.ok_or_else(|| io::Error::other(format!("the package {package} does not bring {name}")))
}

/// Servers lie in folders that are not in everybody's PATH.
fn locate(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(|f| Path::new(f).to_owned()));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}
