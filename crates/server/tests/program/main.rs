//! The program itself, started as people start it: on free ports, over SQLite in folders of its own.

mod backups;
mod connections;
mod harness;
mod refusals;
mod serving;
mod tokens;
