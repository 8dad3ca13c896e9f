//! The folder with `PostgreSQL`'s server programs, and how it comes onto a Debian or Ubuntu machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt;

/// The oldest major version that Liên Thông supports.
const OLDEST: u32 = 15;

const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{}", missing(&.0.to_string()))]
    Install(#[from] apt::Error),
    #[error("{}", missing("the system's package does not bring them"))]
    Absent,
}

fn missing(why: &str) -> String {
    format!(
        "the tests need the server programs of PostgreSQL {OLDEST} or newer (initdb, pg_ctl, postgres), and {why}.\n\
         Install them (Debian and Ubuntu: apt-get install postgresql) or put their folder into PATH."
    )
}

/// A folder that holds every program of [`NEEDED`], of a supported version.
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// Debian's package also starts a cluster of its own; it is the machine's, and stays untouched.
    pub(crate) fn locate_or_install() -> Result<Self, Error> {
        apt::locate_or_install(&["postgresql"], Self::locate)?.ok_or(Error::Absent)
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }

    fn locate() -> Option<Self> {
        candidates().into_iter().find(|directory| is_usable(directory)).map(Self)
    }
}

/// Folders in the order of preference: what the caller put into PATH, what `pg_config` names, what Debian's packages
/// install, newest first.
fn candidates() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // A link in PATH points to the folder with the other programs.
    let linked = env::split_paths(&path).filter_map(|directory| fs::canonicalize(directory.join("initdb")).ok());
    let mut found: Vec<PathBuf> = linked.filter_map(|program| program.parent().map(Path::to_owned)).collect();
    found.extend(standard_output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from));
    found.extend(debian_directories(Path::new("/usr/lib/postgresql")));
    found
}

fn debian_directories(base: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    let mut versions: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    versions.iter().map(|version| base.join(version.to_string()).join("bin")).collect()
}

fn is_usable(directory: &Path) -> bool {
    let complete = NEEDED.iter().all(|program| directory.join(program).is_file());
    complete
        && standard_output(Command::new(directory.join("postgres")).arg("--version"))
            .and_then(|version| major(&version))
            .is_some_and(|major| major >= OLDEST)
}

/// `15.18 (Debian 15.18-0+deb12u1)` behind the product's name → 15; a release candidate reads `17rc1`.
fn major(version: &str) -> Option<u32> {
    let number = version.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let digits = number.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn standard_output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::write_program;
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_form_of_the_version_line() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 17rc1", Some(17)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL)", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(major(line), expected, "{line}");
        }
    }

    #[test]
    fn debian_folders_come_newest_first_by_number() {
        let base = tempfile::tempdir().unwrap();
        for name in ["9", "15", "17", "common"] {
            fs::create_dir(base.path().join(name)).unwrap();
        }
        let expected: Vec<PathBuf> = ["17/bin", "15/bin", "9/bin"].map(|name| base.path().join(name)).into();
        assert_eq!(debian_directories(base.path()), expected);
    }

    #[test]
    fn a_folder_is_usable_only_when_complete_and_new_enough() {
        let place = tempfile::tempdir().unwrap();
        let put = |name: &str, version: &str| {
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
            write_program(&place.path().join(name), &script);
        };
        put("initdb", "15.1");
        put("pg_ctl", "15.1");
        assert!(!is_usable(place.path()), "postgres itself is missing");
        put("postgres", "14.12");
        assert!(!is_usable(place.path()), "14 is too old");
        put("postgres", "15.1");
        assert!(is_usable(place.path()));
    }
}
