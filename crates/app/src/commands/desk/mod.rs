//! The editorial desk: what becomes of a text between its writers and the public, and afterwards. The rules are the
//! entry's own ([`lienthong_domain::entry`]); here each act is one transaction with its trace in the audit.

pub mod autosaves;
pub mod bundles;
mod exceptions;
pub mod previews;
mod publication;
mod removal;
mod review;
mod schedule;

pub use exceptions::{end_exception, record_exception};
pub use publication::{publish, unschedule};
pub use removal::{archive, discard, redirect, take_down, withdraw};
pub use review::{approve, comment, screen, send_back, submit};
pub(crate) use schedule::follow;
pub use schedule::run_due;

use lienthong_domain::access::{Action, Permit};
use lienthong_domain::entry::{Entry, Remark, RemarkKind, RemarkText, Reviewer, Version};
use lienthong_domain::ids::{ActorId, EntryId, RemarkId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, entries, own_work_exceptions};

use crate::app::App;
use crate::commands::articles::{audit, lock};
use crate::error::Error;

/// The entry an act is about, and the version it was made against.
pub type Seen = (EntryId, Version);

/// Who judges, and whether the entry's site lets writers judge their own texts.
async fn reviewer<A: Action>(tx: &Tx, permit: &Permit<A>, entry: &Entry) -> Result<Reviewer, Error> {
    let may_pass_own = permit.is_operator() || own_work_exceptions::holds(tx, entry.site).await?;
    Ok(Reviewer { actor: permit.actor(), may_pass_own })
}

/// An act that only moves the open edition, and that the public does not see.
async fn step<A: Action>(
    app: &App,
    (permit, id): (&Permit<A>, EntryId),
    act: impl AsyncFnOnce(&Tx, &mut Entry) -> Result<(), Error>,
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock(&tx, permit, id).await?;
    act(&tx, &mut entry).await?;
    entries::save(&tx, &entry, None).await?;
    let audits = vec![audit(permit, &entry, entry.draft.as_ref(), now)];
    tx.commit(Record { changes: Vec::new(), audits }).await?;
    Ok(entry)
}

fn remark(entry: &Entry, (kind, text): (RemarkKind, RemarkText), actor: ActorId, now: Timestamp) -> Remark {
    let edition = entry.draft.as_ref().or(entry.live.as_ref()).map(|edition| edition.id);
    let (id, decided_by) = (RemarkId::new(now), None);
    Remark { id, entry: entry.id, site: entry.site, edition, kind, text, decided_by, actor, at: now }
}
