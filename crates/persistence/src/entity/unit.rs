//! Administrative units.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: Option<String>,
    pub kind: String,
    pub name: String,
    pub full_name: String,
    pub name_en: Option<String>,
    pub slug: String,
    pub parent_id: Option<Uuid>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub lineage: Option<String>,
    pub historic_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
