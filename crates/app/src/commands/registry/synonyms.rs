use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::Matter;
use lienthong_domain::ids::{SiteId, TopicId, UnitId};
use lienthong_domain::registry::{Category, Topic};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::text::fold;
use lienthong_domain::time::Timestamp;
use lienthong_domain::topic::synonyms::{self, Synonym};
use lienthong_persistence::topic_synonyms::{self, TopicSynonym};
use lienthong_persistence::{Record, Tx, categories, sites, topics, units};

use super::province::{province, topic_mapping};
use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload, unreadable};
use crate::commands::relisting;
use crate::error::Error;

/// Synonyms to be imported.
pub struct SynonymsImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::topic::synonyms`].
    pub source: R,
    /// The province on whose sites they hold, by code or slug; `None` for all sites.
    pub unit: Option<&'a str>,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of synonyms did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SynonymsReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// The synonyms.
    pub synonyms: Tally,
    /// Categories that had no topic and have one now.
    pub mapped: usize,
    /// Categories within the reach that still have none.
    pub unmapped: usize,
    /// Articles that are listed under a topic now.
    pub relisted: usize,
    /// Rows that break a rule, with line, column and reason. The others are imported.
    pub refused: Vec<String>,
}

/// Imports names of categories with their topics, and gives a topic to each category that has none and whose name is
/// understood now. A category that has a topic keeps it: which one is right, only a person knows.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::NotFound`] for a unit that is no province of today; [`Error::Store`].
pub async fn import_synonyms<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: SynonymsImport<'_, R>,
    now: Timestamp,
) -> Result<SynonymsReport, Error> {
    instance_wide(permit)?;
    let table = synonyms::read(import.source).map_err(|error| unreadable(&error))?;
    let refused = table.errors.iter().map(ToString::to_string).collect();
    let mut report = SynonymsReport { dry_run: import.run.dry_run, refused, ..SynonymsReport::default() };
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let unit = match import.unit {
        Some(name) => Some(province(&tx, name, now).await?.id),
        None => None,
    };
    let all = topics::all_within(&tx).await?;
    let changed = changed(table.rows, (&topic_synonyms::within(&tx, unit).await?, &all, unit), &mut report);
    topic_synonyms::put(&tx, &changed, now).await?;
    let note = format!("import synonyms: {} rows", changed.len());
    let audits = if changed.is_empty() { Vec::new() } else { vec![audit(permit, Matter::Topics, note, now)] };
    batches.end(tx, Record { changes: Vec::new(), audits }, (changed.len(), None)).await?;
    map(&mut batches, permit, (unit, &all, &mut report), now).await?;
    report.relisted = relisting::within(&mut batches, now).await?;
    batches.finish(app).await?;
    Ok(report)
}

/// The synonyms to be written: new ones and those of another topic than found.
fn changed(
    rows: Vec<Synonym>,
    (known, topics, unit): (&[TopicSynonym], &[Topic], Option<UnitId>),
    report: &mut SynonymsReport,
) -> Vec<TopicSynonym> {
    let own = known.iter().filter(|synonym| synonym.unit == unit);
    let known: HashMap<String, &TopicSynonym> = own.map(|synonym| (fold(&synonym.name), synonym)).collect();
    let mut seen = BTreeSet::new();
    let mut changed = Vec::new();
    for Synonym { name, topic: code } in rows {
        let valid = |topic: &&Topic| topic.code == code && (topic.unit.is_none() || topic.unit == unit);
        let Some(topic) = topics.iter().find(valid) else {
            report.refused.push(format!("{name}: there is no topic {code} here"));
            continue;
        };
        if !seen.insert(fold(&name)) {
            report.refused.push(format!("{name}: the name stands on an earlier line"));
            continue;
        }
        let found = known.get(&fold(&name)).copied();
        let wanted = TopicSynonym { unit, name, topic: topic.id };
        if report.synonyms.count(found, &wanted) {
            changed.push(wanted);
        }
    }
    changed
}

/// Gives topics to the categories that have none.
async fn map(
    batches: &mut Batches<'_>,
    permit: &Permit<act::ManageRegistry>,
    (unit, topics, report): (Option<UnitId>, &[Topic], &mut SynonymsReport),
    now: Timestamp,
) -> Result<(), Error> {
    let tx = batches.begin().await?;
    let waiting = waiting(&tx, unit, topics).await?;
    batches.end(tx, Record::default(), (0, None)).await?;
    report.unmapped = waiting.iter().filter(|(_, topic)| topic.is_none()).count();
    let mapped: Vec<Category> = waiting
        .into_iter()
        .filter_map(|(category, topic)| Some(Category { topic: Some(topic?), ..category }))
        .collect();
    report.mapped = mapped.len();
    for chunk in mapped.chunks(BATCH) {
        let tx = batches.begin().await?;
        categories::put(&tx, chunk).await?;
        let changes = reload(&[ReferenceSet::Categories], now).into_iter().collect();
        let mut of_sites: BTreeMap<SiteId, usize> = BTreeMap::new();
        for category in chunk {
            *of_sites.entry(category.site).or_default() += 1;
        }
        let trace = |(site, rows)| audit(permit, Matter::Site(site), format!("map categories: {rows} rows"), now);
        let audits = of_sites.into_iter().map(trace).collect();
        batches.end(tx, Record { changes, audits }, (chunk.len(), None)).await?;
    }
    Ok(())
}

/// The categories without topic on the sites of `unit`, or on all, with the topic that their name means there.
async fn waiting(tx: &Tx, unit: Option<UnitId>, topics: &[Topic]) -> Result<Vec<(Category, Option<TopicId>)>, Error> {
    let parents: HashMap<UnitId, Option<UnitId>> =
        units::all_within(tx).await?.into_iter().map(|unit| (unit.id, unit.parent)).collect();
    let mut by_province: HashMap<Option<UnitId>, Vec<SiteId>> = HashMap::new();
    for site in sites::all_within(tx).await? {
        let province = site.unit.map(|unit| root(&parents, unit));
        if unit.is_none() || unit == province {
            by_province.entry(province).or_default().push(site.id);
        }
    }
    let mut waiting = Vec::new();
    for (province, sites) in by_province {
        let mapping = topic_mapping(tx, topics, province).await?;
        let meant = |name: &str| {
            let code = mapping.find(name)?;
            topics.iter().find(|topic| topic.code == *code).map(|topic| topic.id)
        };
        let found = categories::of_sites_within(tx, &sites).await?.into_iter();
        waiting.extend(found.filter(|category| category.topic.is_none()).map(|category| {
            let topic = meant(&category.name);
            (category, topic)
        }));
    }
    Ok(waiting)
}

/// The uppermost unit above `unit`.
fn root(parents: &HashMap<UnitId, Option<UnitId>>, unit: UnitId) -> UnitId {
    // Twenty levels are more than the tree has: a ring in damaged data must not hold us up.
    let chain = std::iter::successors(Some(unit), |unit| parents.get(unit).copied().flatten());
    chain.take(20).last().unwrap_or(unit)
}
