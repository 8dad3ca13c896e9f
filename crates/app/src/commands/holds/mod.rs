//! What keeps content from the public until a second person has looked: findings of the scanner on every write and on all
//! that is public, and quarantines.

mod pace;
mod quarantine;
mod release;
mod rescan;

pub(super) use pace::{admit, admit_all, unusual};
pub use quarantine::{Quarantined, quarantine};
pub use release::{Released, release, release_quarantine};
pub(crate) use rescan::follow;
pub use rescan::{Rescanned, rescan, rescan_due};

use std::collections::BTreeSet;

use lienthong_domain::entry::{Entry, Version};
use lienthong_domain::hold::{Finding, Hold, Release, findings_in_slug};
use lienthong_domain::ids::{ActorId, EditionId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Tx, holds};

use crate::error::Error;

/// Judges the draft that `actor` has just written by what the scanner has found in it: holds it, unless somebody has let
/// the same pass before. Ends the holds on what the draft said before. The hold that is returned is to be saved after the
/// entry.
pub(super) async fn judge(
    tx: &Tx,
    entry: &mut Entry,
    (findings, actor): (Vec<Finding>, ActorId),
    now: Timestamp,
) -> Result<Option<Hold>, Error> {
    let Some((edition, title)) = entry.draft.as_ref().map(|draft| (draft.id, draft.content.title())) else {
        return Ok(None);
    };
    let in_slug = findings_in_slug(&entry.slug, title);
    let mut seen = BTreeSet::new();
    let findings: Vec<Finding> = findings.into_iter().chain(in_slug).filter(|one| seen.insert(one.clone())).collect();
    // What was made with this write has no holds yet.
    let earlier = if entry.version == Version::FIRST { Vec::new() } else { holds::within(tx, entry.id).await? };
    for hold in earlier.iter().filter(|hold| hold.edition == Some(edition) && hold.release.is_none()) {
        holds::end(tx, hold.id, &Release { actor, reason: None, at: now }).await?;
    }
    Ok(hold(entry, (edition, findings), (&earlier, actor), now))
}

/// Holds an edition when something was found in it that nobody has let pass before.
fn hold(
    entry: &mut Entry,
    (edition, findings): (EditionId, Vec<Finding>),
    (earlier, actor): (&[Hold], ActorId),
    now: Timestamp,
) -> Option<Hold> {
    let is_held = !findings.is_empty() && !earlier.iter().any(|hold| hold.covers(&findings));
    entry.set_held(edition, is_held);
    is_held.then(|| Hold::of_scan(entry, (edition, findings), actor, now))
}
