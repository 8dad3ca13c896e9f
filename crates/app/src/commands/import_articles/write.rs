//! From batches of candidates to the database: what is new in bulk, what has changed entry by entry.

mod corrections;
mod revisions;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, LogPosition};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::hold::Finding;
use lienthong_domain::ids::SiteId;
use lienthong_domain::slug::{Slug, numbered};
use lienthong_persistence::bulk::{self, BulkTx, Digest, Known, Publication, Writer};
use lienthong_persistence::{Record, Tx, entries, holds as rows, quarantines};

use crate::app::App;
use crate::article_line::Wrong;
use crate::commands::articles::audit;
use crate::commands::holds;
use crate::commands::import_articles::prepare::{Batch, Candidate, Desk, is_early};
use crate::commands::import_articles::report::{ArticlesReport, Early, Refused};
use crate::commands::import_articles::write::revisions::own_id;
use crate::error::Error;
use crate::proof::signers::Signers;
use crate::reference::Snapshot;

/// Writes batches and keeps the report.
pub(super) struct Importer<'a> {
    app: &'a App,
    permit: &'a Permit<act::ImportContent>,
    writer: Writer,
    /// What the preparation places articles by.
    reference: Arc<ArcSwap<Snapshot>>,
    signers: Arc<Signers>,
    /// Up to this change the log has been looked through for changes of the reference data.
    looked_to: i64,
    /// What a dry run has taken back.
    taken_back: TakenBack,
    position: Option<LogPosition>,
    early: Early,
    report: ArticlesReport,
}

/// What would stand in the database by now if this were no dry run.
#[derive(Default)]
struct TakenBack {
    digests: HashMap<(SiteId, String), Digest>,
    slugs: HashSet<(SiteId, String)>,
}

impl TakenBack {
    fn take(&mut self, one: Publication) {
        let Publication { entry, digest, .. } = one;
        self.slugs.insert((entry.site, entry.slug.to_string()));
        self.digests.insert((entry.site, entry.source_id.unwrap_or_default()), digest);
    }
}

/// A new article that waits for a second person, and why.
type HeldBack = (Publication, Vec<Finding>);

/// A new article that corrects another one.
struct Correction {
    line: u64,
    /// The source id of that one.
    corrects: String,
    sanitised: bool,
    findings: Vec<Finding>,
    new: Publication,
}

/// New articles with addresses of their own, by how they are written.
#[derive(Default)]
struct Addressed {
    publish: Vec<Publication>,
    hold: Vec<HeldBack>,
    correct: Vec<Correction>,
}

/// Candidates by what is to be done with them.
#[derive(Default)]
struct Sorted {
    new: Vec<Candidate>,
    changed: Vec<Candidate>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(
        app: &'a App,
        permit: &'a Permit<act::ImportContent>,
        (reference, signers, dry_run): (Arc<ArcSwap<Snapshot>>, Arc<Signers>, bool),
    ) -> Result<Self, Error> {
        Ok(Self {
            app,
            permit,
            writer: Writer::open(app.store())?,
            reference,
            signers,
            looked_to: app.freshness().applied(),
            taken_back: TakenBack::default(),
            position: None,
            early: Early::default(),
            report: ArticlesReport { dry_run, ..ArticlesReport::default() },
        })
    }

    /// Writes a batch: one transaction for what is new, one for what has changed.
    pub(super) async fn write(&mut self, batch: Batch) -> Result<(), Error> {
        self.report.read += (batch.candidates.len() + batch.refused.len()) as u64;
        batch.refused.into_iter().for_each(|refused| self.report.refuse(refused));
        let candidates = self.outside_quarantine(batch.candidates).await?;
        let tx = self.writer.begin().await?;
        let candidates = self.placed(&tx, (candidates, batch.reference_version)).await?;
        self.early.count(candidates.iter().filter(|one| one.is_early).map(|one| one.new.entry.site));
        let Sorted { new, changed } = self.sorted(&tx, candidates).await?;
        let Addressed { publish, hold, correct } = self.addressed(&tx, new).await?;
        self.publish(tx, publish).await?;
        Box::pin(self.hold_back(hold)).await?;
        Box::pin(self.correct(correct)).await?;
        Box::pin(self.revise(changed)).await
    }

    /// Brings the log into account on this node and tells what was done.
    pub(super) async fn finish(self) -> Result<ArticlesReport, Error> {
        self.writer.finish().await?;
        self.app.settle(self.position).await?;
        let dated_outside = self.early.told(&self.reference.load());
        Ok(ArticlesReport { dated_outside, ..self.report })
    }

    /// Reference data is read from memory, so what has changed in it since has to be seen in this transaction. Then
    /// everything is placed anew.
    async fn placed(
        &mut self,
        tx: &BulkTx,
        (candidates, version): (Vec<Candidate>, u64),
    ) -> Result<Vec<Candidate>, Error> {
        let (head, has_changed) = tx.reference_changed_after(self.looked_to).await?;
        self.looked_to = head;
        if has_changed {
            self.app.catch_up().await?;
            self.reference.store(self.app.reference());
        }
        let snapshot = self.reference.load_full();
        if snapshot.version == version {
            return Ok(candidates);
        }
        let mut placed = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let line = candidate.line;
            match placed_anew(candidate, (&snapshot, self.permit)) {
                Ok(candidate) => placed.push(candidate),
                Err(wrong) => self.report.refuse(Refused { line, wrong: vec![wrong] }),
            }
        }
        Ok(placed)
    }

    /// Nothing becomes public on a site under quarantine.
    async fn outside_quarantine(&mut self, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, Error> {
        let closed = quarantines::held_sites(self.app.store()).await?;
        let (outside, inside): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|one| !closed.contains(&one.new.entry.site));
        let refused = inside.iter().map(|one| Refused::one(one.line, "site", "is under quarantine"));
        refused.for_each(|refused| self.report.refuse(refused));
        Ok(outside)
    }

    async fn sorted(&mut self, tx: &BulkTx, candidates: Vec<Candidate>) -> Result<Sorted, Error> {
        let keys: Vec<_> = candidates.iter().map(|one| (one.new.entry.site, one.source_id())).collect();
        let mut known = tx.known(EntryKind::Article, &keys).await?;
        // Nearly no source id reads like an id of ours, and then nothing is asked for.
        let ids = keys.iter().filter_map(|(_, source_id)| own_id(source_id));
        known.extend(tx.written_here(EntryKind::Article, &ids.collect::<Vec<_>>()).await?);
        let mut sorted = Sorted::default();
        for candidate in candidates {
            let key = candidate.key();
            let stored = known.get(&key).map(|Known { digest, .. }| *digest);
            let taken_back = self.taken_back.digests.get(&key).copied();
            match (taken_back.map(Some).or(stored), stored) {
                (Some(Some(digest)), _) if digest == candidate.new.digest => self.report.unchanged += 1,
                (Some(_), Some(_)) => sorted.changed.push(candidate),
                // Made and taken back earlier in this dry run.
                (Some(_), None) => self.count_revised(&candidate),
                (None, _) => sorted.new.push(candidate),
            }
        }
        Ok(sorted)
    }

    /// Sees to it that every new article has an address of its own.
    async fn addressed(&mut self, tx: &BulkTx, new: Vec<Candidate>) -> Result<Addressed, Error> {
        let wanted: Vec<_> = new.iter().map(|one| (one.new.entry.site, one.new.entry.slug.as_str())).collect();
        let mut taken = tx.taken(&wanted).await?;
        let mut addressed = Addressed { publish: Vec::with_capacity(new.len()), ..Addressed::default() };
        for Candidate { line, states_slug, corrects, sanitised, findings, mut new, .. } in new {
            let key = (new.entry.site, new.entry.slug.to_string());
            if taken.contains(&key) || self.taken_back.slugs.contains(&key) {
                if states_slug {
                    self.report.refuse(Refused::one(line, "slug", "is taken on this site"));
                    continue;
                }
                let slug = self.free_slug(tx, (new.entry.site, &new.entry.slug), &taken).await?;
                self.readdress(&mut new, slug);
            }
            taken.insert((new.entry.site, new.entry.slug.to_string()));
            if let Some(corrects) = corrects {
                addressed.correct.push(Correction { line, corrects, sanitised, findings, new });
                continue;
            }
            self.count_new((line, sanitised), &findings);
            if findings.is_empty() {
                addressed.publish.push(new);
            } else {
                addressed.hold.push((new, findings));
            }
        }
        Ok(addressed)
    }

    fn count_new(&mut self, (line, sanitised): (u64, bool), findings: &[Finding]) {
        self.report.sanitised += u64::from(sanitised);
        if findings.is_empty() {
            self.report.created += 1;
        } else {
            self.report.hold(line, findings);
        }
    }

    /// Gives a new article another address, which is part of what is signed.
    fn readdress(&self, new: &mut Publication, slug: Slug) {
        new.audit.note = slug.to_string();
        new.entry.slug = slug;
        if let Some(signer) = self.signers.known(new.entry.site) {
            new.audit.after = signer.sign_and_digest(&mut new.entry);
        }
        let live = new.entry.live.as_ref();
        new.shown.move_to(new.entry.slug.as_str(), live.and_then(|live| live.signature));
    }

    async fn free_slug(
        &self,
        tx: &BulkTx,
        (site, base): (SiteId, &Slug),
        taken: &HashSet<(SiteId, String)>,
    ) -> Result<Slug, Error> {
        let stored = tx.slugs_like(site, base).await?;
        for slug in (2..).map(|number| numbered(base, number)) {
            let key = (site, slug.to_string());
            if stored.contains(slug.as_str()) || taken.contains(&key) || self.taken_back.slugs.contains(&key) {
                continue;
            }
            // A long base is cut to make room for the number, and then is not among those asked for.
            if tx.taken(&[(site, slug.as_str())]).await?.is_empty() {
                return Ok(slug);
            }
        }
        Err(Error::SlugTaken)
    }

    async fn publish(&mut self, mut tx: BulkTx, new: Vec<Publication>) -> Result<(), Error> {
        if new.is_empty() {
            return Ok(());
        }
        tx.add(&new).await?;
        if self.report.dry_run {
            for one in new {
                self.taken_back.take(one);
            }
            return Ok(());
        }
        let (changes, audits) = new.into_iter().map(|one| (one.change, one.audit)).unzip();
        self.position = tx.commit(Record { changes, audits }).await?.or(self.position);
        Ok(())
    }

    /// Writes new articles as drafts that wait for a second person.
    async fn hold_back(&mut self, waiting: Vec<HeldBack>) -> Result<(), Error> {
        if waiting.is_empty() {
            return Ok(());
        }
        let tx = self.app.store().begin().await?;
        let mut record = Record::default();
        for (new, findings) in waiting {
            record.audits.push(self.hold_one(&tx, new.clone(), findings).await?);
            if self.report.dry_run {
                self.taken_back.take(new);
            }
        }
        if !self.report.dry_run {
            tx.commit(record).await?;
        }
        Ok(())
    }

    async fn hold_one(&self, tx: &Tx, new: Publication, findings: Vec<Finding>) -> Result<Audit, Error> {
        let Publication { mut entry, digest, audit: Audit { at: now, .. }, .. } = new;
        entry.hold_back();
        let hold = holds::judge(tx, &mut entry, (findings, self.permit.actor()), now).await?;
        entries::insert(tx, std::slice::from_ref(&entry)).await?;
        bulk::remember(tx, entry.id, digest).await?;
        if let Some(hold) = hold {
            rows::raise(tx, &hold).await?;
        }
        Ok(audit(self.permit, &entry, entry.draft.as_ref(), now))
    }
}

/// The candidate by other reference data than it was prepared with, or the rule that it breaks by that.
fn placed_anew(
    candidate: Candidate,
    (snapshot, permit): (&Snapshot, &Permit<act::ImportContent>),
) -> Result<Candidate, Wrong> {
    let Publication { entry, digest, audit, change, .. } = candidate.new;
    let site = snapshot.sites.get(entry.site).ok_or_else(|| ("site".to_owned(), "must exist".to_owned()))?;
    let is_public = entry.first_published_at.is_some();
    let is_early = match entry.published_at {
        Some(published_at) => is_early(site, (published_at, is_public))?,
        None => false,
    };
    let desk = Desk { snapshot, permit, now: change.at };
    let new = desk.publication(entry, (digest, audit.after));
    let new = new.ok_or_else(|| ("category".to_owned(), "must exist on this site".to_owned()))?;
    Ok(Candidate { is_early, new, ..candidate })
}
