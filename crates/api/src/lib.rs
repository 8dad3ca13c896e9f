//! Placeholder.
pub mod graphql_http;
