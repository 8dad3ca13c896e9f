//! The outer side of the server: sockets, connections, health, figures.

mod connection;
mod framing;
mod health;
mod listen;
mod metrics;
mod patience;
mod routes;
mod server;

pub(crate) use health::Health;
pub(crate) use listen::{Bound, bind, reachable};
pub(crate) use metrics::Metrics;
pub(crate) use routes::{PAGES, State, demo_pages, routes};
pub(crate) use server::{Connections, HttpServer};
