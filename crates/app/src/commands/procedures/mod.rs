//! Import of national procedure records: a cached copy with provenance, one entry each in the catalogue's site.

mod records;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, Change, Matter};
use lienthong_domain::entry::{Content, Edition, Entry, EntryKind, Major, NewEntry, Publication, Reviewer};
use lienthong_domain::ids::SiteId;
use lienthong_domain::internal::Projection;
use lienthong_domain::language;
use lienthong_domain::procedure::file::ParseReport;
use lienthong_domain::procedure::{Field, Procedure, ProcedureCode, Reason};
use lienthong_domain::registry::{CATALOGUE_HOST, Site, SiteKind};
use lienthong_domain::scope::{Placement, ReferenceSet};
use lienthong_domain::slug::Slug;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, entries, live_projection, sites};

use crate::app::App;
use crate::commands::articles::{self, ended};
use crate::commands::bulk::{Batches, Run, Tally, audit, instance_wide, reload};
use crate::commands::projection;
use crate::error::Error;
use crate::proof::keys::{self, Signer};
use records::{Records, opened};

/// National records to be imported.
pub struct ProceduresImport<'a, R> {
    /// JSON lines, plain or compressed with gzip; which of the two shows in the first bytes.
    pub source: R,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of procedures did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProceduresReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// What the records hold.
    pub parsed: ParseReport,
    /// The procedures: a changed one has a new edition.
    pub procedures: Tally,
    /// Codes that are public here and not in the file. Nothing is done to them.
    pub vanished: Vec<String>,
    /// Lines whose code stands on an earlier line, which are left out.
    pub duplicates: Vec<Duplicate>,
    /// Text that was kept and not understood, by part of the record.
    pub not_understood: BTreeMap<Field, Vec<Piece>>,
}

/// A line that repeats a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Duplicate {
    /// Its number.
    pub line: u64,
    /// The code.
    pub code: ProcedureCode,
}

/// A piece of text that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    /// The procedure.
    pub code: ProcedureCode,
    /// Why.
    pub reason: Reason,
    /// The text.
    pub text: String,
}

/// Imports national records. A record is recognised by its code; one with the same content hash is left alone, another
/// one becomes a new edition. Importing twice changes nothing.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the source cannot be
/// read from the start; [`Error::Store`], after which the batches before stand and the import can be run again.
pub async fn import_procedures<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ImportProcedures>,
    import: ProceduresImport<'_, R>,
    now: Timestamp,
) -> Result<ProceduresReport, Error> {
    instance_wide(permit)?;
    let mut report = ProceduresReport { dry_run: import.run.dry_run, ..ProceduresReport::default() };
    let mut batches = Batches::new(app, import.run);
    let catalogue = catalogue(&mut batches, permit, now).await?;
    let mut records = Records::new(opened(import.source)?);
    loop {
        let batch = records.next_batch(&mut report);
        if batch.is_empty() {
            break;
        }
        let rows = batch.len();
        let tx = batches.begin().await?;
        let record = write(app, &tx, (&catalogue, permit), (batch, &mut report.procedures), now).await?;
        batches.end(tx, record, (rows, None)).await?;
    }
    if !records.broken_off {
        let tx = batches.begin().await?;
        report.vanished = entries::live_source_ids(&tx, catalogue.id, EntryKind::Procedure).await?;
        report.vanished.retain(|code| !records.seen.contains(code));
        batches.end(tx, Record::default(), (0, None)).await?;
    }
    batches.finish(app).await?;
    Ok(report)
}

/// The reserved site of the national catalogue, made on first use. It belongs to no unit.
async fn catalogue(
    batches: &mut Batches<'_>,
    permit: &Permit<act::ImportProcedures>,
    now: Timestamp,
) -> Result<Site, Error> {
    let tx = batches.begin().await?;
    if let Some(found) = sites::catalogue(&tx).await? {
        batches.end(tx, Record::default(), (0, None)).await?;
        return Ok(found);
    }
    let site = Site {
        id: SiteId::new(now),
        unit: None,
        kind: SiteKind::Catalogue,
        parent: None,
        name: "Cơ sở dữ liệu quốc gia về thủ tục hành chính".to_owned(),
        host: CATALOGUE_HOST.parse().map_err(|error| Error::Internal(format!("{CATALOGUE_HOST}: {error}")))?,
        home_url: "https://dichvucong.gov.vn/".to_owned(),
        // The address of each procedure stands in its provenance; the portal has none that a slug could make.
        article_url_template: "https://dichvucong.gov.vn/".to_owned(),
        language: language::MAIN.to_owned(),
        active_from: now.local_day(),
        active_to: None,
    };
    sites::put(&tx, std::slice::from_ref(&site)).await?;
    let changes = reload(&[ReferenceSet::Sites], now).into_iter().collect();
    let audits = vec![audit(permit, Matter::Site(site.id), "the national catalogue of procedures".to_owned(), now)];
    batches.end(tx, Record { changes, audits }, (0, None)).await?;
    Ok(site)
}

type By<'a> = (&'a Site, &'a Permit<act::ImportProcedures>);

/// Writes a batch: new procedures in a few statements, changed ones one by one.
async fn write(
    app: &App,
    tx: &Tx,
    (catalogue, permit): By<'_>,
    (batch, tally): (Vec<Procedure>, &mut Tally),
    now: Timestamp,
) -> Result<Record, Error> {
    let codes: Vec<&str> = batch.iter().map(|procedure| procedure.code.as_str()).collect();
    let found = entries::lock_by_sources(tx, (catalogue.id, EntryKind::Procedure), &codes).await?;
    let mut found: HashMap<String, Entry> =
        found.into_iter().filter_map(|entry| Some((entry.source_id.clone()?, entry))).collect();
    let (signer, made) = keys::signer(tx, app.seal(), (Some(catalogue.id), permit.by()), now).await?;
    let mut record = Record { changes: Vec::new(), audits: made.into_iter().collect() };
    let mut new = Vec::new();
    for procedure in batch {
        let entry = found.remove(procedure.code.as_str());
        let state = entry.as_ref().map(|entry| live_hash(entry).unwrap_or_default());
        if !tally.count(state.as_ref(), &procedure.content_hash.to_string()) {
            continue;
        }
        match entry {
            None => new.push(first_edition(procedure, (catalogue, permit, &signer), now)?),
            Some(entry) => {
                let (changes, audit) = next_edition(tx, (permit, &signer), (entry, procedure), now).await?;
                record.changes.extend(changes);
                record.audits.push(audit);
            }
        }
    }
    entries::insert(tx, &new).await?;
    let shown: Vec<Projection> = new.iter().filter_map(|entry| Projection::of(entry, &placement(entry.site))).collect();
    live_projection::show_new(tx, &shown).await?;
    for (entry, shown) in new.iter().zip(&shown) {
        record.changes.push(projection::first(entry, shown, now));
        record.audits.push(trace(permit, entry, entry.live.as_ref(), now));
    }
    Ok(record)
}

/// The hash of what the public sees of an entry; `None` when that is nothing.
fn live_hash(entry: &Entry) -> Option<String> {
    match &entry.live.as_ref()?.content {
        Content::Procedure(procedure) => Some(procedure.content_hash.to_string()),
        Content::Article(_) => None,
    }
}

fn first_edition(
    procedure: Procedure,
    (catalogue, permit, signer): (&Site, &Permit<act::ImportProcedures>, &Signer),
    now: Timestamp,
) -> Result<Entry, Error> {
    let code = procedure.code.clone();
    let new = NewEntry {
        site: catalogue.id,
        host: catalogue.host.to_string(),
        slug: slug(&code)?,
        corrects: None,
        source_id: Some(code.as_str().to_owned()),
        content: Content::Procedure(Box::new(procedure)),
        author: permit.actor(),
    };
    let mut entry = Entry::new(new, now);
    entry.publish(entry.version, take_over(permit), now)?;
    signer.sign(&mut entry);
    Ok(entry)
}

/// The national record was approved where it comes from.
fn take_over(permit: &Permit<act::ImportProcedures>) -> (Publication, Reviewer) {
    (Major::Major.into(), Reviewer { actor: permit.actor(), may_pass_own: true })
}

async fn next_edition(
    tx: &Tx,
    (permit, signer): (&Permit<act::ImportProcedures>, &Signer),
    (mut entry, procedure): (Entry, Procedure),
    now: Timestamp,
) -> Result<(Vec<Change>, Audit), Error> {
    entry.edit(entry.version, Content::Procedure(Box::new(procedure)), permit.actor(), now)?;
    let outcome = entry.publish(entry.version, take_over(permit), now)?;
    signer.sign(&mut entry);
    entries::save(tx, &entry, ended(&outcome)).await?;
    let changes = projection::show(tx, &entry, &placement(entry.site), now).await?;
    Ok((changes, trace(permit, &entry, entry.live.as_ref(), now)))
}

/// National records have their own lists (see [`lienthong_domain::scope::procedure_scopes`]), at no unit's place.
const fn placement(site: SiteId) -> Placement {
    Placement { site, units: Vec::new(), categories: Vec::new(), topics: Vec::new() }
}

/// `1.001193` is found at `1-001193`: slugs have no dots.
pub(crate) fn slug(code: &ProcedureCode) -> Result<Slug, Error> {
    let text = code.as_str().replace('.', "-");
    text.parse().map_err(|error| Error::Internal(format!("{text}: {error}")))
}

fn trace(permit: &Permit<act::ImportProcedures>, entry: &Entry, edition: Option<&Edition>, now: Timestamp) -> Audit {
    let note = entry.source_id.clone().unwrap_or_default();
    Audit { note, ..articles::audit(permit, entry, edition, now) }
}
