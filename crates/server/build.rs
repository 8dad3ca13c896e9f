//! Tells the program the commit it is built from: `LIENTHONG_COMMIT` where set, else what the repository says, else
//! `unknown`. Never fails: an archive of the sources has no repository.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-env-changed=LIENTHONG_COMMIT");
    let given = std::env::var("LIENTHONG_COMMIT").ok().filter(|commit| !commit.trim().is_empty());
    let commit = given.or_else(|| head(&repository()?)).unwrap_or_else(|| "unknown".to_owned());
    let short: String = commit.trim().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    println!("cargo::rustc-env=LIENTHONG_COMMIT={short}");
}

/// The folder that holds `HEAD`. In a second work tree `.git` is a file that names it.
fn repository() -> Option<PathBuf> {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let git = manifest.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    let text = read_to_string(&git).ok()?;
    Some(git.parent()?.join(text.strip_prefix("gitdir:")?.trim()))
}

fn head(repository: &Path) -> Option<String> {
    let text = watched(&repository.join("HEAD"))?;
    let Some(branch) = text.strip_prefix("ref:").map(str::trim) else { return Some(text) };
    let shared = read_to_string(repository.join("commondir")).ok();
    let shared = shared.map_or_else(|| repository.to_owned(), |path| repository.join(path.trim()));
    watched(&shared.join(branch)).or_else(|| packed(&shared, branch))
}

fn packed(repository: &Path, branch: &str) -> Option<String> {
    let text = watched(&repository.join("packed-refs"))?;
    text.lines().find_map(|line| line.strip_suffix(branch)?.strip_suffix(' ').map(str::to_owned))
}

/// Reads a file and has cargo build again when it changes.
fn watched(file: &Path) -> Option<String> {
    let text = read_to_string(file).ok()?;
    println!("cargo::rerun-if-changed={}", file.display());
    Some(text)
}
