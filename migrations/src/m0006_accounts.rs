//! Accounts of people: how they sign in, what they are signed in with, and how they got there; editorial boards.

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
CREATE TABLE account (
    actor_id $ID$ NOT NULL CONSTRAINT account_pkey PRIMARY KEY
        CONSTRAINT account_actor_fkey REFERENCES actor (id),
    sign_in_name $TEXT$ NOT NULL CONSTRAINT account_name_key UNIQUE,
    password_hash $TEXT$,
    password_set_at $TIME$,
    issued_at $TIME$ NOT NULL,
    issued_by $ID$ NOT NULL,
    first_used_at $TIME$,
    last_used_at $TIME$,
    trained_on $TEXT$,
    disabled_reason $TEXT$
) $STRICT$;

CREATE TABLE account_session (
    id $ID$ NOT NULL CONSTRAINT account_session_pkey PRIMARY KEY,
    actor_id $ID$ NOT NULL CONSTRAINT account_session_actor_fkey REFERENCES account (actor_id),
    started_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    ended_at $TIME$,
    end_reason $TEXT$
) $STRICT$;
CREATE INDEX account_session_actor_idx ON account_session (actor_id);

CREATE TABLE refresh_token (
    digest $BYTES$ NOT NULL CONSTRAINT refresh_token_pkey PRIMARY KEY,
    session_id $ID$ NOT NULL CONSTRAINT refresh_token_session_fkey REFERENCES account_session (id) ON DELETE CASCADE,
    issued_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    used_at $TIME$
) $STRICT$;
CREATE INDEX refresh_token_session_idx ON refresh_token (session_id);

CREATE TABLE sign_in_attempt (
    bucket $TEXT$ NOT NULL,
    subject $BYTES$ NOT NULL,
    failures $INT$ NOT NULL,
    last_at $TIME$ NOT NULL,
    succeeded_at $TIME$,
    CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (bucket, subject)
) $CLUSTERED$;
CREATE INDEX sign_in_attempt_last_idx ON sign_in_attempt (last_at);

CREATE TABLE account_link (
    id $ID$ NOT NULL CONSTRAINT account_link_pkey PRIMARY KEY,
    actor_id $ID$ NOT NULL CONSTRAINT account_link_actor_fkey REFERENCES account (actor_id),
    purpose $TEXT$ NOT NULL,
    digest $BYTES$ NOT NULL CONSTRAINT account_link_digest_key UNIQUE,
    issued_at $TIME$ NOT NULL,
    issued_by $ID$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    used_at $TIME$,
    revoked_at $TIME$
) $STRICT$;
CREATE INDEX account_link_actor_idx ON account_link (actor_id);
CREATE UNIQUE INDEX account_link_open_key ON account_link (actor_id) WHERE used_at IS NULL AND revoked_at IS NULL;

CREATE TABLE board_member (
    site_id $ID$ NOT NULL CONSTRAINT board_member_site_fkey REFERENCES site (id),
    place $INT$ NOT NULL,
    name $TEXT$ NOT NULL,
    position $TEXT$ NOT NULL,
    duties $TEXT$,
    accountable $INT$ NOT NULL,
    CONSTRAINT board_member_pkey PRIMARY KEY (site_id, place)
) $CLUSTERED$;

CREATE TABLE second_factor (
    actor_id $ID$ NOT NULL CONSTRAINT second_factor_pkey PRIMARY KEY
        CONSTRAINT second_factor_actor_fkey REFERENCES account (actor_id),
    id $ID$ NOT NULL,
    sealed $BYTES$ NOT NULL,
    enrolled_at $TIME$ NOT NULL,
    confirmed_at $TIME$,
    last_step $LONG$
) $STRICT$;

CREATE TABLE recovery_code (
    actor_id $ID$ NOT NULL CONSTRAINT recovery_code_actor_fkey REFERENCES account (actor_id),
    digest $BYTES$ NOT NULL,
    used_at $TIME$,
    CONSTRAINT recovery_code_pkey PRIMARY KEY (actor_id, digest)
) $CLUSTERED$;

CREATE TABLE api_token (
    id $ID$ NOT NULL CONSTRAINT api_token_pkey PRIMARY KEY,
    actor_id $ID$ NOT NULL CONSTRAINT api_token_actor_fkey REFERENCES account (actor_id),
    name $TEXT$ NOT NULL,
    digest $BYTES$ NOT NULL CONSTRAINT api_token_digest_key UNIQUE,
    operations $TEXT$ NOT NULL,
    created_at $TIME$ NOT NULL,
    expires_at $TIME$ NOT NULL,
    last_used_at $TIME$,
    revoked_at $TIME$
) $STRICT$;
CREATE INDEX api_token_actor_idx ON api_token (actor_id);

CREATE TABLE api_token_site (
    token_id $ID$ NOT NULL CONSTRAINT api_token_site_token_fkey REFERENCES api_token (id) ON DELETE CASCADE,
    site_id $ID$ NOT NULL CONSTRAINT api_token_site_site_fkey REFERENCES site (id),
    CONSTRAINT api_token_site_pkey PRIMARY KEY (token_id, site_id)
) $CLUSTERED$;

CREATE TABLE identity (
    issuer $TEXT$ NOT NULL,
    subject $TEXT$ NOT NULL,
    actor_id $ID$ NOT NULL CONSTRAINT identity_actor_fkey REFERENCES actor (id),
    linked_at $TIME$ NOT NULL,
    linked_by $ID$ NOT NULL,
    CONSTRAINT identity_pkey PRIMARY KEY (issuer, subject)
) $CLUSTERED$;
CREATE UNIQUE INDEX identity_actor_key ON identity (actor_id, issuer);

CREATE TABLE provider_visit (
    digest $BYTES$ NOT NULL CONSTRAINT provider_visit_pkey PRIMARY KEY,
    provider $TEXT$ NOT NULL,
    challenge $BYTES$ NOT NULL,
    expires_at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX provider_visit_expires_idx ON provider_visit (expires_at);

CREATE TABLE sign_in_ticket (
    digest $BYTES$ NOT NULL CONSTRAINT sign_in_ticket_pkey PRIMARY KEY,
    issuer $TEXT$ NOT NULL,
    subject $TEXT$ NOT NULL,
    challenge $BYTES$ NOT NULL,
    expires_at $TIME$ NOT NULL
) $STRICT$;
CREATE INDEX sign_in_ticket_expires_idx ON sign_in_ticket (expires_at);
";

const DOWN: &str = r"
DROP TABLE sign_in_ticket;
DROP TABLE provider_visit;
DROP TABLE identity;
DROP TABLE board_member;
DROP TABLE api_token_site;
DROP TABLE api_token;
DROP TABLE recovery_code;
DROP TABLE second_factor;
DROP TABLE account_link;
DROP TABLE sign_in_attempt;
DROP TABLE refresh_token;
DROP TABLE account_session;
DROP TABLE account;
";
