//! The program `lienthong`: serves the API, and holds the commands that prepare, save and inspect an instance.

mod bucket;
mod cli;
mod config;
mod data_folder;
mod database;
mod demo;
mod documents;
mod failure;
mod http;
mod identity;
mod library;
mod secret_file;
mod telemetry;
mod version;

use std::process::ExitCode;

/// Faster than the system's allocator on GraphQL, and the smallest of the fast ones.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
