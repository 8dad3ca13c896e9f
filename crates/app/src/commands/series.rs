//! Series of articles, which the board of a site makes.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::change::Matter;
use lienthong_domain::ids::{SeriesId, SiteId};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::series::{Series, SeriesText};
use lienthong_domain::slug::Slug;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, series};

use crate::app::App;
use crate::commands::articles::site_within;
use crate::commands::bulk::{audit, reload};
use crate::error::Error;

/// Makes a series, or changes what the page of the one under this slug says.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] with every field that breaks a rule.
pub async fn record(
    app: &App,
    permit: &Permit<act::ManageSeries>,
    (site, slug): (SiteId, &str),
    text: SeriesText,
    now: Timestamp,
) -> Result<Series, Error> {
    let slug = slug.parse::<Slug>().map_err(|_| FieldError { field: "slug", rule: FieldRule::NotASlug });
    let (slug, text) = match (slug, text.check()) {
        (Ok(slug), Ok(text)) => (slug, text),
        (slug, text) => {
            return Err(Error::Invalid(slug.err().into_iter().chain(text.err().into_iter().flatten()).collect()));
        }
    };
    let tx = app.store().begin().await?;
    let site = site_within(&tx, permit, site).await?.id;
    let note = slug.to_string();
    let new = Series { id: SeriesId::new(now), site, slug, text };
    let recorded = series::put(&tx, &new).await?;
    let recorded = recorded.ok_or_else(|| Error::Internal("a series that was just written is missing".to_owned()))?;
    let changes = reload(&[ReferenceSet::Series], now).into_iter().collect();
    let audits = vec![audit(permit, Matter::Site(site), note, now)];
    let position = tx.commit(Record { changes, audits }).await?;
    app.settle(position).await?;
    Ok(recorded)
}
