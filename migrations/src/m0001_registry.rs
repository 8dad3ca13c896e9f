//! Reference data: units and their succession, sites, categories, topics.

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
CREATE TABLE unit (
    id $ID$ NOT NULL CONSTRAINT unit_pkey PRIMARY KEY,
    code $TEXT$,
    kind $TEXT$ NOT NULL,
    name $TEXT$ NOT NULL,
    full_name $TEXT$ NOT NULL,
    name_en $TEXT$,
    slug $TEXT$ NOT NULL CONSTRAINT unit_slug_key UNIQUE,
    parent_id $ID$ CONSTRAINT unit_parent_fkey REFERENCES unit (id),
    valid_from $TEXT$,
    valid_to $TEXT$,
    lineage $TEXT$,
    historic_key $TEXT$ CONSTRAINT unit_historic_key UNIQUE
) $STRICT$;
CREATE UNIQUE INDEX unit_code_key ON unit (code, COALESCE(valid_from, '')) WHERE code IS NOT NULL;
CREATE INDEX unit_parent_idx ON unit (parent_id);

CREATE TABLE unit_succession (
    predecessor_id $ID$ NOT NULL CONSTRAINT unit_succession_predecessor_fkey REFERENCES unit (id),
    successor_id $ID$ NOT NULL CONSTRAINT unit_succession_successor_fkey REFERENCES unit (id),
    part $TEXT$,
    CONSTRAINT unit_succession_pkey PRIMARY KEY (predecessor_id, successor_id)
) $CLUSTERED$;
CREATE INDEX unit_succession_successor_idx ON unit_succession (successor_id);

CREATE TABLE agency (
    id $ID$ NOT NULL CONSTRAINT agency_pkey PRIMARY KEY,
    identifier $TEXT$ NOT NULL,
    identifier_key $TEXT$ NOT NULL CONSTRAINT agency_identifier_key UNIQUE,
    name $TEXT$ NOT NULL,
    kind $TEXT$ NOT NULL,
    unit_id $ID$ NOT NULL CONSTRAINT agency_unit_fkey REFERENCES unit (id),
    parent_id $ID$ CONSTRAINT agency_parent_fkey REFERENCES agency (id),
    valid_from $TEXT$,
    valid_to $TEXT$
) $STRICT$;
CREATE INDEX agency_unit_idx ON agency (unit_id);

CREATE TABLE topic (
    id $ID$ NOT NULL CONSTRAINT topic_pkey PRIMARY KEY,
    unit_id $ID$ CONSTRAINT topic_unit_fkey REFERENCES unit (id),
    parent_id $ID$ CONSTRAINT topic_parent_fkey REFERENCES topic (id),
    code $TEXT$ NOT NULL CONSTRAINT topic_code_key UNIQUE,
    name_vi $TEXT$ NOT NULL,
    name_en $TEXT$ NOT NULL,
    levels $TEXT$ NOT NULL,
    legal_basis $TEXT$ NOT NULL,
    after_event $TEXT$ NOT NULL,
    basis_kind $TEXT$ NOT NULL,
    max_stale_days $INT$,
    notes $TEXT$ NOT NULL,
    CONSTRAINT topic_parent_check CHECK (parent_id IS NULL OR unit_id IS NOT NULL)
) $STRICT$;

CREATE TABLE topic_synonym (
    id $ID$ NOT NULL CONSTRAINT topic_synonym_pkey PRIMARY KEY,
    unit_id $ID$ CONSTRAINT topic_synonym_unit_fkey REFERENCES unit (id),
    folded $TEXT$ NOT NULL,
    name $TEXT$ NOT NULL,
    topic_id $ID$ NOT NULL CONSTRAINT topic_synonym_topic_fkey REFERENCES topic (id)
) $STRICT$;
CREATE UNIQUE INDEX topic_synonym_own_key ON topic_synonym (unit_id, folded) WHERE unit_id IS NOT NULL;
CREATE UNIQUE INDEX topic_synonym_national_key ON topic_synonym (folded) WHERE unit_id IS NULL;

CREATE TABLE site (
    id $ID$ NOT NULL CONSTRAINT site_pkey PRIMARY KEY,
    unit_id $ID$ CONSTRAINT site_unit_fkey REFERENCES unit (id),
    kind $TEXT$ NOT NULL CONSTRAINT site_kind_check CHECK (kind IN ('portal', 'standalone', 'component', 'catalogue')),
    parent_id $ID$ CONSTRAINT site_parent_fkey REFERENCES site (id),
    name $TEXT$ NOT NULL,
    host $TEXT$ NOT NULL CONSTRAINT site_host_key UNIQUE,
    home_url $TEXT$ NOT NULL,
    article_url_template $TEXT$ NOT NULL,
    language $TEXT$ NOT NULL,
    active_from $TEXT$ NOT NULL,
    active_to $TEXT$,
    CONSTRAINT site_unit_check CHECK ((unit_id IS NULL) = (kind = 'catalogue'))
) $STRICT$;
CREATE UNIQUE INDEX site_catalogue_key ON site (kind) WHERE kind = 'catalogue';
CREATE INDEX site_unit_idx ON site (unit_id);

CREATE TABLE site_decision (
    site_id $ID$ NOT NULL CONSTRAINT site_decision_site_fkey REFERENCES site (id),
    requirement $TEXT$ NOT NULL
        CONSTRAINT site_decision_requirement_check CHECK (requirement IN ('board', 'regulation', 'budget')),
    number $TEXT$ NOT NULL,
    signed_on $TEXT$ NOT NULL,
    agency $TEXT$,
    url $TEXT$,
    CONSTRAINT site_decision_pkey PRIMARY KEY (site_id, requirement)
) $CLUSTERED$;

CREATE TABLE category (
    id $ID$ NOT NULL CONSTRAINT category_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT category_site_fkey REFERENCES site (id),
    parent_id $ID$ CONSTRAINT category_parent_fkey REFERENCES category (id),
    slug $TEXT$ NOT NULL,
    name $TEXT$ NOT NULL,
    topic_id $ID$ CONSTRAINT category_topic_fkey REFERENCES topic (id),
    position $INT$ NOT NULL,
    CONSTRAINT category_slug_key UNIQUE (site_id, slug)
) $STRICT$;
";

const DOWN: &str = r"
DROP TABLE category;
DROP TABLE site_decision;
DROP TABLE site;
DROP TABLE topic_synonym;
DROP TABLE topic;
DROP TABLE agency;
DROP TABLE unit_succession;
DROP TABLE unit;
";
