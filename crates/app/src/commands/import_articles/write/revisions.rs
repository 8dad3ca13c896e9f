//! Lines of articles that are here. What says what is live makes nothing, what an import wrote gets a new edition, and what a
//! board has written or decided goes before the file.

use uuid::Uuid;

use lienthong_domain::access::{Operation, Permit, SiteScope, act};
use lienthong_domain::article::{Article, Cover};
use lienthong_domain::audience::Audience;
use lienthong_domain::change::{Audit, Change};
use lienthong_domain::entry::{Content, Entry, EntryError, EntryKind, Major, Outcome, OwnDates, Reviewer};
use lienthong_domain::ids::{ActorId, EntryId, SiteId};
use lienthong_domain::scope::Placement;
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

/// What became of a line.
enum Revised {
    /// It says what is live.
    Unchanged,
    /// The key, and the rule that it breaks.
    Refused(&'static str, &'static str),
    /// A new edition, or a draft that waits for a second person.
    Written(Vec<Change>, Audit),
}

impl Importer<'_> {
    /// Gives changed articles a new edition.
    pub(super) async fn revise(&mut self, changed: Vec<Candidate>) -> Result<(), Error> {
        if changed.is_empty() {
            return Ok(());
        }
        let tx = self.app.store().begin().await?;
        let mut record = Record::default();
        for candidate in changed {
            let revised = revise(&tx, (self.permit, &self.signers), &candidate).await?;
            match revised {
                Revised::Refused(field, rule) => self.report.refuse(Refused::one(candidate.line, field, rule)),
                // What is live would be something else by now if this were no dry run.
                Revised::Unchanged if self.is_taken_back(&candidate) => self.count_revised(&candidate),
                Revised::Unchanged => self.report.unchanged += 1,
                Revised::Written(told, audit) => {
                    self.count_revised(&candidate);
                    record.changes.extend(told);
                    record.audits.push(audit);
                }
            }
        }
        if !self.report.dry_run {
            // Also without any act: what lines said that changed nothing is remembered.
            self.position = tx.commit(record).await?.or(self.position);
        }
        Ok(())
    }

    fn is_taken_back(&self, candidate: &Candidate) -> bool {
        self.taken_back.digests.contains_key(&candidate.key())
    }

    pub(super) fn count_revised(&mut self, candidate: &Candidate) {
        if candidate.findings.is_empty() {
            self.report.updated += 1;
        } else {
            self.report.hold(candidate.line, &candidate.findings);
        }
        self.report.sanitised += u64::from(candidate.sanitised);
        if self.report.dry_run {
            self.taken_back.digests.insert(candidate.key(), candidate.new.digest);
        }
    }
}

/// The id that this source id is, when it reads as exports write those of articles that were written here.
pub(super) fn own_id(source_id: &str) -> Option<EntryId> {
    let id = Uuid::try_parse(source_id).ok().filter(|id| id.get_version_num() == 7).map(EntryId::from_uuid)?;
    // In one spelling only, so that no two lines of a batch are the same article.
    (id.to_string() == source_id).then_some(id)
}

/// The article of the site that lines call so, locked: by the source id it was imported under, or by its own id when it was
/// written here.
pub(super) async fn named(tx: &Tx, site: SiteId, name: &str) -> Result<Option<Entry>, Error> {
    let imported = entries::lock_by_source(tx, site, EntryKind::Article, name).await?;
    let Some(id) = own_id(name).filter(|_| imported.is_none()) else { return Ok(imported) };
    let found = entries::lock(tx, &SiteScope::of([site]), id).await?;
    Ok(found.filter(|entry| entry.kind == EntryKind::Article && entry.source_id.is_none()))
}

/// Publishes what the candidate says as a new edition of the article that is here, or holds it as a draft, unless that says it
/// already. What a board has written, begun or decided here goes before the file.
async fn revise(tx: &Tx, by: (&Permit<act::ImportContent>, &Signers), candidate: &Candidate) -> Result<Revised, Error> {
    let found = named(tx, candidate.new.entry.site, candidate.source_id()).await?;
    let entry = found.ok_or(Error::NotFound("article"))?;
    let article = wanted(&entry, candidate)?;
    let names_another = corrections::names_another(tx, &entry, candidate.corrects.as_deref()).await?;
    if !names_another && says_what_is_live(&entry, (candidate, &article)) {
        // The next time, the digest alone tells.
        bulk::remember(tx, entry.id, candidate.new.digest).await?;
        return Ok(Revised::Unchanged);
    }
    if let Some((field, rule)) = refusal(&entry, candidate) {
        return Ok(Revised::Refused(field, rule));
    }
    if names_another {
        return Ok(Revised::Refused("corrects", "must stay as it was first imported"));
    }
    if !is_imported(tx, &entry).await? {
        return Ok(Revised::Refused("sourceId", "was last written here, and only its board changes it"));
    }
    let placement = categories::placement(tx, entry.site, article.category, article.topic).await?;
    let Some(placement) = placement else { return Ok(Revised::Refused("category", "must exist on this site")) };
    write(tx, by, (entry, article, placement), candidate).await
}

/// The article as the line wants it. What a line cannot speak of stays as it is: attached documents, and which file of the
/// library a cover is, of which a line knows the address only.
fn wanted(entry: &Entry, candidate: &Candidate) -> Result<Article, Error> {
    let stated = live(&candidate.new.entry).cloned();
    let stated = stated.ok_or_else(|| Error::Internal("a candidate without an article".to_owned()))?;
    let Some(live) = live(entry) else { return Ok(stated) };
    let file = |cover: &Cover| live.cover.as_ref().filter(|live| live.url == cover.url).and_then(|live| live.media);
    Ok(Article {
        audience: candidate.audience.unwrap_or(live.audience),
        cover: stated.cover.map(|cover| Cover { media: file(&cover), ..cover }),
        attachments: live.attachments.clone(),
        ..stated
    })
}

fn live(entry: &Entry) -> Option<&Article> {
    entry.live.as_ref().and_then(|live| live.content.article())
}

/// Whether an edition made of the line would be the live one again. What it states and what it leaves to us is the same then.
fn says_what_is_live(entry: &Entry, (candidate, article): (&Candidate, &Article)) -> bool {
    let stated = &candidate.new.entry;
    let moves_address = candidate.states_slug && stated.slug != entry.slug;
    live(entry) == Some(article)
        && !moves_address
        && first_date(stated) == first_date(entry)
        && candidate.updated_at <= entry.updated_at
}

/// Whether an import wrote what is live. The trail tells, which nobody changes afterwards: who the writer was would not, because
/// the same person may import and edit, and an edit goes into the draft that an import was held as.
async fn is_imported(tx: &Tx, entry: &Entry) -> Result<bool, Error> {
    let Some(live) = &entry.live else { return Ok(false) };
    let done = audits::operations(tx, (entry.id, live.id)).await?;
    Ok(done.contains(Operation::ImportContent.as_str()) && !done.contains(Operation::Edit.as_str()))
}

async fn write(
    tx: &Tx,
    (permit, signers): (&Permit<act::ImportContent>, &Signers),
    (mut entry, article, placement): (Entry, Article, Placement),
    candidate: &Candidate,
) -> Result<Revised, Error> {
    let now = candidate.new.change.at;
    entry.edit(entry.version, Content::Article(Box::new(article)), permit.actor(), now)?;
    bulk::remember(tx, entry.id, candidate.new.digest).await?;
    let findings = candidate.findings.clone();
    if let Some(hold) = holds::judge(tx, &mut entry, (findings, permit.actor()), now).await? {
        entries::save(tx, &entry, None).await?;
        rows::raise(tx, &hold).await?;
        return Ok(Revised::Written(Vec::new(), audit(permit, &entry, entry.draft.as_ref(), now)));
    }
    let changed_at = changed_at(&entry, candidate.updated_at, now);
    let outcome = publish(&mut entry, (permit.actor(), first_date(&candidate.new.entry)), changed_at)?;
    signers.known(entry.site).ok_or(Error::NotFound("signing key"))?.sign(&mut entry);
    entries::save(tx, &entry, ended(&outcome)).await?;
    let changes = projection::show(tx, &entry, &placement, now).await?;
    Ok(Revised::Written(changes, audit(permit, &entry, entry.live.as_ref(), now)))
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

/// The date that a line states: the first publication, or the start of the run of what has been internal only.
fn first_date(entry: &Entry) -> Option<Timestamp> {
    entry.first_published_at.or(entry.published_at)
}

fn refusal(entry: &Entry, candidate: &Candidate) -> Option<(&'static str, &'static str)> {
    let stated = &candidate.new.entry;
    if entry.draft.is_some() {
        return Some(("sourceId", "has a draft here that is not published yet"));
    }
    let Some(live) = live(entry) else {
        return Some(("sourceId", "was withdrawn here, and only its board brings it back"));
    };
    let has_an_end = entry.live.as_ref().is_some_and(|live| live.publication.until.is_some());
    let has_left_the_public = entry.first_published_at.is_some() && !live.audience.is_public();
    if entry.quarantined_at.is_some() {
        Some(("sourceId", "is under quarantine"))
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
