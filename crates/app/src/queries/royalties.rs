//! Royalties, for those who keep the list and those who pay.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::entry::Version;
use lienthong_domain::ids::{EntryId, SiteId};
pub use lienthong_domain::royalty::{RateTable, Statement, Work};
use lienthong_domain::time::Period;
use lienthong_persistence::{entries, royalty_tables, royalty_works};

use crate::app::App;
use crate::error::Error;

/// The rates of a site, latest first.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit.
pub async fn rates(app: &App, permit: &Permit<act::ReadRoyalties>, site: SiteId) -> Result<Vec<RateTable>, Error> {
    within(permit, site)?;
    Ok(royalty_tables::of(app.store(), site).await?)
}

/// What is recorded for a work, with the version of the record; `None` when nothing is.
///
/// # Errors
/// [`Error::NotFound`] for an entry outside the permit.
pub async fn of_work(
    app: &App,
    permit: &Permit<act::ReadRoyalties>,
    id: EntryId,
) -> Result<Option<(Work, Version)>, Error> {
    entries::find(app.store(), permit.scope(), id).await?.ok_or(Error::NotFound("article"))?;
    Ok(royalty_works::find(app.store(), id).await?)
}

/// The statement of a site: every work first published in the period for which somebody gets something, whatever became of it
/// since. What a work is worth was settled when it was recorded.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit.
pub async fn statement(
    app: &App,
    permit: &Permit<act::ReadRoyalties>,
    (site, period): (SiteId, Period),
) -> Result<Statement, Error> {
    within(permit, site)?;
    let name = app.reference().sites.get(site).map(|site| site.name.clone()).ok_or(Error::NotFound("site"))?;
    let works = royalty_works::published(app.store(), site, period.instants()).await?;
    Ok(Statement::new(&name, period, works))
}

fn within(permit: &Permit<act::ReadRoyalties>, site: SiteId) -> Result<(), Error> {
    if permit.scope().contains(site) { Ok(()) } else { Err(Error::NotFound("site")) }
}
