//! The disclosure catalogue.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub unit_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub levels: String,
    pub legal_basis: String,
    pub after_event: String,
    pub basis_kind: String,
    pub max_stale_days: Option<i32>,
    pub notes: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
