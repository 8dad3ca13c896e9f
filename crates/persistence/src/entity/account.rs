//! Accounts of people.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: Uuid,
    pub sign_in_name: String,
    pub password_hash: Option<String>,
    pub password_set_at: Option<i64>,
    pub issued_at: i64,
    pub issued_by: Uuid,
    pub first_used_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub trained_on: Option<String>,
    pub disabled_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
