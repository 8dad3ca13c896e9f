//! What a writer has not saved yet, for itself.

use lienthong_domain::access::{OwnOr, act};
use lienthong_domain::autosave::Autosave;
use lienthong_domain::entry::Entry;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::autosaves;

use crate::app::App;
use crate::error::Error;

/// What the caller has typed into an entry that was read with a permit; nobody else's.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn own(
    app: &App,
    permit: &OwnOr<act::ReadDraft>,
    entry: &Entry,
    now: Timestamp,
) -> Result<Option<Autosave>, Error> {
    Ok(autosaves::find(app.store(), (entry.id, permit.actor()), now).await?)
}
