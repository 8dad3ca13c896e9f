use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::ids::TopicId;
use lienthong_domain::registry::Topic;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::Timestamp;
use lienthong_domain::topic::TopicCode;
use lienthong_domain::topic::file::{self, TopicRecord};
use lienthong_persistence::{Record, topics};

use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload, unreadable};
use crate::error::Error;

/// The disclosure catalogue to be imported.
pub struct TopicsImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::topic::file`].
    pub source: R,
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
    /// Rows that break a rule, with line, column and reason. The others are imported.
    pub refused: Vec<String>,
}

/// Imports the catalogue. Topics are recognised by their codes and keep their identity; importing twice changes nothing,
/// and topics that the file does not name stay.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::Store`].
pub async fn import_topics<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: TopicsImport<'_, R>,
    now: Timestamp,
) -> Result<TopicsReport, Error> {
    instance_wide(permit)?;
    let table = file::read(import.source).map_err(|error| unreadable(&error))?;
    let refused = table.errors.iter().map(ToString::to_string).collect();
    let mut report = TopicsReport { dry_run: import.run.dry_run, refused, ..TopicsReport::default() };
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let known = topics::all_within(&tx).await?.into_iter().map(|topic| (topic.code.clone(), topic)).collect();
    drop(tx);
    let rows = changed(table.rows, &known, &mut report, now);
    for chunk in rows.chunks(BATCH) {
        let tx = batches.begin().await?;
        topics::put(&tx, chunk).await?;
        let changes = reload(&[ReferenceSet::Topics], now).into_iter().collect();
        let audits = vec![audit(permit, None, format!("import topics: {} rows", chunk.len()), now)];
        let done = (chunk.len(), u64::try_from(rows.len()).ok());
        batches.end(tx, Record { changes, audits }, done).await?;
    }
    batches.finish(app).await?;
    Ok(report)
}

/// The topics to be written: new ones and those in another state than found.
fn changed(
    records: Vec<TopicRecord>,
    known: &BTreeMap<TopicCode, Topic>,
    report: &mut TopicsReport,
    now: Timestamp,
) -> Vec<Topic> {
    let mut seen = BTreeSet::new();
    let mut changed = Vec::new();
    for record in records {
        if !seen.insert(record.code.clone()) {
            report.refused.push(format!("topic {}: the code stands on an earlier line", record.code));
            continue;
        }
        let found = known.get(&record.code);
        let topic = topic(record, found.map_or_else(|| TopicId::new(now), |topic| topic.id));
        if report.topics.count(found, &topic) {
            changed.push(topic);
        }
    }
    changed
}

fn topic(record: TopicRecord, id: TopicId) -> Topic {
    let TopicRecord { code, name_vi, name_en, levels, legal_basis, after_event, basis, max_stale, notes } = record;
    Topic {
        id,
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
