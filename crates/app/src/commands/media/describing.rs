//! What is said of a file, and its end.

use lienthong_domain::access::{OwnOr, act};
use lienthong_domain::entry::{EntryError, Version};
use lienthong_domain::ids::MediaId;
use lienthong_domain::media::{Description, DescriptionInput, Media};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, media};

use crate::app::App;
use crate::commands::media::adding::trace;
use crate::error::Error;

/// Says something else of a file. Articles keep what they took over when they were written.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a file of others, [`Error::Invalid`], [`Error::Entry`] on a conflict.
pub async fn describe(
    app: &App,
    permit: &OwnOr<act::Edit>,
    ((id, seen), description): ((MediaId, Version), DescriptionInput),
    now: Timestamp,
) -> Result<Media, Error> {
    let description = Description::check(description).map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    let mut media = lock(&tx, permit, id).await?;
    media.describe(seen, description).map_err(|current| conflict(seen, current))?;
    media::save(&tx, &media).await?;
    let audits = vec![trace::<act::Edit>(permit.by(), &media, now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(media)
}

/// Takes a file that nothing uses out of its library.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a file of others, [`Error::MediaInUse`] while an edition uses it, past ones
/// included, [`Error::Entry`] on a conflict.
pub async fn delete(
    app: &App,
    permit: &OwnOr<act::Edit>,
    (id, seen): (MediaId, Version),
    now: Timestamp,
) -> Result<Media, Error> {
    let tx = app.store().begin().await?;
    let media = lock(&tx, permit, id).await?;
    media.check(seen).map_err(|current| conflict(seen, current))?;
    if media::is_used(&tx, id).await? {
        return Err(Error::MediaInUse);
    }
    media::delete(&tx, id).await.map_err(|error| match error {
        // An article took it up in this moment.
        lienthong_persistence::Error::Dangling => Error::MediaInUse,
        error => error.into(),
    })?;
    let audits = vec![trace::<act::Discard>(permit.by(), &media, now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(media)
}

async fn lock(tx: &Tx, permit: &OwnOr<act::Edit>, id: MediaId) -> Result<Media, Error> {
    let found = media::lock(tx, &permit.scope(), id).await?;
    let reached = |media: &Media| permit.reaches(media.site, media.uploader == permit.actor());
    found.filter(reached).ok_or(Error::NotFound("media"))
}

const fn conflict(seen: Version, current: Version) -> Error {
    Error::Entry(EntryError::VersionConflict { seen, current })
}
