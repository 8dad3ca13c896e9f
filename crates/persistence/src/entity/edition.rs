//! Versions of content.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: Uuid,
    pub site_id: Uuid,
    pub number: i32,
    pub state: String,
    pub signed_by: Option<Uuid>,
    pub signature: Option<Vec<u8>>,
    pub run_at: Option<i64>,
    pub major_at: Option<i64>,
    pub title: String,
    pub content: String,
    pub body: String,
    pub author_id: Uuid,
    pub writers: Option<String>,
    pub needs_screening: bool,
    pub is_held: bool,
    pub minor: bool,
    pub change_note: Option<String>,
    pub publish_at: Option<i64>,
    pub visible_until: Option<i64>,
    pub created_at: i64,
    pub published_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
