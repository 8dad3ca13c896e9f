use std::collections::{HashMap, HashSet};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::agency::AgencyIdentifier;
use lienthong_domain::agency::file::{self, AgencyRecord};
use lienthong_domain::change::Matter;
use lienthong_domain::ids::AgencyId;
use lienthong_domain::registry::{Agency, Unit};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, agencies, units};

use super::bearer::bearer;
use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload, unreadable};
use crate::error::Error;

/// Agencies to be imported.
pub struct AgenciesImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::agency::file`].
    pub source: R,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of agencies did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgenciesReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// The agencies.
    pub agencies: Tally,
    /// Rows that break a rule, with line or identifier and reason. The others are imported.
    pub refused: Vec<String>,
}

/// Imports agencies. They are recognised by their identifiers, in either spelling, and keep their identity; importing twice
/// changes nothing, and agencies that the file does not name stay. An agency may stand before the one above it.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::Store`], after which the batches before stand and the import can be run again.
pub async fn import_agencies<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: AgenciesImport<'_, R>,
    now: Timestamp,
) -> Result<AgenciesReport, Error> {
    instance_wide(permit)?;
    let table = file::read(import.source).map_err(|error| unreadable(&error))?;
    let refused = table.errors.iter().map(ToString::to_string).collect();
    let mut report = AgenciesReport { dry_run: import.run.dry_run, refused, ..AgenciesReport::default() };
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let known = Known { units: units::all_within(&tx).await?, agencies: agencies::all_within(&tx).await? };
    batches.end(tx, Record::default(), (0, None)).await?;
    let written = known.changed(table.rows, &mut report, now);
    for chunk in written.chunks(BATCH) {
        let tx = batches.begin().await?;
        agencies::put(&tx, chunk).await?;
        let changes = reload(&[ReferenceSet::Agencies], now).into_iter().collect();
        let audits = vec![audit(permit, Matter::Agencies, format!("import agencies: {} rows", chunk.len()), now)];
        let done = (chunk.len(), u64::try_from(written.len()).ok());
        batches.end(tx, Record { changes, audits }, done).await?;
    }
    batches.finish(app).await?;
    Ok(report)
}

struct Known {
    units: Vec<Unit>,
    agencies: Vec<Agency>,
}

impl Known {
    /// The agencies to be written, each after the one above it.
    fn changed(&self, rows: Vec<AgencyRecord>, report: &mut AgenciesReport, now: Timestamp) -> Vec<Agency> {
        let found: HashMap<&AgencyIdentifier, &Agency> =
            self.agencies.iter().map(|agency| (&agency.identifier, agency)).collect();
        let mut ids: HashMap<AgencyIdentifier, AgencyId> =
            self.agencies.iter().map(|agency| (agency.identifier.clone(), agency.id)).collect();
        let mut seen = HashSet::new();
        let mut changed = Vec::new();
        for row in above_first(rows, report) {
            if !seen.insert(row.identifier.clone()) {
                report.refused.push(format!("{}: the identifier stands on an earlier line", row.identifier));
                continue;
            }
            match self.agency(row, &ids, now) {
                Err(reason) => report.refused.push(reason),
                Ok(agency) => {
                    ids.insert(agency.identifier.clone(), agency.id);
                    let before = found.get(&agency.identifier).map(|before| written(before));
                    if report.agencies.count(before.as_ref(), &written(&agency)) {
                        changed.push(agency);
                    }
                }
            }
        }
        changed
    }

    fn agency(
        &self,
        row: AgencyRecord,
        ids: &HashMap<AgencyIdentifier, AgencyId>,
        now: Timestamp,
    ) -> Result<Agency, String> {
        let AgencyRecord { identifier, name, kind, unit, parent, valid_from, valid_to } = row;
        let day = valid_to.unwrap_or_else(|| now.local_day());
        let unit = bearer(&self.units, &unit, day).ok_or_else(|| format!("{identifier}: there is no unit {unit:?}"))?;
        let parent = match parent {
            None => None,
            Some(above) if above == identifier => return Err(format!("{identifier}: it cannot be above itself")),
            Some(above) => {
                Some(*ids.get(&above).ok_or_else(|| format!("{identifier}: there is no agency {above} above it"))?)
            }
        };
        let id = ids.get(&identifier).copied().unwrap_or_else(|| AgencyId::new(now));
        Ok(Agency { id, identifier, name, kind, unit: unit.id, parent, valid_from, valid_to })
    }
}

/// The agency with its identifier as it is written: equal ones can have other zeros, and the latest writing is kept.
fn written(agency: &Agency) -> (String, Agency) {
    (agency.identifier.as_str().to_owned(), agency.clone())
}

/// The rows in such an order that each stands behind the one above it. Rows that are above themselves by a ring are refused.
fn above_first(rows: Vec<AgencyRecord>, report: &mut AgenciesReport) -> Vec<AgencyRecord> {
    let mut waiting = rows;
    let mut ordered: Vec<AgencyRecord> = Vec::with_capacity(waiting.len());
    loop {
        let named: HashSet<AgencyIdentifier> = waiting.iter().map(|row| row.identifier.clone()).collect();
        let blocked = |row: &AgencyRecord| {
            row.parent.as_ref().is_some_and(|above| *above != row.identifier && named.contains(above))
        };
        let before = waiting.len();
        let (later, now): (Vec<_>, Vec<_>) = waiting.into_iter().partition(blocked);
        ordered.extend(now);
        waiting = later;
        if waiting.len() == before || waiting.is_empty() {
            break;
        }
    }
    let in_ring = |row: &AgencyRecord| format!("{}: it would stand above itself", row.identifier);
    report.refused.extend(waiting.iter().map(in_ring));
    ordered
}
