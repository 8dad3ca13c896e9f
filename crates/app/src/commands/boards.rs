//! Who is on the editorial board of a site.

use lienthong_domain::access::{Permit, act};
use lienthong_domain::board::Board;
use lienthong_domain::change::Matter;
use lienthong_domain::golive::Requirement;
use lienthong_domain::ids::SiteId;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, board_members, site_decisions, sites};

use super::bulk::{audit, reload};
use crate::app::App;
use crate::error::Error;

/// Records a board with its decision, in the place of an earlier one. The public sees it from then on.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] with every field that breaks a rule.
pub async fn record(
    app: &App,
    permit: &Permit<act::RecordDecision>,
    (site, board): (SiteId, Board),
    now: Timestamp,
) -> Result<(), Error> {
    let board = Board::check(board, now.local_day()).map_err(Error::Invalid)?;
    let tx = app.store().begin().await?;
    if !permit.scope().contains(site) || sites::find(&tx, site).await?.is_none() {
        return Err(Error::NotFound("site"));
    }
    site_decisions::put(&tx, site, Requirement::Board, &board.decision).await?;
    board_members::replace(&tx, site, &board.members).await?;
    let note = format!("board of {} members: {}", board.members.len(), board.decision.number);
    let audits = vec![audit(permit, Matter::Site(site), note, now)];
    let changes = reload(&[ReferenceSet::Sites], now).into_iter().collect();
    let position = tx.commit(Record { changes, audits }).await?;
    app.settle(position).await
}
