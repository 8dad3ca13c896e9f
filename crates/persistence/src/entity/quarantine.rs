//! What was taken out of the public at once.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quarantine")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: Option<Uuid>,
    pub site_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub since: Option<i64>,
    pub reason: String,
    pub raised_by: Uuid,
    pub raised_at: i64,
    pub released_by: Option<Uuid>,
    pub release_reason: Option<String>,
    pub released_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
