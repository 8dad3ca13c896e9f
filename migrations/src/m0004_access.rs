//! Actors, their roles, and the instance's sealed secrets.

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
CREATE TABLE actor (
    id $ID$ NOT NULL CONSTRAINT actor_pkey PRIMARY KEY,
    handle $TEXT$ NOT NULL CONSTRAINT actor_handle_key UNIQUE,
    name $TEXT$ NOT NULL,
    created_at $TIME$ NOT NULL,
    disabled_at $TIME$,
    tokens_valid_from $TIME$
) $STRICT$;

CREATE TABLE access_grant (
    id $ID$ NOT NULL CONSTRAINT access_grant_pkey PRIMARY KEY,
    actor_id $ID$ NOT NULL CONSTRAINT access_grant_actor_fkey REFERENCES actor (id),
    role $TEXT$ NOT NULL,
    unit_id $ID$ CONSTRAINT access_grant_unit_fkey REFERENCES unit (id),
    site_id $ID$ CONSTRAINT access_grant_site_fkey REFERENCES site (id),
    granted_by $ID$ NOT NULL,
    granted_at $TIME$ NOT NULL,
    CONSTRAINT access_grant_reach_check CHECK (unit_id IS NULL OR site_id IS NULL)
) $STRICT$;
CREATE INDEX access_grant_actor_idx ON access_grant (actor_id);

CREATE TABLE instance_secret (
    id $ID$ NOT NULL CONSTRAINT instance_secret_pkey PRIMARY KEY,
    purpose $TEXT$ NOT NULL,
    sealed $BYTES$ NOT NULL,
    created_at $TIME$ NOT NULL,
    retired_at $TIME$
) $STRICT$;
CREATE UNIQUE INDEX instance_secret_current_key ON instance_secret (purpose) WHERE retired_at IS NULL;

CREATE TABLE signing_key (
    id $ID$ NOT NULL CONSTRAINT signing_key_pkey PRIMARY KEY,
    purpose $TEXT$ NOT NULL CONSTRAINT signing_key_purpose_check CHECK (purpose IN ('site', 'log')),
    site_id $ID$ CONSTRAINT signing_key_site_fkey REFERENCES site (id),
    public $BYTES$ NOT NULL,
    sealed $BYTES$,
    created_at $TIME$ NOT NULL,
    retired_at $TIME$,
    revoked_at $TIME$,
    reason $TEXT$,
    CONSTRAINT signing_key_site_check CHECK ((site_id IS NULL) = (purpose = 'log')),
    CONSTRAINT signing_key_revoked_check CHECK (revoked_at IS NULL OR retired_at IS NOT NULL)
) $STRICT$;
CREATE UNIQUE INDEX signing_key_site_key ON signing_key (site_id) WHERE site_id IS NOT NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX signing_key_log_key ON signing_key (purpose) WHERE site_id IS NULL AND retired_at IS NULL;
";

const DOWN: &str = r"
DROP TABLE signing_key;
DROP TABLE instance_secret;
DROP TABLE access_grant;
DROP TABLE actor;
";
