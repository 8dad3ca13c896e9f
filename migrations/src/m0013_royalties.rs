//! Royalties: the rates of sites, and what was paid for their works.

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
CREATE TABLE royalty_table (
    id $ID$ NOT NULL CONSTRAINT royalty_table_pkey PRIMARY KEY,
    site_id $ID$ NOT NULL CONSTRAINT royalty_table_site_fkey REFERENCES site (id),
    legal_basis $TEXT$ NOT NULL,
    unit_value $LONG$ NOT NULL CONSTRAINT royalty_table_unit_check CHECK (unit_value > 0),
    valid_from $TEXT$ NOT NULL,
    valid_to $TEXT$,
    recorded_at $TIME$ NOT NULL,
    recorded_by $ID$ NOT NULL,
    CONSTRAINT royalty_table_start_key UNIQUE (site_id, valid_from),
    CONSTRAINT royalty_table_days_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
) $STRICT$;

CREATE TABLE royalty_class (
    table_id $ID$ NOT NULL CONSTRAINT royalty_class_table_fkey REFERENCES royalty_table (id),
    place $INT$ NOT NULL,
    key $TEXT$ NOT NULL,
    name $TEXT$ NOT NULL,
    highest $INT$ NOT NULL,
    CONSTRAINT royalty_class_pkey PRIMARY KEY (table_id, place)
) $CLUSTERED$;

CREATE TABLE royalty_work (
    entry_id $ID$ NOT NULL CONSTRAINT royalty_work_pkey PRIMARY KEY
        CONSTRAINT royalty_work_entry_fkey REFERENCES entry (id),
    site_id $ID$ NOT NULL,
    table_id $ID$ NOT NULL CONSTRAINT royalty_work_table_fkey REFERENCES royalty_table (id),
    version $INT$ NOT NULL,
    recorded_at $TIME$ NOT NULL,
    recorded_by $ID$ NOT NULL
) $STRICT$;
CREATE INDEX royalty_work_site_idx ON royalty_work (site_id);

CREATE TABLE royalty_line (
    entry_id $ID$ NOT NULL CONSTRAINT royalty_line_work_fkey REFERENCES royalty_work (entry_id),
    place $INT$ NOT NULL,
    class $TEXT$ NOT NULL,
    class_name $TEXT$ NOT NULL,
    coefficient $INT$ NOT NULL CONSTRAINT royalty_line_coefficient_check CHECK (coefficient > 0),
    payee $TEXT$ NOT NULL,
    note $TEXT$,
    amount $LONG$ NOT NULL,
    CONSTRAINT royalty_line_pkey PRIMARY KEY (entry_id, place)
) $CLUSTERED$;
";

const DOWN: &str = r"
DROP TABLE royalty_line;
DROP TABLE royalty_work;
DROP TABLE royalty_class;
DROP TABLE royalty_table;
";
