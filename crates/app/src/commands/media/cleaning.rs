//! What nobody needs any more is taken away: uploads that never ended, and stored files without a row.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use futures::StreamExt as _;

use lienthong_domain::ids::UploadId;
use lienthong_domain::media::Digest;
use lienthong_domain::time::Timestamp;
use lienthong_media::Kept;
use lienthong_persistence::{Record, media, uploads};

use crate::app::App;
use crate::error::Error;
use crate::library::Library;

/// How long something has to have lain in the store before it can be an orphan: files are stored before their rows are
/// written, and the row of an upload outlives its pieces.
const GRACE: Duration = Duration::from_hours(48);

/// Looked at together.
const BATCH: usize = 500;

/// How often uploads are looked at, and how often the store.
const OFTEN: Duration = Duration::from_mins(10);
const SELDOM: Duration = Duration::from_hours(24);

/// What was taken away, or would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Uploads that never ended.
    pub uploads: u64,
    /// Stored files, renditions and pieces that belong to nothing.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Takes away what nobody needs; with `dry_run` only counts it.
///
/// # Errors
/// [`Error::Store`] and [`Error::Vault`]; what was taken away until then stays away.
pub async fn clean((app, library): (&App, &Library), dry_run: bool, now: Timestamp) -> Result<Cleaned, Error> {
    let uploads = forget_uploads((app, library), dry_run, now).await?;
    let old = library.vault.older_than(GRACE, SystemTime::from(now.to_utc()));
    let mut batches = old.chunks(BATCH);
    let mut cleaned = Cleaned { uploads, ..Cleaned::default() };
    while let Some(batch) = batches.next().await {
        let batch: Vec<(Kept, u64)> = batch.into_iter().collect::<Result<_, _>>()?;
        for (kept, bytes) in orphans(app, batch).await? {
            if !dry_run {
                library.vault.remove(&kept).await?;
            }
            cleaned.files += 1;
            cleaned.bytes += bytes;
        }
    }
    Ok(cleaned)
}

/// Cleans again and again, until the future is dropped. Several nodes may do so at once.
pub async fn follow(app: &App, library: &Library) {
    let mut cleaned_at: Option<Timestamp> = None;
    loop {
        let now = Timestamp::from(chrono::Utc::now());
        let is_due = cleaned_at.is_none_or(|at| at.plus_seconds(crate::accounts::seconds(SELDOM)) <= now);
        let done = if is_due {
            clean((app, library), false, now).await.map(|cleaned| (cleaned.uploads, cleaned.files))
        } else {
            forget_uploads((app, library), false, now).await.map(|uploads| (uploads, 0))
        };
        match done {
            Ok((0, 0)) => {}
            Ok((uploads, files)) => tracing::info!(uploads, files, "the libraries were cleaned"),
            Err(error) => tracing::warn!(%error, "the libraries cannot be cleaned"),
        }
        cleaned_at = if is_due { Some(now) } else { cleaned_at };
        tokio::time::sleep(OFTEN).await;
    }
}

async fn forget_uploads((app, library): (&App, &Library), dry_run: bool, now: Timestamp) -> Result<u64, Error> {
    let mut forgotten = 0;
    loop {
        let tx = app.store().begin().await?;
        let expired = uploads::expired(&tx, BATCH as u64, now).await?;
        let mut pieces = Vec::new();
        for upload in &expired {
            pieces.extend(uploads::parts_of(&tx, upload.id).await?.into_iter().map(|part| (upload.id, part.name)));
            if !dry_run {
                uploads::delete(&tx, upload.id).await?;
            }
        }
        tx.commit(Record::default()).await?;
        forgotten += expired.len() as u64;
        if dry_run || expired.is_empty() {
            return Ok(forgotten);
        }
        for (id, name) in pieces {
            library.vault.remove(&Kept::Part(id, name)).await?;
        }
    }
}

/// Those that belong to nothing.
async fn orphans(app: &App, batch: Vec<(Kept, u64)>) -> Result<Vec<(Kept, u64)>, Error> {
    let digests: BTreeSet<Digest> = batch.iter().filter_map(|(kept, _)| digest(kept)).collect();
    let ids: BTreeSet<UploadId> = batch.iter().filter_map(|(kept, _)| upload(kept)).collect();
    let stored = media::stored(app.store(), &digests).await?;
    let open = uploads::existing(app.store(), &ids).await?;
    let is_orphan = |kept: &Kept| {
        digest(kept).is_some_and(|digest| !stored.contains(&digest))
            || upload(kept).is_some_and(|id| !open.contains(&id))
    };
    Ok(batch.into_iter().filter(|(kept, _)| is_orphan(kept)).collect())
}

const fn digest(kept: &Kept) -> Option<Digest> {
    match kept {
        Kept::Whole(digest) | Kept::Rendition(digest, _) => Some(*digest),
        Kept::Part(..) => None,
    }
}

const fn upload(kept: &Kept) -> Option<UploadId> {
    match kept {
        Kept::Part(id, _) => Some(*id),
        Kept::Whole(_) | Kept::Rendition(..) => None,
    }
}
