//! Editorial boards, for everybody.

use lienthong_domain::board::Board;
use lienthong_domain::golive::Requirement;
use lienthong_domain::ids::SiteId;
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_persistence::{board_members, site_decisions};

use crate::app::App;
use crate::error::Error;
use crate::queries::Tags;

/// The board of a site; `None` when none has been recorded with its decision.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn of_site(app: &App, site: SiteId, tags: &Tags) -> Result<Option<Board>, Error> {
    tags.add(ScopeKey::reference(ReferenceSet::Sites));
    let members = board_members::of(app.store(), site).await?;
    let decided = site_decisions::of_sites(app.store(), &[site]).await?;
    let decision = decided.get(&site).and_then(|checklist| checklist.get(Requirement::Board)).cloned();
    Ok(decision.filter(|_| !members.is_empty()).map(|decision| Board { decision, members }))
}
