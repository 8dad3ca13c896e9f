//! The GraphQL schema: one module for each noun.

mod agency;
mod article;
mod autosave;
mod board;
mod bundle;
mod category;
mod connection;
mod desk;
mod endpoint;
mod entry;
mod hold;
mod internal;
mod key;
mod media;
mod mutation;
mod people;
mod procedure;
mod protection;
mod query;
mod report;
mod royalty;
mod scalar;
mod series;
mod site;
mod staff;
mod topic;
mod unit;
mod worklist;

use async_graphql::{EmptySubscription, MergedObject, Schema};

pub use endpoint::Documents;
pub(crate) use endpoint::router;

/// The schema of this product.
pub(crate) type LienThongSchema = Schema<Query, Mutation, EmptySubscription>;

/// All reads.
#[derive(MergedObject)]
pub(crate) struct Query(
    query::Query,
    board::BoardQuery,
    bundle::BundleQuery,
    media::MediaQuery,
    hold::HoldQuery,
    key::KeyQuery,
    people::PeopleQuery,
    protection::ProtectionQuery,
    royalty::RoyaltyQuery,
    staff::StaffQuery,
    worklist::Worklist,
);

/// All writes.
#[derive(MergedObject)]
pub(crate) struct Mutation(
    mutation::Mutation,
    autosave::AutosaveMutation,
    board::BoardMutation,
    bundle::BundleMutation,
    desk::DeskWork,
    media::MediaMutation,
    hold::HoldMutation,
    key::KeyMutation,
    people::PeopleMutation,
    protection::ProtectionMutation,
    royalty::RoyaltyMutation,
    staff::StaffMutation,
);

/// Builds the schema. Limits and tracing are not extensions of the engine but lie before it, in
/// [`crate::graphql_http`], because extensions double the cost of every field.
pub(crate) fn schema() -> LienThongSchema {
    let reads = Query(
        query::Query,
        board::BoardQuery,
        bundle::BundleQuery,
        media::MediaQuery,
        hold::HoldQuery,
        key::KeyQuery,
        people::PeopleQuery,
        protection::ProtectionQuery,
        royalty::RoyaltyQuery,
        staff::StaffQuery,
        worklist::Worklist,
    );
    let writes = Mutation(
        mutation::Mutation,
        autosave::AutosaveMutation,
        board::BoardMutation,
        bundle::BundleMutation,
        desk::DeskWork,
        media::MediaMutation,
        hold::HoldMutation,
        key::KeyMutation,
        people::PeopleMutation,
        protection::ProtectionMutation,
        royalty::RoyaltyMutation,
        staff::StaffMutation,
    );
    Schema::build(reads, writes, EmptySubscription).register_output_type::<query::Node>().disable_suggestions().finish()
}

/// The schema in its definition language, as committed in `schema/schema.graphql`.
pub fn sdl() -> String {
    schema().sdl_with_options(async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments())
}
