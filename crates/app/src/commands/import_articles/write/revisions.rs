//! Lines of articles that are here: what they change becomes a new edition, and what a board has written or
//! decided goes before the file.

use lienthong_domain::access::{Operation, Permit, act};
use lienthong_domain::article::Article;
use lienthong_domain::audience::Audience;
use lienthong_domain::change::{Audit, Change};
use lienthong_domain::entry::{
    Content, EditionState, Entry, EntryError, EntryKind, Major, Outcome, OwnDates, Reviewer,
};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, audits, bulk, categories, entries, holds as rows};

use super::{Importer, corrections};
use crate::commands::articles::{audit, ended};
use crate::commands::holds;
use crate::commands::import_articles::prepare::Candidate;
use crate::commands::import_articles::report::Refused;
use crate::commands::projection;
use crate::error::Error;
use crate::proof::signers::Signers;

impl Importer<'_> {
    /// Gives changed articles a new edition.
    pub(super) async fn revise(&mut self, changed: Vec<Candidate>) -> Result<(), Error> {
        if changed.is_empty() {
            return Ok(());
        }
        let tx = self.app.store().begin().await?;
        let mut record = Record::default();
        for candidate in changed {
            let (key, line, digest) = (candidate.key(), candidate.line, candidate.new.digest);
            let (sanitised, findings) = (candidate.sanitised, candidate.findings.clone());
            match revise(&tx, (self.permit, &self.signers), candidate).await? {
                Err((field, rule)) => self.report.refuse(Refused::one(line, field, rule)),
                Ok((told, audit)) => {
                    if findings.is_empty() {
                        self.report.updated += 1;
                    } else {
                        self.report.hold(line, &findings);
                    }
                    self.report.sanitised += u64::from(sanitised);
                    record.changes.extend(told);
                    record.audits.push(audit);
                    if self.report.dry_run {
                        self.taken_back.digests.insert(key, digest);
                    }
                }
            }
        }
        if !self.report.dry_run && !record.audits.is_empty() {
            self.position = tx.commit(record).await?.or(self.position);
        }
        Ok(())
    }
}

type Revised = Result<(Vec<Change>, Audit), (&'static str, &'static str)>;

/// Publishes what the candidate says as a new edition of the entry that it was imported as before, or holds it as a draft.
/// What a board has written, begun or decided here goes before the file.
async fn revise(
    tx: &Tx,
    (permit, signers): (&Permit<act::ImportContent>, &Signers),
    candidate: Candidate,
) -> Result<Revised, Error> {
    let now = candidate.new.change.at;
    let found =
        entries::lock_by_source(tx, candidate.new.entry.site, EntryKind::Article, candidate.source_id()).await?;
    let mut entry = found.ok_or(Error::NotFound("article"))?;
    if let Some(refusal) = refusal(&entry, &candidate) {
        return Ok(Err(refusal));
    }
    if corrections::names_another(tx, &entry, candidate.corrects.as_deref()).await? {
        return Ok(Err(("corrects", "must stay as it was first imported")));
    }
    if !is_imported(tx, &entry).await? {
        return Ok(Err(("sourceId", "was last written here, and only its board changes it")));
    }
    let Candidate { audience, updated_at, findings, new: Publication { entry: stated, digest, .. }, .. } = candidate;
    let published_at = first_date(&stated);
    let Some(Content::Article(article)) = stated.live.map(|live| live.content) else {
        return Err(Error::Internal("a candidate without an article".to_owned()));
    };
    let article = Box::new(Article { audience: audience.unwrap_or_else(|| stands_before(&entry)), ..*article });
    let placement = categories::placement(tx, entry.site, article.category, article.topic).await?;
    let Some(placement) = placement else { return Ok(Err(("category", "must exist on this site"))) };
    entry.edit(entry.version, Content::Article(article), permit.actor(), now)?;
    bulk::remember(tx, entry.id, digest).await?;
    if let Some(hold) = holds::judge(tx, &mut entry, (findings, permit.actor()), now).await? {
        entries::save(tx, &entry, None).await?;
        rows::raise(tx, &hold).await?;
        return Ok(Ok((Vec::new(), audit(permit, &entry, entry.draft.as_ref(), now))));
    }
    let changed_at = changed_at(&entry, updated_at, now);
    let outcome = publish(&mut entry, (permit.actor(), published_at), changed_at)?;
    signers.known(entry.site).ok_or(Error::NotFound("signing key"))?.sign(&mut entry);
    entries::save(tx, &entry, ended(&outcome)).await?;
    let changes = projection::show(tx, &entry, &placement, now).await?;
    Ok(Ok((changes, audit(permit, &entry, entry.live.as_ref(), now))))
}

/// Whether an import wrote what is live. The trail tells, which nobody changes afterwards: who the writer was would not, because
/// the same person may import and edit, and an edit goes into the draft that an import was held as.
async fn is_imported(tx: &Tx, entry: &Entry) -> Result<bool, Error> {
    let Some(live) = &entry.live else { return Ok(false) };
    let done = audits::operations(tx, (entry.id, live.id)).await?;
    Ok(done.contains(Operation::ImportContent.as_str()) && !done.contains(Operation::Edit.as_str()))
}

/// Publishes the draft as a change, or under its own dates when it becomes public for the first time.
fn publish(
    entry: &mut Entry,
    (actor, published_at): (ActorId, Option<Timestamp>),
    changed_at: Timestamp,
) -> Result<Outcome, EntryError> {
    let next = entry.draft.as_ref().map(|draft| draft.content.audience()).unwrap_or_default();
    match published_at.filter(|_| next.is_public() && entry.first_published_at.is_none()) {
        Some(published_at) => entry.publish_as_of(OwnDates { published_at, updated_at: changed_at }),
        // It was judged where it comes from.
        None => entry.publish(entry.version, (Major::Major.into(), Reviewer { actor, may_pass_own: true }), changed_at),
    }
}

fn stands_before(entry: &Entry) -> Audience {
    entry.live.as_ref().map(|live| live.content.audience()).unwrap_or_default()
}

/// The date that a line states: the first publication, or the start of the run of what has been internal only.
fn first_date(entry: &Entry) -> Option<Timestamp> {
    entry.first_published_at.or(entry.published_at)
}

fn refusal(entry: &Entry, candidate: &Candidate) -> Option<(&'static str, &'static str)> {
    let stated = &candidate.new.entry;
    let has_an_end = entry.live.as_ref().is_some_and(|live| live.publication.until.is_some());
    let has_left_the_public = entry.first_published_at.is_some() && !stands_before(entry).is_public();
    if entry.live.as_ref().is_none_or(|live| live.state != EditionState::Live) {
        Some(("sourceId", "was withdrawn here, and only its board brings it back"))
    } else if entry.quarantined_at.is_some() {
        Some(("sourceId", "is under quarantine"))
    } else if entry.draft.is_some() {
        Some(("sourceId", "has a draft here that is not published yet"))
    } else if entry.archived_at.is_some() {
        Some(("sourceId", "was archived here, and only its board changes it"))
    } else if has_an_end {
        Some(("sourceId", "was given an end here, and only its board changes it"))
    } else if candidate.states_slug && stated.slug != entry.slug {
        Some(("slug", "must stay as it was first imported"))
    } else if has_left_the_public && candidate.audience == Some(Audience::Public) {
        Some(("audience", "was taken out of the public here, and only its board brings it back"))
    } else if stated.first_published_at.is_none() && entry.first_published_at > first_date(stated) {
        Some(("audience", "was made public here, and only its board takes it back"))
    } else if first_date(stated) != first_date(entry) {
        Some(("publishedAt", "must stay as it was first imported"))
    } else {
        None
    }
}

/// The time of the change as stated, or else now; never before the last one.
fn changed_at(entry: &Entry, stated: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let stated = stated.unwrap_or(now);
    entry.updated_at.map_or(stated, |last| last.max(stated))
}
