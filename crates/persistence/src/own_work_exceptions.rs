//! Sites where whoever wrote a text may also approve it, and why.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, QueryOrder as _, Set};

use lienthong_domain::entry::RemarkText;
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::entity::own_work_exception;
use crate::error::Error;
use crate::store::{Store, Tx};

/// An exception from the rule of four eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWorkException {
    /// Where.
    pub site: SiteId,
    /// Why.
    pub reason: RemarkText,
    /// Who recorded it.
    pub actor: ActorId,
    /// Since when.
    pub at: Timestamp,
}

/// Whether a site has one.
///
/// # Errors
/// When the database does not answer.
pub async fn holds(tx: &Tx, site: SiteId) -> Result<bool, Error> {
    Ok(own_work_exception::Entity::find_by_id(site.as_uuid()).one(tx.conn()).await?.is_some())
}

/// Records one, in the place of an earlier one.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, exception: &OwnWorkException) -> Result<(), Error> {
    use own_work_exception::Column as C;
    let OwnWorkException { site, reason, actor, at } = exception;
    let row = own_work_exception::ActiveModel {
        site_id: Set(site.as_uuid()),
        reason: Set(reason.as_str().to_owned()),
        actor_id: Set(actor.as_uuid()),
        at: Set(at.as_micros()),
    };
    let rule = OnConflict::column(C::SiteId).update_columns([C::Reason, C::ActorId, C::At]).to_owned();
    own_work_exception::Entity::insert(row).on_conflict(rule).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Ends one; nothing happens when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &Tx, site: SiteId) -> Result<(), Error> {
    own_work_exception::Entity::delete_by_id(site.as_uuid()).exec(tx.conn()).await?;
    Ok(())
}

/// All of them, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn all(store: &Store) -> Result<Vec<OwnWorkException>, Error> {
    let rows = own_work_exception::Entity::find().order_by_asc(own_work_exception::Column::At).all(&store.pool).await?;
    let exception = |row: own_work_exception::Model| OwnWorkException {
        site: SiteId::from_uuid(row.site_id),
        reason: RemarkText::from_stored(row.reason),
        actor: ActorId::from_uuid(row.actor_id),
        at: Timestamp::from_micros(row.at),
    };
    Ok(rows.into_iter().map(exception).collect())
}
