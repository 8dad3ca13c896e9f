//! Where the workspace lies and which files belong to it.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the root `Cargo.toml`: the parent of this crate's folder, which `cargo run` names at run time.
pub(crate) fn root() -> PathBuf {
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let parent = manifest_dir.as_deref().and_then(Path::parent).map(Path::to_owned);
    parent.unwrap_or_else(|| PathBuf::from("."))
}

/// A `cargo` command in the workspace's root, by the same cargo that started this program. It does not see what
/// `cargo run` told us of this package: build scripts that look at it would find another state than in a plain `cargo`
/// command, and everything above them would be built again each time.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    let of_this_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_this_package)) {
        command.env_remove(name);
    }
    command.current_dir(root());
    command
}

/// The paths below `root`, relative to it, that git tracks or would track: what a clone has, plus what is about to be
/// added.
pub(crate) fn files(root: &Path) -> io::Result<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root).output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim())));
    }
    let listing = String::from_utf8_lossy(&output.stdout);
    let present = listing.split('\0').filter(|path| !path.is_empty() && root.join(path).is_file());
    Ok(present.map(str::to_owned).collect())
}
