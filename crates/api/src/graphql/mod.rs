//! The GraphQL schema: one module for each noun.

mod agency;
mod article;
mod category;
mod connection;
mod desk;
mod endpoint;
mod entry;
mod internal;
mod mutation;
mod procedure;
mod query;
mod report;
mod scalar;
mod series;
mod site;
mod topic;
mod unit;

use async_graphql::{EmptySubscription, Schema};

pub use endpoint::Documents;
pub(crate) use endpoint::router;

/// The schema of this product.
pub(crate) type LienThongSchema = Schema<query::Query, mutation::Mutation, EmptySubscription>;

/// Builds the schema. Limits and tracing are not extensions of the engine but lie before it, in
/// [`crate::graphql_http`], because extensions double the cost of every field.
pub(crate) fn schema() -> LienThongSchema {
    Schema::build(query::Query, mutation::Mutation::default(), EmptySubscription)
        .register_output_type::<query::Node>()
        .disable_suggestions()
        .finish()
}

/// The schema in its definition language, as committed in `schema/schema.graphql`.
pub fn sdl() -> String {
    schema().sdl_with_options(async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments())
}
