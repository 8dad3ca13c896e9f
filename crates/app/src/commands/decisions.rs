//! By which documents a site was decided on, before it goes live.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::Matter;
use lienthong_domain::golive::{Decision, Requirement};
use lienthong_domain::ids::SiteId;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, site_decisions, sites};

use super::bulk::{audit, reload};
use crate::app::App;
use crate::error::Error;

/// Records a decision in the place of an earlier one, or takes it out.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] with every field that breaks a rule.
pub async fn record(
    app: &App,
    permit: &Permit<act::RecordDecision>,
    (site, requirement): (SiteId, Requirement),
    decision: Option<Decision>,
    now: Timestamp,
) -> Result<(), Error> {
    let decision = decision.map(|decision| Decision::check(decision, now.local_day())).transpose();
    let decision = decision.map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    if !permit.scope().contains(site) || sites::find(&tx, site).await?.is_none() {
        return Err(Error::NotFound("site"));
    }
    let note = if let Some(decision) = &decision {
        site_decisions::put(&tx, site, requirement, decision).await?;
        format!("{}: {}", requirement.as_str(), decision.number)
    } else {
        site_decisions::clear(&tx, site, requirement).await?;
        format!("{}: none", requirement.as_str())
    };
    let audits = vec![audit(permit, Matter::Site(site), note, now)];
    // The decision on the board is shown with it to everybody.
    let shown: &[ReferenceSet] = if requirement == Requirement::Board { &[ReferenceSet::Sites] } else { &[] };
    let changes = reload(shown, now).into_iter().collect();
    let position = tx.commit(Record { changes, audits }).await?;
    app.settle(position).await
}
