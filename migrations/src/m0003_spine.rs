//! The change log, its head, and the audit trail.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        dialect::append_only(manager, &["audit", "audit_tile", "checkpoint"]).await?;
        // The epoch names this history: random, so that a position of another database is recognised.
        let epoch = i64::from_be_bytes(*uuid::Uuid::new_v4().as_bytes().first_chunk().unwrap_or(&[1; 8]));
        let insert = format!("INSERT INTO change_head (id, epoch, seq, leaves) VALUES (1, {epoch}, 0, 0)");
        manager.get_connection().execute_unprepared(&insert).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await?;
        dialect::changeable_again(manager).await
    }
}

const UP: &str = r"
CREATE TABLE change_head (
    id $INT$ NOT NULL CONSTRAINT change_head_pkey PRIMARY KEY CONSTRAINT change_head_single CHECK (id = 1),
    epoch $LONG$ NOT NULL,
    seq $LONG$ NOT NULL,
    leaves $LONG$ NOT NULL,
    frontier $BYTES$
) $STRICT$;

CREATE TABLE change (
    seq $LONG$ NOT NULL CONSTRAINT change_pkey PRIMARY KEY,
    kind $TEXT$ NOT NULL,
    entry_id $ID$,
    entry_kind $TEXT$,
    site_id $ID$,
    edition_id $ID$,
    scopes $BYTES$ NOT NULL,
    at $TIME$ NOT NULL
) $STRICT$;

CREATE TABLE audit (
    leaf $LONG$ NOT NULL CONSTRAINT audit_pkey PRIMARY KEY,
    id $ID$ NOT NULL,
    actor_id $ID$ NOT NULL,
    address $TEXT$,
    operation $TEXT$ NOT NULL,
    site_id $ID$,
    entry_id $ID$,
    edition_id $ID$,
    note $TEXT$ NOT NULL,
    matter $TEXT$,
    rows_before $BYTES$,
    rows_after $BYTES$,
    digest_before $BYTES$,
    digest_after $BYTES$,
    at $TIME$ NOT NULL,
    hash $BYTES$ NOT NULL
) $STRICT$;
CREATE INDEX audit_entry_idx ON audit (entry_id, leaf) WHERE entry_id IS NOT NULL;
CREATE INDEX audit_actor_idx ON audit (actor_id, at);
CREATE INDEX audit_matter_idx ON audit (matter, leaf) WHERE matter IS NOT NULL;
CREATE INDEX audit_site_idx ON audit (site_id, leaf) WHERE site_id IS NOT NULL;

CREATE TABLE audit_tile (
    level $INT$ NOT NULL,
    number $LONG$ NOT NULL,
    hash $BYTES$ NOT NULL,
    CONSTRAINT audit_tile_pkey PRIMARY KEY (level, number)
) $CLUSTERED$;

CREATE TABLE checkpoint (
    size $LONG$ NOT NULL CONSTRAINT checkpoint_pkey PRIMARY KEY,
    note $TEXT$ NOT NULL,
    at $TIME$ NOT NULL
) $STRICT$;
";

const DOWN: &str = r"
DROP TABLE checkpoint;
DROP TABLE audit_tile;
DROP TABLE audit;
DROP TABLE change;
DROP TABLE change_head;
";
