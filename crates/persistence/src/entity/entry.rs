//! Identities of content.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub site_id: Uuid,
    pub kind: String,
    pub slug: String,
    pub source_id: Option<String>,
    pub source_digest: Option<Vec<u8>>,
    pub tag_uri: String,
    pub corrects: Option<Uuid>,
    pub version: i32,
    pub created_at: i64,
    pub first_published_at: Option<i64>,
    pub published_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub editions: i32,
    pub trashed_at: Option<i64>,
    pub archived_at: Option<i64>,
    pub quarantined_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
