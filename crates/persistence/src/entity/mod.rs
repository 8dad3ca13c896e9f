//! One module per table. Private to this crate: nothing above sees a row.

use sea_orm::{DatabaseConnection, EntityTrait, QuerySelect as _};

use crate::error::Error;

pub(crate) mod access_grant;
pub(crate) mod account;
pub(crate) mod account_link;
pub(crate) mod account_session;
pub(crate) mod actor;
pub(crate) mod agency;
pub(crate) mod api_token;
pub(crate) mod api_token_site;
pub(crate) mod audit;
pub(crate) mod audit_tile;
pub(crate) mod autosave;
pub(crate) mod board_member;
pub(crate) mod bundle;
pub(crate) mod bundle_entry;
pub(crate) mod category;
pub(crate) mod change;
pub(crate) mod checkpoint;
pub(crate) mod edition;
pub(crate) mod entry;
pub(crate) mod hold;
pub(crate) mod idempotency;
pub(crate) mod identity;
pub(crate) mod instance_secret;
pub(crate) mod internal_entry;
pub(crate) mod live_body;
pub(crate) mod live_entry;
pub(crate) mod live_gone;
pub(crate) mod live_listing;
pub(crate) mod live_listing_updated;
pub(crate) mod media;
pub(crate) mod media_rule;
pub(crate) mod media_use;
pub(crate) mod own_work_exception;
pub(crate) mod preview;
pub(crate) mod provider_visit;
pub(crate) mod quarantine;
pub(crate) mod recovery_code;
pub(crate) mod refresh_token;
pub(crate) mod relisting;
pub(crate) mod remark;
pub(crate) mod royalty_class;
pub(crate) mod royalty_line;
pub(crate) mod royalty_table;
pub(crate) mod royalty_work;
pub(crate) mod second_factor;
pub(crate) mod series;
pub(crate) mod sign_in_attempt;
pub(crate) mod sign_in_ticket;
pub(crate) mod signing_key;
pub(crate) mod site;
pub(crate) mod site_decision;
pub(crate) mod site_scan;
pub(crate) mod topic;
pub(crate) mod topic_synonym;
pub(crate) mod unit;
pub(crate) mod unit_succession;
pub(crate) mod upload;
pub(crate) mod upload_part;

/// Reads one row of each table.
pub(crate) async fn check(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<access_grant::Entity>(pool).await?;
    read::<actor::Entity>(pool).await?;
    read::<agency::Entity>(pool).await?;
    read::<board_member::Entity>(pool).await?;
    read::<category::Entity>(pool).await?;
    read::<edition::Entity>(pool).await?;
    read::<entry::Entity>(pool).await?;
    read::<instance_secret::Entity>(pool).await?;
    read::<internal_entry::Entity>(pool).await?;
    read::<live_body::Entity>(pool).await?;
    read::<live_entry::Entity>(pool).await?;
    read::<live_gone::Entity>(pool).await?;
    read::<live_listing::Entity>(pool).await?;
    read::<live_listing_updated::Entity>(pool).await?;
    read::<relisting::Entity>(pool).await?;
    read::<site::Entity>(pool).await?;
    read::<site_decision::Entity>(pool).await?;
    read::<topic::Entity>(pool).await?;
    read::<topic_synonym::Entity>(pool).await?;
    read::<unit::Entity>(pool).await?;
    read::<unit_succession::Entity>(pool).await?;
    check_accounts(pool).await?;
    check_desk(pool).await?;
    check_media(pool).await?;
    check_royalties(pool).await?;
    check_log(pool).await
}

async fn check_desk(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<autosave::Entity>(pool).await?;
    read::<bundle::Entity>(pool).await?;
    read::<bundle_entry::Entity>(pool).await?;
    read::<own_work_exception::Entity>(pool).await?;
    read::<preview::Entity>(pool).await?;
    read::<remark::Entity>(pool).await?;
    Ok(())
}

async fn check_royalties(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<royalty_class::Entity>(pool).await?;
    read::<royalty_line::Entity>(pool).await?;
    read::<royalty_table::Entity>(pool).await?;
    read::<royalty_work::Entity>(pool).await?;
    Ok(())
}

async fn check_accounts(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<account::Entity>(pool).await?;
    read::<account_link::Entity>(pool).await?;
    read::<account_session::Entity>(pool).await?;
    read::<api_token::Entity>(pool).await?;
    read::<api_token_site::Entity>(pool).await?;
    read::<identity::Entity>(pool).await?;
    read::<provider_visit::Entity>(pool).await?;
    read::<recovery_code::Entity>(pool).await?;
    read::<refresh_token::Entity>(pool).await?;
    read::<second_factor::Entity>(pool).await?;
    read::<sign_in_attempt::Entity>(pool).await?;
    read::<sign_in_ticket::Entity>(pool).await?;
    Ok(())
}

async fn check_media(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<media::Entity>(pool).await?;
    read::<media_rule::Entity>(pool).await?;
    read::<media_use::Entity>(pool).await?;
    read::<upload::Entity>(pool).await?;
    read::<upload_part::Entity>(pool).await?;
    Ok(())
}

async fn check_log(pool: &DatabaseConnection) -> Result<(), Error> {
    read::<audit::Entity>(pool).await?;
    read::<audit_tile::Entity>(pool).await?;
    read::<change::Entity>(pool).await?;
    read::<checkpoint::Entity>(pool).await?;
    read::<signing_key::Entity>(pool).await?;
    Ok(())
}

async fn read<E: EntityTrait>(pool: &DatabaseConnection) -> Result<(), Error> {
    E::find().limit(1).all(pool).await?;
    Ok(())
}
