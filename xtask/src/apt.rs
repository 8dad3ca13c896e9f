//! How programs that the tests need come onto a Debian or Ubuntu machine: as packages of the system.

use std::env;
use std::fs::File;
use std::process::{Command, Stdio};

use rustix::process::geteuid;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("apt-get is not here to install them (or sudo is not, for a user who is not root)")]
    Absent,
    #[error("apt-get {0} failed; its messages stand above")]
    Failed(String),
}

/// Answers what `locate` finds, and installs `packages` before a second look where it finds nothing.
///
/// # Errors
/// [`Error`] when they cannot be installed. `None` when they were, and `locate` still finds nothing.
pub(crate) fn locate_or_install<T>(packages: &[&str], locate: impl Fn() -> Option<T>) -> Result<Option<T>, Error> {
    if let Some(found) = locate() {
        return Ok(Some(found));
    }
    // Two runs on a new machine must not both call apt-get. Without the lock they might, so it is worth a try only.
    let lock = File::create(env::temp_dir().join("lienthong-install.lock"));
    let _ = lock.as_ref().map(File::lock);
    if let Some(found) = locate() {
        return Ok(Some(found));
    }
    install(packages)?;
    Ok(locate())
}

fn install(packages: &[&str]) -> Result<(), Error> {
    eprintln!("xtask: programs are missing: installing from the system's packages: {}", packages.join(" "));
    let version = Command::new("apt-get").arg("--version").stdout(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        return Err(Error::Absent);
    }
    apt_get(&["update"])?;
    let options = ["-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends"];
    apt_get(&[&options, packages].concat())
}

fn apt_get(arguments: &[&str]) -> Result<(), Error> {
    let mut command = if geteuid().is_root() { Command::new("env") } else { Command::new("sudo") };
    command.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get").args(arguments);
    let status = command.status().map_err(|_| Error::Absent)?;
    if status.success() { Ok(()) } else { Err(Error::Failed(arguments.join(" "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_installed_where_everything_is_found() {
        assert_eq!(locate_or_install(&["no-such-package"], || Some(1)).unwrap(), Some(1));
    }
}
