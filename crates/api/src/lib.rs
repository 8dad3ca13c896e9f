//! The public interface over HTTP: GraphQL, REST, feeds.

pub mod console;
mod graphql;
pub mod graphql_http;
mod ids;
mod view;
