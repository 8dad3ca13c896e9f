//! Series of articles.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const UP: &str = r"
CREATE TABLE series (
    id $ID$ NOT NULL CONSTRAINT series_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT series_site_fkey REFERENCES site (id),
    slug $TEXT$ NOT NULL,
    title $TEXT$ NOT NULL,
    summary $TEXT$ NOT NULL,
    CONSTRAINT series_slug_key UNIQUE (site_id, slug)
) $STRICT$;
";

const DOWN: &str = r"
DROP TABLE series;
";
