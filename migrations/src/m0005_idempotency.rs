//! Keys under which clients repeat a create without making anything twice.

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
CREATE TABLE idempotency (
    actor_id $ID$ NOT NULL,
    client_key $TEXT$ NOT NULL,
    digest $BYTES$ NOT NULL,
    site_id $ID$ NOT NULL,
    entry_id $ID$ NOT NULL,
    edition_id $ID$ NOT NULL,
    made_at $TIME$ NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (actor_id, client_key)
) $CLUSTERED$;
";

const DOWN: &str = r"
DROP TABLE idempotency;
";
