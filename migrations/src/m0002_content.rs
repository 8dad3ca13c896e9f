//! Entries and editions; the live projection that public delivery reads, and the internal one that needs a permit.

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
CREATE TABLE entry (
    id $ID$ NOT NULL CONSTRAINT entry_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT entry_site_fkey REFERENCES site (id),
    kind $TEXT$ NOT NULL CONSTRAINT entry_kind_check CHECK (kind IN ('article', 'procedure')),
    slug $TEXT$ NOT NULL,
    source_id $TEXT$,
    source_digest $BYTES$,
    tag_uri $TEXT$ NOT NULL,
    corrects $ID$ CONSTRAINT entry_corrects_fkey REFERENCES entry (id),
    version $INT$ NOT NULL,
    created_at $TIME$ NOT NULL,
    first_published_at $TIME$,
    published_at $TIME$,
    updated_at $TIME$,
    editions $INT$ NOT NULL,
    trashed_at $TIME$,
    archived_at $TIME$,
    quarantined_at $TIME$,
    CONSTRAINT entry_slug_key UNIQUE (site_id, slug)
) $STRICT$;
CREATE UNIQUE INDEX entry_source_key ON entry (site_id, kind, source_id) WHERE source_id IS NOT NULL;

CREATE TABLE edition (
    id $ID$ NOT NULL CONSTRAINT edition_pkey PRIMARY KEY,
    entry_id $ID$ NOT NULL CONSTRAINT edition_entry_fkey REFERENCES entry (id),
    site_id $ID$ NOT NULL CONSTRAINT edition_site_fkey REFERENCES site (id),
    number $INT$ NOT NULL,
    state $TEXT$ NOT NULL CONSTRAINT edition_state_check CHECK (state IN ('draft', 'submitted', 'screened', 'returned',
        'approved', 'scheduled', 'replaced', 'live', 'superseded', 'withdrawn', 'taken-down', 'expired')),
    signed_by $ID$,
    signature $BYTES$,
    run_at $TIME$,
    major_at $TIME$,
    title $TEXT$ NOT NULL,
    content $TEXT$ NOT NULL,
    body $TEXT$ NOT NULL,
    author_id $ID$ NOT NULL,
    writers $TEXT$,
    needs_screening $BOOL$ NOT NULL,
    is_held $BOOL$ NOT NULL,
    minor $BOOL$ NOT NULL,
    change_note $TEXT$,
    publish_at $TIME$,
    visible_until $TIME$,
    created_at $TIME$ NOT NULL,
    published_at $TIME$,
    CONSTRAINT edition_number_key UNIQUE (entry_id, number),
    CONSTRAINT edition_signature_check CHECK ((signature IS NULL) = (signed_by IS NULL))
) $STRICT$;
CREATE UNIQUE INDEX edition_open_key ON edition (entry_id)
    WHERE state IN ('draft', 'submitted', 'screened', 'returned', 'approved', 'scheduled');
CREATE UNIQUE INDEX edition_live_key ON edition (entry_id) WHERE state = 'live';
CREATE INDEX edition_desk_idx ON edition (site_id, created_at)
    WHERE state IN ('draft', 'submitted', 'screened', 'returned', 'approved', 'scheduled');
CREATE INDEX edition_scheduled_idx ON edition (publish_at) WHERE state = 'scheduled';
CREATE INDEX edition_ending_idx ON edition (visible_until) WHERE state = 'live' AND visible_until IS NOT NULL;

CREATE TABLE live_entry (
    entry_id $ID$ NOT NULL CONSTRAINT live_entry_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL,
    kind $TEXT$ NOT NULL,
    edition_id $ID$ NOT NULL,
    edition_number $INT$ NOT NULL,
    slug $TEXT$ NOT NULL,
    title $TEXT$ NOT NULL,
    summary $TEXT$ NOT NULL,
    article_kind $TEXT$,
    category_id $ID$,
    topic_id $ID$,
    series_id $ID$,
    language $TEXT$ NOT NULL,
    tags $TEXT$,
    author $TEXT$,
    source $TEXT$,
    cover $TEXT$,
    attachments $TEXT$,
    tag_uri $TEXT$ NOT NULL,
    corrects $ID$,
    corrected $TEXT$,
    corrections $TEXT$,
    corrected_at $TIME$,
    first_published_at $TIME$ NOT NULL,
    published_at $TIME$ NOT NULL,
    updated_at $TIME$ NOT NULL,
    modified_at $TIME$ NOT NULL,
    visible_until $TIME$,
    signed_by $ID$,
    signature $BYTES$,
    scopes $BYTES$ NOT NULL
) $STRICT$;
CREATE UNIQUE INDEX live_entry_slug_key ON live_entry (site_id, slug);
CREATE INDEX live_entry_corrects_idx ON live_entry (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX live_entry_first_published_idx ON live_entry (site_id, kind, first_published_at);

CREATE TABLE live_body (
    entry_id $ID$ NOT NULL CONSTRAINT live_body_pkey PRIMARY KEY,
    html $TEXT$ NOT NULL,
    detail $TEXT$
) $STRICT$;

CREATE TABLE live_listing (
    scope $ID$ NOT NULL,
    published_at $TIME$ NOT NULL,
    entry_id $ID$ NOT NULL,
    CONSTRAINT live_listing_pkey PRIMARY KEY (scope, published_at, entry_id)
) $CLUSTERED$;

CREATE TABLE live_listing_updated (
    scope $ID$ NOT NULL,
    updated_at $TIME$ NOT NULL,
    entry_id $ID$ NOT NULL,
    CONSTRAINT live_listing_updated_pkey PRIMARY KEY (scope, updated_at, entry_id)
) $CLUSTERED$;

CREATE TABLE internal_entry (
    entry_id $ID$ NOT NULL CONSTRAINT internal_entry_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL,
    edition_id $ID$ NOT NULL CONSTRAINT internal_entry_edition_fkey REFERENCES edition (id),
    slug $TEXT$ NOT NULL,
    first_published_at $TIME$ NOT NULL,
    published_at $TIME$ NOT NULL,
    updated_at $TIME$ NOT NULL,
    modified_at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX internal_entry_published_idx ON internal_entry (site_id, published_at, entry_id);

CREATE TABLE relisting (
    site_id $ID$ NOT NULL CONSTRAINT relisting_pkey PRIMARY KEY
        CONSTRAINT relisting_site_fkey REFERENCES site (id),
    after_at $TIME$,
    after_id $ID$,
    CONSTRAINT relisting_after_check CHECK ((after_at IS NULL) = (after_id IS NULL))
) $STRICT$;

CREATE TABLE live_gone (
    entry_id $ID$ NOT NULL CONSTRAINT live_gone_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL,
    kind $TEXT$ NOT NULL,
    slug $TEXT$ NOT NULL,
    reason $TEXT$ NOT NULL,
    tag_uri $TEXT$ NOT NULL,
    location $TEXT$,
    gone_at $TIME$ NOT NULL
) $STRICT$;
CREATE UNIQUE INDEX live_gone_slug_key ON live_gone (site_id, slug);
CREATE INDEX live_gone_at_idx ON live_gone (site_id, gone_at);
CREATE INDEX live_gone_latest_idx ON live_gone (gone_at);
";

const DOWN: &str = r"
DROP TABLE live_gone;
DROP TABLE relisting;
DROP TABLE internal_entry;
DROP TABLE live_listing_updated;
DROP TABLE live_listing;
DROP TABLE live_body;
DROP TABLE live_entry;
DROP TABLE edition;
DROP TABLE entry;
";
