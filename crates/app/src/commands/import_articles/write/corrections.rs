//! Articles of the file that correct others. They are few, and each is written like one that is published by hand, because what
//! it corrects shows it from then on.

use lienthong_domain::entry::{Content, Entry};
use lienthong_domain::ids::EntryId;
use lienthong_persistence::bulk::{self, Publication};
use lienthong_persistence::{Record, Tx, categories, entries};

use super::{Correction, Importer, revisions};
use crate::commands::articles::audit;
use crate::commands::import_articles::report::Refused;
use crate::commands::projection;
use crate::error::Error;

/// What a line corrects.
enum Named {
    Entry(EntryId),
    /// Made and taken back earlier in this dry run.
    TakenBack,
    Nothing,
}

impl Importer<'_> {
    /// Writes corrections, in the order of their lines.
    pub(super) async fn correct(&mut self, corrections: Vec<Correction>) -> Result<(), Error> {
        if corrections.is_empty() {
            return Ok(());
        }
        let tx = self.app.store().begin().await?;
        let mut record = Record::default();
        for one in corrections {
            let line = one.line;
            match self.named(&tx, &one).await? {
                Named::Nothing => {
                    let rule = "must be the source id of an article that is published on this site before";
                    self.report.refuse(Refused::one(line, "corrects", rule));
                    continue;
                }
                Named::TakenBack => {}
                Named::Entry(corrected) => self.write_correction(&tx, (&one, corrected), &mut record).await?,
            }
            let Correction { line, sanitised, findings, new, .. } = one;
            self.count_new((line, sanitised), &findings);
            if self.report.dry_run {
                self.taken_back.take(new);
            }
        }
        if !self.report.dry_run && !record.audits.is_empty() {
            self.position = tx.commit(record).await?.or(self.position);
        }
        Ok(())
    }

    async fn named(&self, tx: &Tx, one: &Correction) -> Result<Named, Error> {
        let site = one.new.entry.site;
        let found = revisions::named(tx, site, &one.corrects).await?;
        Ok(match found.filter(Entry::can_be_corrected) {
            Some(entry) => Named::Entry(entry.id),
            None if self.taken_back.digests.contains_key(&(site, one.corrects.clone())) => Named::TakenBack,
            None => Named::Nothing,
        })
    }

    async fn write_correction(
        &self,
        tx: &Tx,
        (one, corrected): (&Correction, EntryId),
        record: &mut Record,
    ) -> Result<(), Error> {
        let mut new = one.new.clone();
        new.entry.corrects = Some(corrected);
        if !one.findings.is_empty() {
            record.audits.push(self.hold_one(tx, new, one.findings.clone()).await?);
            return Ok(());
        }
        let Publication { mut entry, digest, change, .. } = new;
        self.signers.known(entry.site).ok_or(Error::NotFound("signing key"))?.sign(&mut entry);
        let Some(Content::Article(article)) = entry.live.as_ref().map(|live| &live.content) else {
            return Err(Error::NotFound("article"));
        };
        let placement = categories::placement(tx, entry.site, article.category, article.topic).await?;
        let placement = placement.ok_or(Error::NotFound("category"))?;
        entries::insert(tx, std::slice::from_ref(&entry)).await?;
        bulk::remember(tx, entry.id, digest).await?;
        record.changes.extend(projection::show(tx, &entry, &placement, change.at).await?);
        record.audits.push(audit(self.permit, &entry, entry.live.as_ref(), change.at));
        Ok(())
    }
}

/// Whether a line of a known article corrects something else than that does. What it corrects never changes; a line may leave
/// it out, as exports do once that is no longer published.
pub(super) async fn names_another(tx: &Tx, entry: &Entry, stated: Option<&str>) -> Result<bool, Error> {
    let Some(stated) = stated else { return Ok(false) };
    let named = revisions::named(tx, entry.site, stated).await?;
    Ok(entry.corrects.is_none_or(|corrected| named.is_none_or(|named| named.id != corrected)))
}
