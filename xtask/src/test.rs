//! `cargo xtask test` and `cargo xtask db`: the tests' `PostgreSQL` server around something that uses it.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::Error;
use crate::clients;
use crate::interrupts::{Interrupts, exit_code};
use crate::postgres::Server;
use crate::pypi;
use crate::workspace;

/// The variable that names the server to the tests; they fail without it.
const SERVER: &str = "LIENTHONG_TEST_POSTGRES";

/// The variable that names the browser to the tests; they fail without it.
const BROWSER: &str = "CHROMIUM";

/// The variable that names the program of an S3 server to the tests; they fail without it.
const S3_SERVER: &str = "LIENTHONG_TEST_S3";

/// A zone half an hour off the full ones and west of Greenwich: a test that leans on the machine's zone fails there.
const TIME_ZONE: &str = "America/St_Johns";

/// Runs `cargo test` with the caller's arguments and answers its exit code. The server is gone afterwards, also after
/// an interrupt or a panic.
pub(crate) fn run(extra: &[OsString]) -> Result<ExitCode, Error> {
    test(&Interrupts::listen()?, extra)
}

/// Runs the tests as one step among others.
pub(crate) fn test(interrupts: &Interrupts, extra: &[OsString]) -> Result<ExitCode, Error> {
    let browser = clients::prepare()?;
    let s3_server = pypi::s3_server()?;
    let server = Server::start()?;
    eprintln!("xtask: PostgreSQL for the tests is at {}", server.url());
    let mut command = workspace::cargo();
    command.args(cargo_arguments(extra)).env(SERVER, server.url()).env("TZ", TIME_ZONE);
    command.env(BROWSER, browser).env(S3_SERVER, s3_server);
    Ok(exit_code(interrupts.run(&mut command)?))
}

/// Keeps a server for development.
pub(crate) fn serve_database() -> Result<ExitCode, Error> {
    let interrupts = Interrupts::listen()?;
    let server = Server::start()?;
    println!("{SERVER}={}", server.url());
    eprintln!("xtask: its socket lies in {}; Ctrl-C ends it", server.socket_directory().display());
    interrupts.wait();
    Ok(ExitCode::SUCCESS)
}

/// `cargo test` on the whole workspace, unless the caller chose packages: cargo lets `--workspace` win over `--package`.
fn cargo_arguments(extra: &[OsString]) -> Vec<OsString> {
    let for_cargo = extra.iter().take_while(|argument| *argument != "--");
    let chooses = |argument: &OsString| {
        let argument = argument.to_string_lossy();
        argument.starts_with("-p") || argument.starts_with("--package")
    };
    let scope = (!for_cargo.clone().any(chooses)).then_some("--workspace");
    let own = ["test", "--locked"].into_iter().chain(scope).map(OsString::from);
    own.chain(extra.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_workspace_is_tested_unless_a_package_is_chosen() {
        let cases: [(&[&str], &[&str]); 5] = [
            (&[], &["test", "--locked", "--workspace"]),
            (&["fold"], &["test", "--locked", "--workspace", "fold"]),
            (&["-p", "lienthong-domain"], &["test", "--locked", "-p", "lienthong-domain"]),
            (&["--package=lienthong-domain"], &["test", "--locked", "--package=lienthong-domain"]),
            (&["--", "-p"], &["test", "--locked", "--workspace", "--", "-p"]),
        ];
        for (extra, expected) in cases {
            let extra: Vec<OsString> = extra.iter().map(OsString::from).collect();
            assert_eq!(cargo_arguments(&extra), expected, "{extra:?}");
        }
    }
}
