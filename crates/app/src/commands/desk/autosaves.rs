//! Scratch copies of what somebody is typing. No act: they change no version, no edition and no log, and leave no trace.

use lienthong_domain::access::{OwnOr, act};
use lienthong_domain::autosave::{Autosave, KEPT_DAYS, Scratch};
use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, autosaves};

use crate::app::App;
use crate::commands::articles::lock_own_or;
use crate::commands::desk::Seen;
use crate::error::Error;

/// Keeps what the caller has typed into an article, in place of what it kept before. `seen` is the version that it writes on;
/// another one now is no conflict yet: that is told when the text is saved as a draft.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Invalid`] for what is too long, [`Error::Entry`] when what is typed could
/// not be saved: the text has been handed in, or lies in the trash.
pub async fn keep(
    app: &App,
    permit: &OwnOr<act::Edit>,
    ((id, seen), scratch): (Seen, Scratch),
    now: Timestamp,
) -> Result<Autosave, Error> {
    let scratch = scratch.check().map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    lock_own_or(&tx, permit, id).await?.check_writable()?;
    let expires_at = now.plus_seconds(KEPT_DAYS * 24 * 60 * 60);
    let kept = Autosave { entry: id, actor: permit.actor(), version: seen, scratch, saved_at: now, expires_at };
    autosaves::put(&tx, &kept).await?;
    tx.commit(Record::default()).await?;
    Ok(kept)
}

/// Forgets what the caller has typed into an article; whether there was anything.
///
/// # Errors
/// [`Error::NotFound`] outside the permit.
pub async fn forget(app: &App, permit: &OwnOr<act::Edit>, id: EntryId) -> Result<bool, Error> {
    let tx = app.store().begin().await?;
    lock_own_or(&tx, permit, id).await?;
    let forgotten = autosaves::forget(&tx, (id, permit.actor())).await?;
    tx.commit(Record::default()).await?;
    Ok(forgotten)
}
