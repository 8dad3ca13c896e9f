//! Entries as their editors see them.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::entry::Entry;
use lienthong_domain::ids::EntryId;
use lienthong_persistence::entries;

use crate::app::App;
use crate::error::Error;

/// An entry with its draft and its live edition.
///
/// # Errors
/// [`Error::NotFound`] outside the permit; [`Error::Store`] when the database does not answer.
pub async fn find(app: &App, permit: &Permit<act::ReadDraft>, id: EntryId) -> Result<Entry, Error> {
    entries::find(app.store(), permit.scope(), id).await?.ok_or(Error::NotFound("article"))
}
