//! The schema, as migrations for SQLite and PostgreSQL.
//!
//! One text per migration serves both databases: [`dialect`] replaces the column types, which are all that differs.

mod dialect;
mod m0001_registry;
mod m0002_content;
mod m0003_spine;
mod m0004_access;
mod m0005_idempotency;
mod m0006_accounts;
mod m0007_series;
mod m0010_desk;
mod m0011_holds;
mod m0012_media;
mod m0013_royalties;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, SchemaManager};

/// All migrations, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_registry::Migration),
            Box::new(m0002_content::Migration),
            Box::new(m0003_spine::Migration),
            Box::new(m0004_access::Migration),
            Box::new(m0005_idempotency::Migration),
            Box::new(m0006_accounts::Migration),
            Box::new(m0007_series::Migration),
            Box::new(m0010_desk::Migration),
            Box::new(m0011_holds::Migration),
            Box::new(m0012_media::Migration),
            Box::new(m0013_royalties::Migration),
        ]
    }
}
