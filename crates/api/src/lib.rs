//! The public interface over HTTP: GraphQL, REST, feeds.

mod graphql;
pub mod graphql_http;
mod ids;
mod view;
