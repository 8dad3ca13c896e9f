//! A throw-away `PostgreSQL` server: its data lies in a temporary folder and goes with it.

mod account;
mod programs;

use std::io::{self, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use tempfile::TempDir;

use account::Account;
use programs::Programs;

/// How often another port is tried when somebody took the free one between our look and the server's start.
const START_ATTEMPTS: usize = 5;

/// Holds the server for as long as its standard input is open: when this program ends, in whatever way, the pipe
/// closes, the server stops and its folder is removed. Arguments: program folder, our folder, port.
const SUPERVISOR: &str = r#"
    trap '' HUP INT PIPE TERM
    "$1/pg_ctl" --pgdata="$2/data" --log="$2/log" --options="-p $3" --wait --silent start || exit 1
    echo ready
    cat > /dev/null
    "$1/pg_ctl" --pgdata="$2/data" --mode=fast --wait --silent stop
    rm -rf "$2"
"#;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Programs(#[from] programs::Error),
    #[error(transparent)]
    Account(#[from] account::Error),
    #[error("cannot make a place for the PostgreSQL server: {0}")]
    Io(#[from] io::Error),
    #[error("PostgreSQL's initdb failed:\n{0}")]
    Initialise(String),
    #[error("PostgreSQL did not start:\n{0}")]
    Start(String),
}

/// A running server. Dropping it stops it and removes its data.
pub(crate) struct Server {
    supervisor: Child,
    port: u16,
    directory: TempDir,
}

impl Server {
    /// Installs `PostgreSQL` where it is missing, then makes a new cluster and starts it on a free port of 127.0.0.1 and
    /// on a Unix socket in its folder.
    pub(crate) fn start() -> Result<Self, Error> {
        let programs = Programs::locate_or_install()?;
        let account = Account::for_server()?;
        let directory = tempfile::Builder::new().prefix("lienthong-postgres-").tempdir()?;
        account.own(directory.path())?;
        initialise(&programs, &account, directory.path())?;
        let (supervisor, port) = launch(&programs, &account, directory.path())?;
        Ok(Self { supervisor, port, directory })
    }

    /// The superuser's connection address, over TCP.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@{}:{}/postgres", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The folder of the Unix socket.
    pub(crate) fn socket_directory(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        // Nothing can be done about a supervisor that cannot be waited for; its folder is removed all the same.
        let _ = self.supervisor.wait();
    }
}

fn initialise(programs: &Programs, account: &Account, directory: &Path) -> Result<(), Error> {
    let data = directory.join("data");
    let output = account
        .command(&programs.path("initdb"))
        .args([
            "--no-sync",
            "--no-instructions",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--username=postgres",
        ])
        .args(["--pgdata".as_ref(), data.as_os_str()])
        .current_dir(directory)
        .output()?;
    if !output.status.success() {
        return Err(Error::Initialise(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let file = data.join("postgresql.auto.conf");
    Ok(std::fs::write(file, settings(directory))?)
}

/// What a server needs that nobody will miss after a crash: speed, many connections, no surprises from the machine.
fn settings(socket_directory: &Path) -> String {
    let socket_directory = socket_directory.display().to_string().replace('\'', "''");
    format!(
        "listen_addresses = '127.0.0.1'\n\
         unix_socket_directories = '{socket_directory}'\n\
         max_connections = 200\n\
         fsync = off\n\
         synchronous_commit = off\n\
         full_page_writes = off\n\
         wal_level = minimal\n\
         max_wal_senders = 0\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n"
    )
}

fn launch(programs: &Programs, account: &Account, directory: &Path) -> Result<(Child, u16), Error> {
    let mut failure = String::new();
    for _ in 0..START_ATTEMPTS {
        let port = free_port()?;
        let mut supervisor = supervise(programs, account, directory, port)?;
        if is_ready(&mut supervisor)? {
            return Ok((supervisor, port));
        }
        failure = take_log(directory);
        if !failure.contains("Address already in use") {
            break;
        }
    }
    Err(Error::Start(failure))
}

fn supervise(programs: &Programs, account: &Account, directory: &Path, port: u16) -> io::Result<Child> {
    account
        .command(Path::new("/bin/sh"))
        .args(["-c", SUPERVISOR, "lienthong-postgres"])
        .args([programs.directory(), directory])
        .arg(port.to_string())
        .current_dir(directory)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// Waits until the supervisor says a word, or ends without one.
fn is_ready(supervisor: &mut Child) -> io::Result<bool> {
    let Some(mut output) = supervisor.stdout.take() else { return Ok(false) };
    if output.read(&mut [0; 1])? > 0 {
        return Ok(true);
    }
    supervisor.wait()?;
    Ok(false)
}

/// The server's log, emptied so that the next attempt's words stand alone.
fn take_log(directory: &Path) -> String {
    let file: PathBuf = directory.join("log");
    let log = std::fs::read_to_string(&file).unwrap_or_else(|error| format!("no log was written: {error}"));
    // The log may not exist; then there is nothing to empty.
    let _ = std::fs::remove_file(&file);
    log.trim().to_owned()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Writes a script by another process: one that this process had open for writing might still be open in a child
    /// that another test just forked, and could then not be run ("text file busy").
    pub(super) fn write_program(path: &Path, script: &str) {
        let write = r#"printf '%s' "$1" > "$2" && chmod +x "$2""#;
        let status = Command::new("sh").args(["-c", write, "sh", script]).arg(path).status().unwrap();
        assert!(status.success());
    }

    #[test]
    fn a_quote_in_the_folder_name_does_not_end_the_setting() {
        let settings = settings(Path::new("/tmp/it's"));
        assert!(settings.contains("unix_socket_directories = '/tmp/it''s'\n"));
    }

    #[test]
    fn a_supervisor_that_fails_before_its_word_is_not_ready() {
        let mut failing = Command::new("false").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        assert!(!is_ready(&mut failing).unwrap());
    }

    #[test]
    fn the_supervisor_stops_the_server_and_removes_its_folder_when_its_input_closes() {
        let place = tempfile::tempdir().unwrap();
        let (programs, data) = (place.path().join("programs"), place.path().join("server"));
        std::fs::create_dir_all(&data).unwrap();
        std::fs::create_dir(&programs).unwrap();
        let calls = place.path().join("calls");
        let recorder = format!("#!/bin/sh\neval last=\\${{$#}}\necho $last >> '{}'\n", calls.display());
        write_program(&programs.join("pg_ctl"), &recorder);

        let mut command = Command::new("/bin/sh");
        command.args(["-c", SUPERVISOR, "supervisor"]).args([&programs, &data]).arg("5432");
        let mut supervisor = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        assert!(is_ready(&mut supervisor).unwrap());
        assert!(data.exists());
        drop(supervisor.stdin.take());

        assert!(supervisor.wait().unwrap().success());
        assert_eq!(std::fs::read_to_string(&calls).unwrap(), "start\nstop\n");
        assert!(!data.exists());
    }
}
