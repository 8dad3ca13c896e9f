//! The public interface over HTTP: GraphQL, REST, feeds.

pub mod console;
mod error;
mod graphql;
pub mod graphql_http;
mod ids;
mod problem;
mod reading;
mod rest;
mod view;

pub use graphql::sdl;
pub use rest::openapi;
