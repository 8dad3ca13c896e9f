//! A file comes into a library.

use lienthong_domain::access::{Action, By, Permit, act};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{EntryError, Version};
use lienthong_domain::ids::{MediaId, SiteId};
use lienthong_domain::media::{Description, DescriptionInput, FileName, Media};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, media};

use crate::app::App;
use crate::commands::articles::site_within;
use crate::error::Error;
use crate::library::{Arrived, Library, TakenIn};

/// A file for a library.
pub struct NewMedia {
    /// Whose.
    pub site: SiteId,
    /// The name as given.
    pub file_name: String,
    /// What is said of it.
    pub description: DescriptionInput,
    /// The file.
    pub arrived: Arrived,
}

/// A file that is in the library now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The file.
    pub media: Media,
    /// Whether it was there before: the same bytes are kept once.
    pub was_there: bool,
}

/// Looks at a file and puts it into the library of a site. The same bytes a second time give the file that is there.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`], [`Error::Entry`] on a closed site,
/// [`Error::TooLarge`], [`Error::Refused`], [`Error::Infected`], [`Error::ScannerSilent`], [`Error::Vault`].
pub async fn add(
    (app, library): (&App, &Library),
    permit: &Permit<act::Create>,
    new: NewMedia,
    now: Timestamp,
) -> Result<Added, Error> {
    let NewMedia { site, file_name, description, arrived } = new;
    if !permit.scope().contains(site) {
        return Err(Error::NotFound("site"));
    }
    let description = Description::check(description).map_err(Error::Invalid)?;
    let digest = arrived.digest;
    if let Some(media) = media::by_digest(app.store(), site, &digest).await? {
        return Ok(Added { media, was_there: true });
    }
    let TakenIn { media_type, size, stored, dimensions } = library.take_in(arrived).await?;
    let media = Media {
        id: MediaId::new(now),
        site,
        media_type,
        file_name: FileName::new(&file_name, media_type),
        digest,
        size,
        stored,
        dimensions,
        description,
        uploader: permit.actor(),
        created_at: now,
        version: Version::FIRST,
    };
    match save(app, permit, &media, now).await {
        // Somebody has put the same bytes in while we looked at ours.
        Err(Error::Store(lienthong_persistence::Error::Duplicate("media"))) => {
            let media = media::by_digest(app.store(), site, &digest).await?.ok_or(Error::NotFound("media"))?;
            Ok(Added { media, was_there: true })
        }
        saved => saved.map(|()| Added { media, was_there: false }),
    }
}

async fn save(app: &App, permit: &Permit<act::Create>, media: &Media, now: Timestamp) -> Result<(), Error> {
    let tx = app.store().begin().await?;
    if site_within(&tx, permit, media.site).await?.is_closed_on(now.local_day()) {
        return Err(EntryError::SiteClosed.into());
    }
    media::insert(&tx, media).await?;
    let audits = vec![trace::<act::Create>(permit.by(), media, now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(())
}

/// What somebody did with a file, for the audit trail.
pub(super) fn trace<A: Action>(by: By, media: &Media, now: Timestamp) -> Audit {
    Audit {
        by,
        operation: A::OPERATION,
        site: Some(media.site),
        entry: None,
        edition: None,
        note: format!("media {} {}", media.id, media.file_name),
        matter: Some(Matter::Media(media.id)),
        after: None,
        at: now,
    }
}
