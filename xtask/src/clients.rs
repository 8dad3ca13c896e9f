//! What the tests that look at the server through foreign programs need: Node.js with npm, a browser, and the packages
//! of the checks below `tests/`.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;
use crate::workspace;

/// Each a folder with a `package-lock.json`.
const CHECKS: [&str; 3] = ["tests/graphql-http", "tests/browser", "tests/oidc-provider"];

/// Names of the browser's executable: Debian's and other systems'.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The oldest Node.js that the packages run on; Debian 12 has it.
const OLDEST_NODE: u32 = 18;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "the tests run checks with Node.js {OLDEST_NODE} or newer and npm, and they cannot be installed: {0}.\n\
         Install them (Debian and Ubuntu: apt-get install nodejs npm) or put their folder into PATH."
    )]
    Node(String),
    #[error(
        "the tests open pages in Chromium, and it cannot be installed: {0}.\n\
         Install it (Debian and Ubuntu: apt-get install chromium) or name an executable in CHROMIUM."
    )]
    Browser(String),
    #[error("npm ci failed in {0}; its messages stand above. It needs the npm registry once")]
    Packages(&'static str),
    #[error("cannot prepare {place}: {source}")]
    Io { place: &'static str, source: io::Error },
}

/// Installs what is missing, and answers the browser's executable.
pub(crate) fn prepare() -> Result<PathBuf, Error> {
    let node = apt::locate_or_install(&["nodejs", "npm"], node);
    let missing = "the system's packages do not bring them, or bring older ones";
    node.map_err(|error| error.to_string()).and_then(|found| found.ok_or(missing.to_owned())).map_err(Error::Node)?;
    for place in CHECKS {
        packages(place)?;
    }
    let browser = apt::locate_or_install(&["chromium"], browser);
    let missing = "the system's package does not bring it";
    browser.map_err(|error| error.to_string()).and_then(|found| found.ok_or(missing.to_owned())).map_err(Error::Browser)
}

fn node() -> Option<()> {
    let output = Command::new("node").arg("--version").output().ok().filter(|output| output.status.success())?;
    let new_enough = major(&String::from_utf8_lossy(&output.stdout))? >= OLDEST_NODE;
    let npm = Command::new("npm").arg("--version").output().is_ok_and(|output| output.status.success());
    (new_enough && npm).then_some(())
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn browser() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(chosen));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let programs = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file())
}

/// Installs the packages of a check unless they are there as its lock file says. The copy of the lock file among them
/// is written last: an installation that was broken off is done again.
fn packages(place: &'static str) -> Result<(), Error> {
    let folder = workspace::root().join(place);
    let failed = |source| Error::Io { place, source };
    let lock = File::create(env::temp_dir().join("lienthong-npm.lock"));
    // Without the lock two runs at once might meet, so it is worth a try only.
    let _ = lock.as_ref().map(File::lock);
    let wanted = fs::read(folder.join("package-lock.json")).map_err(failed)?;
    let installed = folder.join("node_modules").join(".installed");
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    if !npm_ci(&folder).map_err(failed)? {
        return Err(Error::Packages(place));
    }
    fs::write(installed, wanted).map_err(failed)
}

fn npm_ci(folder: &Path) -> io::Result<bool> {
    let status = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder).status()?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read_from_its_version_line() {
        for (line, expected) in [("v20.20.2\n", Some(20)), ("v18.0.0", Some(18)), ("20.1", None), ("", None)] {
            assert_eq!(major(line), expected, "{line:?}");
        }
    }

    #[test]
    fn every_check_has_a_lock_file() {
        for place in CHECKS {
            assert!(workspace::root().join(place).join("package-lock.json").is_file(), "{place}");
        }
    }
}
