//! The audit trail.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub leaf: i64,
    pub id: Uuid,
    pub actor_id: Uuid,
    pub address: Option<String>,
    pub operation: String,
    pub site_id: Option<Uuid>,
    pub entry_id: Option<Uuid>,
    pub edition_id: Option<Uuid>,
    pub note: String,
    pub matter: Option<String>,
    pub rows_before: Option<Vec<u8>>,
    pub rows_after: Option<Vec<u8>>,
    pub digest_before: Option<Vec<u8>>,
    pub digest_after: Option<Vec<u8>>,
    pub at: i64,
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
