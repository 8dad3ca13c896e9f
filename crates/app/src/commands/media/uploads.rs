//! Files that arrive piece by piece, over connections that break off.

use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use uuid::Uuid;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::{FieldError, FieldRule};
use lienthong_domain::ids::{SiteId, UploadId};
use lienthong_domain::media::DescriptionInput;
use lienthong_domain::time::Timestamp;
use lienthong_media::Kept;
use lienthong_persistence::uploads::{self, Upload, UploadPart};
use lienthong_persistence::{Record, media};

use crate::accounts::seconds;
use crate::app::App;
use crate::commands::articles::site_within;
use crate::commands::media::adding::{self, Added, NewMedia};
use crate::error::Error;
use crate::library::{Arrived, Library, rewound};

/// A file that somebody is about to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// Into whose library.
    pub site: SiteId,
    /// The name as given.
    pub file_name: String,
    /// Bytes in all.
    pub length: u64,
}

/// Longest name as given, in bytes.
const MAX_NAME: usize = 1_000;

/// Seconds after which somebody with too many uploads may look again.
const WAIT: i64 = 60;

/// Begins an upload.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::TooLarge`] before a byte is sent, [`Error::Invalid`] for an
/// empty file or an overlong name, [`Error::Throttled`] with too many uploads open.
pub async fn begin(
    (app, library): (&App, &Library),
    permit: &Permit<act::Create>,
    new: NewUpload,
    now: Timestamp,
) -> Result<Upload, Error> {
    let NewUpload { site, file_name, length } = new;
    let limit = library.limits.bytes();
    if length > limit {
        return Err(Error::TooLarge { limit });
    }
    let invalid = |field, rule| Error::Invalid(vec![FieldError { field, rule }]);
    if length == 0 {
        return Err(invalid("length", FieldRule::Blank));
    }
    if file_name.len() > MAX_NAME {
        return Err(invalid("fileName", FieldRule::TooLong(MAX_NAME)));
    }
    let tx = app.store().begin().await?;
    site_within(&tx, permit, site).await?;
    if uploads::open_of(&tx, permit.actor()).await? >= library.limits.open_uploads {
        return Err(Error::Throttled { seconds: WAIT });
    }
    let expires_at = now.plus_seconds(seconds(library.limits.upload_life));
    let (id, actor) = (UploadId::new(now), permit.actor());
    let upload = Upload { id, site, actor, file_name, length, received: 0, begun_at: now, expires_at, media: None };
    uploads::insert(&tx, &upload).await?;
    tx.commit(Record::default()).await?;
    Ok(upload)
}

/// An upload of one's own.
///
/// # Errors
/// [`Error::NotFound`] for those of others, and when it was ended or forgotten.
pub async fn find(app: &App, permit: &Permit<act::Create>, id: UploadId, now: Timestamp) -> Result<Upload, Error> {
    let found = uploads::find(app.store(), permit.actor(), id, now).await?;
    found.filter(|upload| permit.scope().contains(upload.site)).ok_or(Error::NotFound("upload"))
}

/// Takes the next piece. What arrived before the client broke off counts.
///
/// Goes on when the caller is dropped, as servers do with a handler whose client is gone.
///
/// # Errors
/// [`Error::UploadOffset`] unless `offset` is where the last piece ended, [`Error::TooLarge`] for more than was announced,
/// [`Error::Interrupted`], [`Error::NotFound`], [`Error::Vault`].
pub async fn append<E: Send + 'static>(
    (app, library): (&Arc<App>, &Arc<Library>),
    (upload, offset): (Upload, u64),
    body: impl Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static,
    now: Timestamp,
) -> Result<Upload, Error> {
    if offset != upload.received {
        return Err(Error::UploadOffset { received: upload.received });
    }
    let (app, library) = (Arc::clone(app), Arc::clone(library));
    let taken = tokio::spawn(async move { take_piece((&app, &library), upload, body, now).await });
    taken.await.map_err(|error| Error::Internal(error.to_string()))?
}

async fn take_piece<E>(
    (app, library): (&App, &Library),
    upload: Upload,
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    now: Timestamp,
) -> Result<Upload, Error> {
    let mut arrival = library.arrival(upload.length - upload.received)?;
    let ended = match arrival.fill(body).await {
        interrupted @ (Ok(()) | Err(Error::Interrupted)) => interrupted,
        Err(error) => return Err(error),
    };
    let Arrived { file, size, digest: _ } = arrival.end().await?;
    if size == 0 {
        return ended.map(|()| upload);
    }
    let part = UploadPart { start: upload.received, size, name: format!("{}-{}", upload.received, Uuid::now_v7()) };
    let kept = Kept::Part(upload.id, part.name.clone());
    library.vault.put_file(&kept, rewound(file)?).await?;
    let expires_at = now.plus_seconds(seconds(library.limits.upload_life));
    let tx = app.store().begin().await?;
    let counts = uploads::append(&tx, upload.id, &part, expires_at).await?;
    tx.commit(Record::default()).await?;
    if !counts {
        library.vault.remove(&kept).await?;
        return Err(Error::UploadOffset { received: upload.received });
    }
    ended.map(|()| Upload { received: part.start + size, expires_at, ..upload })
}

/// Looks at a file all of which has arrived, and puts it into its library. What is refused is forgotten; what only the
/// scanner held up can be tried again.
///
/// # Errors
/// As [`super::add`]; [`Error::UploadOffset`] while something is missing.
pub async fn finish(
    (app, library): (&App, &Library),
    permit: &Permit<act::Create>,
    upload: &Upload,
    now: Timestamp,
) -> Result<Added, Error> {
    if let Some(id) = upload.media {
        let found = media::shown(app.store(), id, now).await?.ok_or(Error::NotFound("media"))?;
        return Ok(Added { media: found.media, was_there: true });
    }
    if upload.received < upload.length {
        return Err(Error::UploadOffset { received: upload.received });
    }
    let arrived = assembled((app, library), upload).await?;
    let (site, file_name) = (upload.site, upload.file_name.clone());
    let new = NewMedia { site, file_name, description: DescriptionInput::default(), arrived };
    let added = adding::add((app, library), permit, new, now).await;
    match &added {
        Ok(added) => {
            let parts = uploads::parts(app.store(), upload.id).await?;
            let tx = app.store().begin().await?;
            uploads::finish(&tx, upload.id, added.media.id).await?;
            tx.commit(Record::default()).await?;
            remove_parts(library, upload.id, &parts).await?;
        }
        Err(Error::Refused(_) | Error::Infected(_) | Error::TooLarge { .. }) => {
            end((app, library), upload).await?;
        }
        Err(_) => {}
    }
    added
}

/// Forgets an upload and what has arrived of it.
///
/// # Errors
/// [`Error::Store`] and [`Error::Vault`].
pub async fn end((app, library): (&App, &Library), upload: &Upload) -> Result<(), Error> {
    let parts = uploads::parts(app.store(), upload.id).await?;
    let tx = app.store().begin().await?;
    uploads::delete(&tx, upload.id).await?;
    tx.commit(Record::default()).await?;
    remove_parts(library, upload.id, &parts).await
}

async fn remove_parts(library: &Library, id: UploadId, parts: &[UploadPart]) -> Result<(), Error> {
    for part in parts {
        library.vault.remove(&Kept::Part(id, part.name.clone())).await?;
    }
    Ok(())
}

/// The pieces one after another, as one file on this node.
async fn assembled((app, library): (&App, &Library), upload: &Upload) -> Result<Arrived, Error> {
    let mut arrival = library.arrival(upload.length)?;
    for part in uploads::parts(app.store(), upload.id).await? {
        let mut pieces = library.pieces(&Kept::Part(upload.id, part.name)).await?;
        while let Some(piece) = pieces.next().await {
            arrival.write(&piece?).await?;
        }
    }
    let arrived = arrival.end().await?;
    if arrived.size == upload.length {
        Ok(arrived)
    } else {
        Err(Error::Internal(format!("upload {} has {} bytes of {}", upload.id, arrived.size, upload.length)))
    }
}
