use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDate;
use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::Matter;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::{UnitCode, file};
use lienthong_persistence::{Record, Tx, units};

use super::plan::{Known, Plan, Terms};
use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload, unreadable};
use crate::commands::relisting;
use crate::error::Error;

/// The day on which the units of QĐ 19/2025/QĐ-TTg came into being.
pub const IN_FORCE: NaiveDate = match NaiveDate::from_ymd_opt(2025, 7, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A list of units to be imported.
pub struct UnitsImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::unit::file`].
    pub source: R,
    /// First day of the units that the list says are made of others, and the day after the last one of its districts; see
    /// [`IN_FORCE`].
    pub in_force: NaiveDate,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of units did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitsReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// Today's units.
    pub units: Tally,
    /// Former units that the lineage texts name.
    pub historic: Tally,
    /// Edges from former units to their successors.
    pub successions: Tally,
    /// Articles that stand in the lists of other units now, because a unit has moved.
    pub relisted: usize,
    /// Rows that break a rule, with line or code and reason. The others are imported.
    pub refused: Vec<String>,
    /// Pieces of lineage texts that name no unit. The texts are kept whole with their units.
    pub not_parsed: Vec<NotParsed>,
    /// Units of which the list does not say what they were made of.
    pub unknown_origin: Vec<UnitCode>,
}

/// A piece of a lineage text that names no unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotParsed {
    /// The unit whose text it is.
    pub unit: UnitCode,
    /// The piece, word for word.
    pub text: String,
}

/// Imports a list of units with the units they were made of.
///
/// A unit is recognised by its code and first day, else as today's bearer of the code, and then keeps identity, slug and
/// days. A district of the list has ended on the day before. Former units are recognised by
/// [`lienthong_domain::unit::HistoricKey`]; their codes, their districts and their first days are not in the data and stay
/// unknown. Importing twice changes nothing; units that the list does not name stay.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::Store`], after which the batches before stand and the import can be run again.
pub async fn import_units<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: UnitsImport<'_, R>,
    now: Timestamp,
) -> Result<UnitsReport, Error> {
    instance_wide(permit)?;
    let table = file::read(import.source).map_err(|error| unreadable(&error))?;
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let known = known(&tx).await?;
    drop(tx);
    let terms = Terms { in_force: import.in_force, today: now.local_day(), now };
    let mut plan = Plan::new(&known, table.rows, terms);
    plan.report.dry_run = import.run.dry_run;
    plan.report.refused.splice(0..0, table.errors.iter().map(ToString::to_string));
    write(&mut batches, permit, &plan, now).await?;
    plan.report.relisted = relisting::within(&mut batches, now).await?;
    batches.finish(app).await?;
    Ok(plan.report)
}

async fn known(tx: &Tx) -> Result<Known, Error> {
    let edges = units::successions_within(tx).await?.into_iter();
    Ok(Known {
        units: units::all_within(tx).await?,
        historic: units::historic_keys_within(tx).await?.into_iter().collect(),
        edges: edges.map(|edge| ((edge.predecessor, edge.successor), edge)).collect::<HashMap<_, _>>(),
    })
}

/// Units first, provinces before communes, then former units, then edges: each batch finds in place what it refers to.
async fn write(
    batches: &mut Batches<'_>,
    permit: &Permit<act::ManageRegistry>,
    plan: &Plan,
    now: Timestamp,
) -> Result<(), Error> {
    let all = u64::try_from(plan.units.len() + plan.historic.len() + plan.edges.len()).ok();
    for chunk in plan.units.chunks(BATCH) {
        let tx = batches.begin().await?;
        units::put(&tx, chunk).await?;
        batches.end(tx, record(permit, "units", chunk.len(), now), (chunk.len(), all)).await?;
    }
    for chunk in plan.historic.chunks(BATCH) {
        let tx = batches.begin().await?;
        units::add_historic(&tx, chunk).await?;
        batches.end(tx, record(permit, "former units", chunk.len(), now), (chunk.len(), all)).await?;
    }
    for chunk in plan.edges.chunks(BATCH) {
        let tx = batches.begin().await?;
        units::put_successions(&tx, chunk).await?;
        batches.end(tx, record(permit, "successions", chunk.len(), now), (chunk.len(), all)).await?;
    }
    Ok(())
}

fn record(permit: &Permit<act::ManageRegistry>, what: &str, rows: usize, now: Timestamp) -> Record {
    Record {
        changes: reload(&[ReferenceSet::Units], now).into_iter().collect(),
        audits: vec![audit(permit, Matter::Units, format!("import {what}: {rows} rows"), now)],
    }
}
