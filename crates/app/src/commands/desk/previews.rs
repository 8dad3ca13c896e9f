//! Links that show one draft to somebody without an account: unguessable, expiring, taken back at any time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::entry::{Edition, EntryError};
use lienthong_domain::ids::{EntryId, MediaId, PreviewId, SiteId};
use lienthong_domain::media::Media;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Record;
use lienthong_persistence::media;
use lienthong_persistence::previews::{self, Preview};

use crate::app::App;
use crate::commands::articles::{audit, lock};
use crate::error::Error;

/// Longest life of a link, in hours: a week.
pub const MOST_HOURS: u32 = 7 * 24;

/// A link as it is shown once, to whoever made it.
#[derive(Debug, Clone)]
pub struct NewPreview {
    /// What stands in the link: 256 random bits.
    pub secret: String,
    /// From when on it shows nothing.
    pub expires_at: Timestamp,
}

/// Makes a link to the open edition of an article.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::BadRequest`] for a life that is too long, [`Error::Entry`] without an
/// open edition.
pub async fn share(
    app: &App,
    permit: &Permit<act::SharePreview>,
    (id, hours): (EntryId, u32),
    now: Timestamp,
) -> Result<NewPreview, Error> {
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(Error::bad_request("hours", format!("must be between 1 and {MOST_HOURS}")));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Error::Internal(error.to_string()))?;
    let tx = app.store().begin().await?;
    let entry = lock(&tx, permit, id).await?;
    let edition = entry.draft.as_ref().ok_or(EntryError::NothingOpen)?;
    let expires_at = now.plus_seconds(i64::from(hours) * 3_600);
    let preview = Preview {
        id: PreviewId::new(now),
        digest: *blake3::hash(&secret).as_bytes(),
        entry: entry.id,
        edition: edition.id,
        site: entry.site,
        actor: permit.actor(),
        made_at: now,
        expires_at,
    };
    previews::add(&tx, &preview).await?;
    let audits = vec![audit(permit, &entry, Some(edition), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(NewPreview { secret: URL_SAFE_NO_PAD.encode(secret), expires_at })
}

/// Takes back all links to an article. Returns how many there were.
///
/// # Errors
/// [`Error::NotFound`] outside the permit.
pub async fn revoke(app: &App, permit: &Permit<act::SharePreview>, id: EntryId, now: Timestamp) -> Result<u64, Error> {
    let tx = app.store().begin().await?;
    let entry = lock(&tx, permit, id).await?;
    let revoked = previews::revoke(&tx, entry.id).await?;
    let audits = vec![audit(permit, &entry, entry.draft.as_ref(), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(revoked)
}

/// What a link shows.
///
/// # Errors
/// [`Error::NotFound`] for one that never was, has expired or was taken back; [`Error::Store`].
pub async fn show(app: &App, secret: &str, now: Timestamp) -> Result<(SiteId, Edition), Error> {
    let secret = URL_SAFE_NO_PAD.decode(secret).map_err(|_| Error::NotFound("preview"))?;
    let found = previews::find(app.store(), *blake3::hash(&secret).as_bytes(), now).await?;
    found.ok_or(Error::NotFound("preview"))
}

/// A file of the same site that the draft of a link shows.
///
/// # Errors
/// As [`show`], and [`Error::NotFound`] for any other file.
pub async fn file(app: &App, secret: &str, id: MediaId, now: Timestamp) -> Result<Media, Error> {
    let (site, edition) = show(app, secret, now).await?;
    if !edition.content.article().is_some_and(|article| article.media().contains(&id)) {
        return Err(Error::NotFound("media"));
    }
    let found = media::shown(app.store(), id, now).await?.map(|shown| shown.media);
    found.filter(|media| media.site == site).ok_or(Error::NotFound("media"))
}
