//! Media: the libraries of sites, what uses them, files on their way.

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
CREATE TABLE media (
    id $ID$ NOT NULL CONSTRAINT media_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT media_site_fkey REFERENCES site (id),
    kind $TEXT$ NOT NULL CONSTRAINT media_kind_check CHECK (kind IN ('image', 'document')),
    media_type $TEXT$ NOT NULL,
    file_name $TEXT$ NOT NULL,
    digest $BYTES$ NOT NULL,
    size $LONG$ NOT NULL,
    stored $BYTES$ NOT NULL,
    width $INT$,
    height $INT$,
    alt $TEXT$,
    caption $TEXT$,
    credit $TEXT$,
    uploader_id $ID$ NOT NULL,
    created_at $TIME$ NOT NULL,
    version $INT$ NOT NULL,
    CONSTRAINT media_digest_key UNIQUE (site_id, digest),
    CONSTRAINT media_size_check CHECK ((kind = 'image') = (width IS NOT NULL AND height IS NOT NULL))
) $STRICT$;
CREATE INDEX media_library_idx ON media (site_id, created_at, id);
CREATE INDEX media_stored_idx ON media (stored);

CREATE TABLE media_use (
    media_id $ID$ NOT NULL CONSTRAINT media_use_media_fkey REFERENCES media (id),
    edition_id $ID$ NOT NULL CONSTRAINT media_use_edition_fkey REFERENCES edition (id),
    entry_id $ID$ NOT NULL,
    CONSTRAINT media_use_pkey PRIMARY KEY (media_id, edition_id)
) $CLUSTERED$;
CREATE INDEX media_use_edition_idx ON media_use (edition_id);

CREATE TABLE media_rule (
    site_id $ID$ NOT NULL CONSTRAINT media_rule_pkey PRIMARY KEY
        CONSTRAINT media_rule_site_fkey REFERENCES site (id),
    alt $BOOL$ NOT NULL,
    credit $BOOL$ NOT NULL
) $STRICT$;

CREATE TABLE upload (
    id $ID$ NOT NULL CONSTRAINT upload_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT upload_site_fkey REFERENCES site (id),
    actor_id $ID$ NOT NULL,
    file_name $TEXT$ NOT NULL,
    length $LONG$ NOT NULL,
    received $LONG$ NOT NULL,
    begun_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    media_id $ID$,
    CONSTRAINT upload_received_check CHECK (received <= length)
) $STRICT$;
CREATE INDEX upload_expires_idx ON upload (expires_at);
CREATE INDEX upload_actor_idx ON upload (actor_id);

CREATE TABLE upload_part (
    upload_id $ID$ NOT NULL CONSTRAINT upload_part_upload_fkey REFERENCES upload (id) ON DELETE CASCADE,
    start_at $LONG$ NOT NULL,
    size $LONG$ NOT NULL,
    name $TEXT$ NOT NULL,
    CONSTRAINT upload_part_pkey PRIMARY KEY (upload_id, start_at)
) $CLUSTERED$;
";

const DOWN: &str = r"
DROP TABLE upload_part;
DROP TABLE upload;
DROP TABLE media_rule;
DROP TABLE media_use;
DROP TABLE media;
";
