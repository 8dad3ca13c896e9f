//! Recording royalties: the rates of a site, and what people get for its works.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{EntryError, Version};
use lienthong_domain::ids::{EntryId, RateTableId, SiteId};
use lienthong_domain::royalty::{RateTable, RateTableInput, RoyaltyLineInput};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::royalty_works::{self as works, Recorded};
use lienthong_persistence::{Record, Store, Tx, entries, royalty_tables as tables};

use crate::commands::articles::site_within;
use crate::commands::bulk::audit;
use crate::error::Error;

/// Records the rates of a site from a day on. The table that had no end until then ends on the day before; what was priced by
/// it keeps its price.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] with every field that breaks a rule, also when
/// some day already lies in another table.
pub async fn record_rates(
    store: &Store,
    permit: &Permit<act::SetRoyaltyRates>,
    (site, input): (SiteId, RateTableInput),
    now: Timestamp,
) -> Result<RateTable, Error> {
    let tx = store.begin().await?;
    let site = site_within(&tx, permit, site).await?.id;
    let table = RateTable::check(RateTableId::new(now), site, input).map_err(Error::Invalid)?;
    make_room(&tx, &table).await?;
    tables::add(&tx, &table, (permit.actor(), now)).await?;
    let note = format!("rates from {}: {}", table.valid_from, table.legal_basis);
    tx.commit(Record { changes: Vec::new(), audits: vec![audit(permit, Matter::Site(site), note, now)] }).await?;
    Ok(table)
}

async fn make_room(tx: &Tx, table: &RateTable) -> Result<(), Error> {
    for other in tables::of_in(tx, table.site).await?.iter().filter(|other| other.overlaps(table)) {
        let last = table.valid_from.pred_opt().filter(|last| other.valid_to.is_none() && *last >= other.valid_from);
        let taken = FieldError { field: "validFrom", rule: FieldRule::Overlaps };
        let last = last.ok_or(Error::Invalid(vec![taken]))?;
        tables::end(tx, other.id, last).await?;
    }
    Ok(())
}

/// Records who gets what for a published work, in the place of what was recorded before, priced by the table of the day on
/// which it was first published. `seen` is the version of that record, `None` when there was none. No lines: nobody gets
/// anything.
///
/// # Errors
/// [`Error::NotFound`] for an entry outside the permit, [`EntryError::NotPublic`] for one that was never published,
/// [`EntryError::VersionConflict`] when somebody else recorded in between, [`Error::Invalid`] with every field that breaks a rule,
/// also when no table holds on that day.
pub async fn record_royalties(
    store: &Store,
    permit: &Permit<act::RecordRoyalties>,
    (id, seen): (EntryId, Option<Version>),
    lines: Vec<RoyaltyLineInput>,
    now: Timestamp,
) -> Result<Version, Error> {
    let tx = store.begin().await?;
    let entry = entries::lock(&tx, permit.scope(), id).await?.ok_or(Error::NotFound("article"))?;
    let published = entry.first_published_at.ok_or(EntryError::NotPublic)?;
    let version = next(works::version(&tx, id).await?, seen)?;
    let day = published.local_day();
    let known = tables::of_in(&tx, entry.site).await?;
    let none = FieldError { field: "article", rule: FieldRule::NoRates };
    let table = known.iter().find(|table| table.holds_on(day)).ok_or(Error::Invalid(vec![none]))?;
    let lines = table.price(lines).map_err(Error::Invalid)?;
    let recorded = Recorded { entry: id, site: entry.site, table: table.id, version, lines: &lines };
    works::put(&tx, &recorded, (permit.actor(), now)).await?;
    let sum: i64 = lines.iter().map(|line| line.amount).sum();
    let said = format!("lines: {}, sum: {sum} đồng", lines.len());
    let act = Audit { site: Some(entry.site), entry: Some(id), ..audit(permit, Matter::Work(id), said, now) };
    tx.commit(Record { changes: Vec::new(), audits: vec![act] }).await?;
    Ok(version)
}

/// The version after this one, when the writer has seen what there is.
fn next(current: Option<Version>, seen: Option<Version>) -> Result<Version, EntryError> {
    let none = Version::new(0);
    let (current, seen) = (current.unwrap_or(none), seen.unwrap_or(none));
    if current == seen {
        Ok(Version::new(current.get() + 1))
    } else {
        Err(EntryError::VersionConflict { seen, current })
    }
}
