//! Headers of what is public.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "live_entry")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    pub site_id: Uuid,
    pub kind: String,
    pub edition_id: Uuid,
    pub edition_number: i32,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub article_kind: Option<String>,
    pub category_id: Option<Uuid>,
    pub topic_id: Option<Uuid>,
    pub series_id: Option<Uuid>,
    pub language: String,
    pub tags: Option<String>,
    pub author: Option<String>,
    pub source: Option<String>,
    pub cover: Option<String>,
    pub attachments: Option<String>,
    pub tag_uri: String,
    pub corrects: Option<Uuid>,
    pub corrected: Option<String>,
    pub corrections: Option<String>,
    pub corrected_at: Option<i64>,
    pub first_published_at: i64,
    pub published_at: i64,
    pub updated_at: i64,
    pub modified_at: i64,
    pub visible_until: Option<i64>,
    pub signed_by: Option<Uuid>,
    pub signature: Option<Vec<u8>>,
    pub scopes: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
