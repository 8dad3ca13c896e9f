//! Signed states of the log: made on demand for whoever asks, and kept once a minute, so that a log that was rewritten
//! contradicts what it said before.

use std::time::Duration;

use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::log::{self, Kept, TreeHead};
use lienthong_persistence::{Record, signing_keys};
use lienthong_proof::checkpoint::Checkpoint;

use super::keys::{self, Signer};
use crate::app::App;
use crate::error::Error;

/// How often the state of a log that has grown is kept.
const EVERY: Duration = Duration::from_mins(1);

/// The state of the log now, signed.
///
/// # Errors
/// [`Error::Store`].
pub async fn current(app: &App, now: Timestamp) -> Result<(Checkpoint, String), Error> {
    let (origin, signer) = signer(app, now).await?;
    let TreeHead { size, root } = log::head(app.store()).await?;
    let checkpoint = Checkpoint { origin, size, root };
    let note = checkpoint.sign(signer.key());
    Ok((checkpoint, note))
}

/// Keeps the state of the log, when it has grown since the last one that is kept.
///
/// # Errors
/// [`Error::Store`].
pub async fn keep(app: &App, now: Timestamp) -> Result<bool, Error> {
    let last = log::last_kept(app.store()).await?.map_or(0, |kept| kept.size);
    if log::head(app.store()).await?.size == last {
        return Ok(false);
    }
    let (Checkpoint { size, .. }, note) = current(app, now).await?;
    let tx = app.store().begin().await?;
    log::keep(&tx, &Kept { size, note, at: now }).await?;
    tx.commit(Record::default()).await?;
    Ok(true)
}

/// Keeps states once a minute, until the future is dropped.
pub(crate) async fn follow(app: &App) {
    loop {
        if let Err(error) = keep(app, Timestamp::from(chrono::Utc::now())).await {
            tracing::warn!(%error, "the state of the log of acts cannot be kept");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// The name of the log, which is that of its first key and stays when the key is replaced, and who signs for it. Making the
/// first key is an act, and stands in the log before its first state is signed.
async fn signer(app: &App, now: Timestamp) -> Result<(String, Signer), Error> {
    let keys = signing_keys::list(app.store(), Some(None)).await?;
    if let (Some(origin), Some(current)) = (origin(&keys), keys.iter().find(|key| key.retired_at.is_none())) {
        return Ok((origin, Signer::open(app.seal(), current)?));
    }
    let tx = app.store().begin().await?;
    let (_, made) = keys::signer(&tx, app.seal(), (None, ActorId::SCHEDULE.into()), now).await?;
    tx.commit(Record { changes: Vec::new(), audits: made.into_iter().collect() }).await?;
    let keys = signing_keys::list(app.store(), Some(None)).await?;
    let current = keys.iter().find(|key| key.retired_at.is_none()).ok_or(Error::NotFound("signing key"))?;
    let origin = origin(&keys).ok_or(Error::NotFound("signing key"))?;
    Ok((origin, Signer::open(app.seal(), current)?))
}

/// The name of the log whose keys these are, oldest first.
pub(crate) fn origin(keys: &[signing_keys::Key]) -> Option<String> {
    keys.iter().find(|key| key.site.is_none()).map(|key| keys::kid(None, key.id))
}
