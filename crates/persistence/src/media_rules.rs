//! What sites ask to be said of images before they are published.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, Set};

use lienthong_domain::ids::SiteId;
use lienthong_domain::media::MediaRule;

use crate::entity::media_rule;
use crate::error::Error;
use crate::store::Tx;

/// Sets what a site asks for. Tells whether that is something else than before.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, site: SiteId, rule: MediaRule) -> Result<bool, Error> {
    if of_site(tx, site).await? == rule {
        return Ok(false);
    }
    let MediaRule { alt, credit } = rule;
    if rule == MediaRule::default() {
        media_rule::Entity::delete_by_id(site.as_uuid()).exec(tx.conn()).await?;
        return Ok(true);
    }
    let row = media_rule::ActiveModel { site_id: Set(site.as_uuid()), alt: Set(alt), credit: Set(credit) };
    let replace = OnConflict::column(media_rule::Column::SiteId)
        .update_columns([media_rule::Column::Alt, media_rule::Column::Credit])
        .to_owned();
    media_rule::Entity::insert(row).on_conflict(replace).exec_without_returning(tx.conn()).await?;
    Ok(true)
}

/// What a site asks for: everything, unless its template decided otherwise.
///
/// # Errors
/// When the database does not answer.
pub async fn of_site(tx: &Tx, site: SiteId) -> Result<MediaRule, Error> {
    let found = media_rule::Entity::find_by_id(site.as_uuid()).one(tx.conn()).await?;
    Ok(found.map_or_else(MediaRule::default, |row| MediaRule { alt: row.alt, credit: row.credit }))
}
