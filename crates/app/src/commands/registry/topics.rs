use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::Matter;
use lienthong_domain::ids::{TopicId, UnitId};
use lienthong_domain::registry::Topic;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::text::table::{Table, TableError};
use lienthong_domain::time::Timestamp;
use lienthong_domain::topic::TopicCode;
use lienthong_domain::topic::file::{self, TopicRecord};
use lienthong_persistence::{Record, topics};

use super::province::province;
use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload, unreadable};
use crate::commands::relisting;
use crate::error::Error;

/// The disclosure catalogue, or what a province adds to it, to be imported.
pub struct TopicsImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::topic::file`].
    pub source: R,
    /// The province whose own topics these are, by code or slug; `None` for the national catalogue. A province's own
    /// topics exist on its sites only.
    pub unit: Option<&'a str>,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of topics did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicsReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// The topics.
    pub topics: Tally,
    /// Articles that stand in the lists of other topics now, because a topic stands below another one.
    pub relisted: usize,
    /// Rows that break a rule, with line, column and reason. The others are imported.
    pub refused: Vec<String>,
}

/// Imports the catalogue, or what a province adds to it. Topics are recognised by their codes and keep their identity;
/// importing twice changes nothing, and topics that the file does not name stay. A code belongs to one catalogue: a province
/// adds topics, and changes none of the nation's.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::NotFound`] for a unit that is no province of today; [`Error::Store`].
pub async fn import_topics<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: TopicsImport<'_, R>,
    now: Timestamp,
) -> Result<TopicsReport, Error> {
    instance_wide(permit)?;
    let table = table(import.source, import.unit.is_some()).map_err(|error| unreadable(&error))?;
    let refused = table.errors.iter().map(ToString::to_string).collect();
    let mut report = TopicsReport { dry_run: import.run.dry_run, refused, ..TopicsReport::default() };
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let unit = match import.unit {
        Some(name) => Some(province(&tx, name, now).await?.id),
        None => None,
    };
    let known = topics::all_within(&tx).await?.into_iter().map(|topic| (topic.code.clone(), topic)).collect();
    drop(tx);
    let rows = changed(table.rows, (&known, unit), &mut report, now);
    for chunk in rows.chunks(BATCH) {
        let tx = batches.begin().await?;
        topics::put(&tx, chunk).await?;
        let changes = reload(&[ReferenceSet::Topics], now).into_iter().collect();
        let audits = vec![audit(permit, Matter::Topics, format!("import topics: {} rows", chunk.len()), now)];
        let done = (chunk.len(), u64::try_from(rows.len()).ok());
        batches.end(tx, Record { changes, audits }, done).await?;
    }
    report.relisted = relisting::within(&mut batches, now).await?;
    batches.finish(app).await?;
    Ok(report)
}

/// The rows with the topics above them, which a province's own topics alone have.
fn table(source: impl Read, own: bool) -> Result<Table<(TopicRecord, Option<TopicCode>)>, TableError> {
    if own {
        return file::read_own(source);
    }
    let Table { rows, errors } = file::read(source)?;
    Ok(Table { rows: rows.into_iter().map(|record| (record, None)).collect(), errors })
}

/// The topics to be written: new ones and those in another state than found.
fn changed(
    records: Vec<(TopicRecord, Option<TopicCode>)>,
    (known, unit): (&BTreeMap<TopicCode, Topic>, Option<UnitId>),
    report: &mut TopicsReport,
    now: Timestamp,
) -> Vec<Topic> {
    let mut seen = BTreeSet::new();
    let mut changed = Vec::new();
    for (record, above) in records {
        let code = record.code.clone();
        let found = known.get(&code);
        let parent = above.as_ref().map(|code| known.get(code).filter(|above| above.unit.is_none()));
        let wrong = if !seen.insert(code.clone()) {
            Some("the code stands on an earlier line")
        } else if found.is_some_and(|found| found.unit != unit) {
            Some("the code is one of another catalogue")
        } else if parent == Some(None) {
            Some("what it is below is no topic of the national catalogue")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            report.refused.push(format!("topic {code}: {wrong}"));
            continue;
        }
        let id = found.map_or_else(|| TopicId::new(now), |topic| topic.id);
        let topic = topic(record, id, (unit, parent.flatten().map(|above| above.id)));
        if report.topics.count(found, &topic) {
            changed.push(topic);
        }
    }
    changed
}

fn topic(record: TopicRecord, id: TopicId, (unit, parent): (Option<UnitId>, Option<TopicId>)) -> Topic {
    let TopicRecord { code, name_vi, name_en, levels, legal_basis, after_event, basis, max_stale, notes } = record;
    Topic {
        id,
        unit,
        parent,
        code,
        name_vi,
        name_en,
        levels: levels.to_string(),
        legal_basis,
        after_event: after_event.verbatim,
        basis_kind: basis.verbatim,
        max_stale_days: max_stale.days,
        notes,
    }
}
