//! What keeps content from the public until a second person has looked: holds, quarantines, and when sites were scanned.

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
CREATE TABLE quarantine (
    id $ID$ NOT NULL CONSTRAINT quarantine_pkey PRIMARY KEY,
    entry_id $ID$ CONSTRAINT quarantine_entry_fkey REFERENCES entry (id),
    site_id $ID$ CONSTRAINT quarantine_site_fkey REFERENCES site (id),
    account_id $ID$,
    since $TIME$,
    reason $TEXT$ NOT NULL,
    raised_by $ID$ NOT NULL,
    raised_at $TIME$ NOT NULL,
    released_by $ID$,
    release_reason $TEXT$,
    released_at $TIME$,
    CONSTRAINT quarantine_target_check CHECK (entry_id IS NOT NULL OR site_id IS NOT NULL OR account_id IS NOT NULL)
) $STRICT$;
CREATE INDEX quarantine_site_idx ON quarantine (site_id) WHERE released_at IS NULL;

CREATE TABLE hold (
    id $ID$ NOT NULL CONSTRAINT hold_pkey PRIMARY KEY,
    entry_id $ID$ NOT NULL CONSTRAINT hold_entry_fkey REFERENCES entry (id),
    site_id $ID$ NOT NULL CONSTRAINT hold_site_fkey REFERENCES site (id),
    edition_id $ID$ CONSTRAINT hold_edition_fkey REFERENCES edition (id),
    cause $TEXT$ NOT NULL CONSTRAINT hold_cause_check CHECK (cause IN ('scan', 'pace', 'quarantine')),
    quarantine_id $ID$ CONSTRAINT hold_quarantine_fkey REFERENCES quarantine (id),
    findings $TEXT$ NOT NULL,
    rules $INT$ NOT NULL,
    raised_by $ID$ NOT NULL,
    raised_at $TIME$ NOT NULL,
    released_by $ID$,
    release_reason $TEXT$,
    released_at $TIME$
) $STRICT$;
CREATE INDEX hold_entry_idx ON hold (entry_id, id);
CREATE INDEX hold_open_idx ON hold (site_id, id) WHERE released_at IS NULL;
CREATE INDEX hold_quarantine_idx ON hold (quarantine_id, id) WHERE quarantine_id IS NOT NULL;

CREATE TABLE site_host (
    site_id $ID$ NOT NULL CONSTRAINT site_host_site_fkey REFERENCES site (id),
    host $TEXT$ NOT NULL,
    since $TIME$ NOT NULL,
    CONSTRAINT site_host_pkey PRIMARY KEY (host, site_id)
) $STRICT$;

CREATE TABLE site_scan (
    site_id $ID$ NOT NULL CONSTRAINT site_scan_pkey PRIMARY KEY
        CONSTRAINT site_scan_site_fkey REFERENCES site (id),
    rules $INT$ NOT NULL,
    entries $INT$ NOT NULL,
    held $INT$ NOT NULL,
    after_slug $TEXT$,
    claimed_at $TIME$,
    finished_at $TIME$
) $STRICT$;
";

const DOWN: &str = r"
DROP TABLE site_scan;
DROP TABLE site_host;
DROP TABLE hold;
DROP TABLE quarantine;
";
