//! What happens by itself at its time. Every node tries; the row lock lets one of them do it, and the others then find
//! nothing due. What a stopped system missed is done when it is back.

use std::time::{Duration, Instant};

use lienthong_domain::access::{Operation, SiteScope};
use lienthong_domain::entry::Outcome;
use lienthong_domain::ids::{ActorId, EntryId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{due, entries, quarantines};

use crate::app::App;
use crate::commands::articles::trace;
use crate::commands::desk::bundles;
use crate::commands::desk::publication::{is_closed_to, show};
use crate::error::Error;

/// Failures after which a run is given up; the next run tries again.
const MOST_FAILED: usize = 20;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(100);

/// What could not be done is tried again after this time.
const RETRY: Duration = Duration::from_mins(1);

/// After a failure of the database itself.
const PAUSE: Duration = Duration::from_secs(1);

/// Does what is due, whenever it is, until the future is dropped.
pub(crate) async fn follow(app: &App) {
    loop {
        if let Err(error) = run_due(app, clock()).await {
            tracing::warn!(%error, "what is due cannot be looked for");
            tokio::time::sleep(PAUSE).await;
        }
        let retry = Instant::now() + RETRY;
        while app.next_due().is_none_or(|at| at > clock()) && Instant::now() < retry {
            tokio::time::sleep(TICK).await;
        }
    }
}

fn clock() -> Timestamp {
    Timestamp::from(chrono::Utc::now())
}

/// Does all that is due at `now`. Returns how many entries became public or ended; an entry that cannot be done is logged,
/// and holds nothing else up: no entry is tried twice in one run.
///
/// # Errors
/// When the database does not answer.
pub async fn run_due(app: &App, now: Timestamp) -> Result<usize, Error> {
    let (mut done, mut failed, mut last) = (0, 0, None);
    while failed < MOST_FAILED
        && let Some(place) = due::first(app.store(), last, now).await?
    {
        match one(app, place.entry, now).await {
            Ok(true) => done += 1,
            // Another node was faster, or the site is closed or under quarantine, however much is scheduled there.
            Ok(false) => {}
            Err(error) => {
                tracing::error!(entry = %place.entry, %error, "what was scheduled cannot be done");
                failed += 1;
            }
        }
        last = Some(place);
    }
    done += run_bundles(app, now).await?;
    app.due_was_tried(now).await?;
    Ok(done)
}

/// The same for bundles, whose articles become public together.
async fn run_bundles(app: &App, now: Timestamp) -> Result<usize, Error> {
    let (mut done, mut left) = (0, Vec::new());
    while left.len() < MOST_FAILED
        && let Some(id) = due::first_bundle(app.store(), &left, now).await?
    {
        match bundles::come_due(app, id, now).await {
            Ok(Some(published)) => done += published,
            Ok(None) => left.push(id),
            Err(error) => {
                tracing::error!(bundle = %id, %error, "a bundle cannot be published");
                left.push(id);
            }
        }
    }
    Ok(done)
}

async fn one(app: &App, id: EntryId, now: Timestamp) -> Result<bool, Error> {
    let tx = app.store().begin().await?;
    let Some(mut entry) = entries::lock(&tx, &SiteScope::Everywhere, id).await? else { return Ok(false) };
    let is_closed = is_closed_to(&tx, &entry, now).await?;
    let Some(outcome) = entry.come_due(now) else { return Ok(false) };
    let becomes_public = !matches!(outcome, Outcome::Ended { .. });
    if becomes_public && (is_closed || quarantines::holds_site(&tx, entry.site).await?) {
        return Ok(false);
    }
    let mut record = show(app, &tx, (&mut entry, ActorId::SCHEDULE.into(), &outcome), now).await?;
    let (operation, edition) = match &outcome {
        Outcome::Ended { edition, .. } => (Operation::Withdraw, Some(edition)),
        _ => (Operation::Publish, entry.live.as_ref()),
    };
    record.audits.push(trace((ActorId::SCHEDULE.into(), operation), &entry, edition, now));
    let position = tx.commit(record).await?;
    app.settle(position).await?;
    Ok(true)
}
