//! Entries as their editors see them.

use lienthong_domain::access::{OwnOr, act};
use lienthong_domain::entry::{Edition, Entry, Remark};
use lienthong_domain::ids::EntryId;
use lienthong_persistence::{editions, entries, remarks};

use crate::app::App;
use crate::error::Error;

/// An entry with its open and its live edition.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a text of others; [`Error::Store`] when the database does not answer.
pub async fn find(app: &App, permit: &OwnOr<act::ReadDraft>, id: EntryId) -> Result<Entry, Error> {
    let found = entries::find(app.store(), &permit.scope(), id).await?;
    let reached = |entry: &Entry| permit.reaches(entry.site, entry.is_by(permit.actor()));
    found.filter(reached).ok_or(Error::NotFound("article"))
}

/// The editions of an entry that was read with a permit, latest first: at most `limit` of those before number `before`.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn history(app: &App, entry: &Entry, (before, limit): (Option<u32>, u32)) -> Result<Vec<Edition>, Error> {
    Ok(editions::before(app.store(), entry, (before.unwrap_or(i32::MAX.unsigned_abs()), limit)).await?)
}

/// The remarks on an entry that was read with a permit, latest first.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn remarks_on(app: &App, entry: &Entry) -> Result<Vec<Remark>, Error> {
    Ok(remarks::of_entry(app.store(), entry.id).await?)
}
