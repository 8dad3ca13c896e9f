//! Why something does not become public.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: Uuid,
    pub site_id: Uuid,
    pub edition_id: Option<Uuid>,
    pub cause: String,
    pub quarantine_id: Option<Uuid>,
    pub findings: String,
    pub rules: i32,
    pub raised_by: Uuid,
    pub raised_at: i64,
    pub released_by: Option<Uuid>,
    pub release_reason: Option<String>,
    pub released_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
