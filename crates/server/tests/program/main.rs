//! The program itself, started as people start it: on free ports, in folders and databases of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

/// A test that runs on a data folder and on a `PostgreSQL` database.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* fn $name:ident($folder:ident: Folder) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            fn body($folder: Folder) $body

            #[test]
            fn on_sqlite() {
                body(Folder::new());
            }

            #[test]
            fn on_postgres() {
                body(Folder::on_postgres());
            }
        }
    )+};
}

mod backups;
mod bucket;
mod clients;
mod connections;
mod demo;
mod documents;
mod harness;
mod hostile;
mod killed;
mod newsroom;
mod nodes;
mod people;
mod proof;
mod provisioning;
mod refusals;
mod scanning;
mod serving;
mod sites;
mod tokens;
mod trust;
mod vectors;
