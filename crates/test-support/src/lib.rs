//! What tests share: a database of their own on either engine, a store of files with the S3 protocol, and a small world
//! of units and sites.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on panics"
)]

mod database;
mod store;
mod world;

pub use database::{Held, TestDb};
pub use store::{TestStore, TestTlsStore};
pub use world::{TestApp, World, at};

/// Runs a test body on SQLite and on PostgreSQL. PostgreSQL missing is a failure, never a skip.
///
/// ```text
/// both_databases! {
///     async fn publishing_twice_is_a_conflict(db: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a body need not use all that its file imports")]
            use super::*;

            async fn body($db: $crate::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                body($crate::TestDb::postgres().await).await;
            }
        }
    )+};
}
