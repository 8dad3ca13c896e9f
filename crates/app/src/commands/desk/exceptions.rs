//! Sites where whoever wrote a text may also approve it. Two or three part-time officials cannot always be four eyes; that
//! it is so is recorded with a reason, and monitors see it.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::Matter;
use lienthong_domain::entry::RemarkText;
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::own_work_exceptions::{self, OwnWorkException};
use lienthong_persistence::{Record, Tx, sites};

use crate::app::App;
use crate::commands::bulk::audit;
use crate::error::Error;

/// Lets the writers of a site approve their own texts, or gives a new reason for it.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] without a reason.
pub async fn record_exception(
    app: &App,
    permit: &Permit<act::RecordException>,
    (site, reason): (SiteId, &str),
    now: Timestamp,
) -> Result<(), Error> {
    let reason = RemarkText::check("reason", reason).map_err(Error::Invalid)?;
    let tx = begin(app, permit, site).await?;
    let note = format!("own work may be approved: {}", reason.as_str());
    own_work_exceptions::put(&tx, &OwnWorkException { site, reason, actor: permit.actor(), at: now }).await?;
    end(tx, permit, (site, note), now).await
}

/// Lets the rule of four eyes hold again.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit.
pub async fn end_exception(
    app: &App,
    permit: &Permit<act::RecordException>,
    site: SiteId,
    now: Timestamp,
) -> Result<(), Error> {
    let tx = begin(app, permit, site).await?;
    own_work_exceptions::clear(&tx, site).await?;
    end(tx, permit, (site, "four eyes again".to_owned()), now).await
}

async fn begin(app: &App, permit: &Permit<act::RecordException>, site: SiteId) -> Result<Tx, Error> {
    let tx = app.store().begin().await?;
    if !permit.scope().contains(site) || sites::find(&tx, site).await?.is_none() {
        return Err(Error::NotFound("site"));
    }
    Ok(tx)
}

async fn end(
    tx: Tx,
    permit: &Permit<act::RecordException>,
    (site, note): (SiteId, String),
    now: Timestamp,
) -> Result<(), Error> {
    let audits = vec![audit(permit, Matter::Site(site), note, now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(())
}
