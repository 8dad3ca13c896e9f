//! The account that the server runs under. `PostgreSQL` refuses root, so root hands it to the package's own user.

use std::env;
use std::io;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use rustix::process::geteuid;

/// The system user that `PostgreSQL`'s packages make.
const USER: &str = "postgres";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("PostgreSQL does not run as root, and there is no user `{USER}` to run it as: {0}")]
    NoUser(String),
    #[error("PostgreSQL does not run as root, and none of setpriv, runuser and su is here to run it as `{USER}`")]
    NoSwitch,
}

pub(crate) enum Account {
    /// The caller's own.
    Own,
    Other {
        uid: u32,
        gid: u32,
        switch: Switch,
    },
}

/// The programs that can run another one under a different user, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    Setpriv,
    Runuser,
    Su,
}

impl Account {
    pub(crate) fn for_server() -> Result<Self, Error> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        let switch = Switch::available(is_in_path).ok_or(Error::NoSwitch)?;
        Ok(Self::Other { uid: id("-u")?, gid: id("-g")?, switch })
    }

    /// Hands a folder over to the account.
    pub(crate) fn own(&self, directory: &Path) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid, .. } => chown(directory, Some(*uid), Some(*gid)),
        }
    }

    /// A command that runs `program` under the account; arguments are added as to any other command.
    pub(crate) fn command(&self, program: &Path) -> Command {
        match self {
            Self::Own => Command::new(program),
            Self::Other { switch, .. } => switch.command(program),
        }
    }
}

impl Switch {
    fn available(exists: impl Fn(&str) -> bool) -> Option<Self> {
        [Self::Setpriv, Self::Runuser, Self::Su].into_iter().find(|switch| exists(switch.program()))
    }

    fn program(self) -> &'static str {
        match self {
            Self::Setpriv => "setpriv",
            Self::Runuser => "runuser",
            Self::Su => "su",
        }
    }

    fn command(self, program: &Path) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Self::Setpriv => command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--"]),
            Self::Runuser => command.args(["-u", USER, "--"]),
            // `su` gives everything behind the user to the shell: the program becomes `$0`, its arguments `$@`.
            Self::Su => command.args(["-s", "/bin/sh", "-c", r#"exec "$0" "$@""#, "--", USER]),
        };
        command.arg(program);
        command
    }
}

fn is_in_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

fn id(flag: &str) -> Result<u32, Error> {
    let output = Command::new("id").args([flag, USER]).output().map_err(|error| Error::NoUser(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| Error::NoUser(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_that_exists_is_used() {
        assert_eq!(Switch::available(|_| true), Some(Switch::Setpriv));
        assert_eq!(Switch::available(|program| program != "setpriv"), Some(Switch::Runuser));
        assert_eq!(Switch::available(|program| program == "su"), Some(Switch::Su));
        assert_eq!(Switch::available(|_| false), None);
    }

    /// Runs only where the caller may become the user, which is where the code under test is reached at all.
    #[test]
    fn every_program_runs_a_command_with_its_arguments_as_the_server_user() {
        if !geteuid().is_root() || id("-u").is_err() {
            return;
        }
        let installed = [Switch::Setpriv, Switch::Runuser, Switch::Su].into_iter().filter(|s| is_in_path(s.program()));
        for switch in installed {
            let mut command = switch.command(Path::new("/bin/sh"));
            let output = command.args(["-c", "id -un; echo \"$1\"", "sh", "a  b"]).current_dir("/").output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), "postgres\na  b\n", "{switch:?}");
        }
    }
}
