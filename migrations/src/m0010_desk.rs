//! The editorial desk: remarks on entries, sites where writers may approve their own texts, links to drafts, articles that
//! become public together, and what writers have not saved yet.

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
CREATE TABLE remark (
    id $ID$ NOT NULL CONSTRAINT remark_pkey PRIMARY KEY,
    entry_id $ID$ NOT NULL CONSTRAINT remark_entry_fkey REFERENCES entry (id),
    site_id $ID$ NOT NULL CONSTRAINT remark_site_fkey REFERENCES site (id),
    edition_id $ID$,
    kind $TEXT$ NOT NULL CONSTRAINT remark_kind_check CHECK (kind IN ('comment', 'return', 'take-down')),
    text $TEXT$ NOT NULL,
    decided_by $TEXT$,
    actor_id $ID$ NOT NULL,
    at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX remark_entry_idx ON remark (entry_id, id);

CREATE TABLE own_work_exception (
    site_id $ID$ NOT NULL CONSTRAINT own_work_exception_pkey PRIMARY KEY
        CONSTRAINT own_work_exception_site_fkey REFERENCES site (id),
    reason $TEXT$ NOT NULL,
    actor_id $ID$ NOT NULL,
    at $TIME$ NOT NULL
) $STRICT$;

CREATE TABLE preview (
    id $ID$ NOT NULL CONSTRAINT preview_pkey PRIMARY KEY,
    digest $BYTES$ NOT NULL CONSTRAINT preview_digest_key UNIQUE,
    entry_id $ID$ NOT NULL CONSTRAINT preview_entry_fkey REFERENCES entry (id),
    edition_id $ID$ NOT NULL CONSTRAINT preview_edition_fkey REFERENCES edition (id),
    site_id $ID$ NOT NULL CONSTRAINT preview_site_fkey REFERENCES site (id),
    actor_id $ID$ NOT NULL,
    made_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX preview_entry_idx ON preview (entry_id);

CREATE TABLE bundle (
    id $ID$ NOT NULL CONSTRAINT bundle_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT bundle_site_fkey REFERENCES site (id),
    name $TEXT$ NOT NULL,
    version $INT$ NOT NULL,
    publish_at $TIME$,
    published_at $TIME$,
    failure $TEXT$,
    actor_id $ID$ NOT NULL,
    created_at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX bundle_site_idx ON bundle (site_id, id);
CREATE INDEX bundle_scheduled_idx ON bundle (publish_at) WHERE publish_at IS NOT NULL;

CREATE TABLE bundle_entry (
    bundle_id $ID$ NOT NULL CONSTRAINT bundle_entry_bundle_fkey REFERENCES bundle (id),
    entry_id $ID$ NOT NULL CONSTRAINT bundle_entry_entry_fkey REFERENCES entry (id),
    version $INT$ NOT NULL,
    CONSTRAINT bundle_entry_pkey PRIMARY KEY (bundle_id, entry_id)
) $STRICT$;
CREATE INDEX bundle_entry_entry_idx ON bundle_entry (entry_id);

CREATE TABLE autosave (
    entry_id $ID$ NOT NULL CONSTRAINT autosave_entry_fkey REFERENCES entry (id),
    actor_id $ID$ NOT NULL,
    version $INT$ NOT NULL,
    title $TEXT$ NOT NULL,
    summary $TEXT$ NOT NULL,
    body $TEXT$ NOT NULL,
    saved_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    CONSTRAINT autosave_pkey PRIMARY KEY (entry_id, actor_id)
) $STRICT$;
CREATE INDEX autosave_expires_idx ON autosave (expires_at);
";

const DOWN: &str = r"
DROP TABLE autosave;
DROP TABLE bundle_entry;
DROP TABLE bundle;
DROP TABLE preview;
DROP TABLE own_work_exception;
DROP TABLE remark;
";
