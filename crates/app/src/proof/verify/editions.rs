//! Editions against the log and the signature of their site, and the rows that are shown against the editions.

use std::collections::HashSet;

use lienthong_domain::entry::{Content, Edition, EditionState, Entry};
use lienthong_domain::ids::SiteId;
use lienthong_domain::internal::Projection;
use lienthong_domain::live::LiveEntry;
use lienthong_domain::scope::Placement;
use lienthong_persistence::verification::lists::{self, LISTS};
use lienthong_persistence::verification::{self, LastAct, Stored, StoredEdition, Surprise};
use lienthong_persistence::{Tx, documents};
use lienthong_proof::jws;

use super::keyring::Keyring;
use super::{BATCH, Report};
use crate::commands::import_articles::placement;
use crate::error::Error;
use crate::reference::Snapshot;

pub(super) async fn check(
    tx: &Tx,
    (snapshot, keyring): (&Snapshot, &Keyring),
    report: &mut Report,
) -> Result<(), Error> {
    let moving = verification::being_relisted(tx).await?;
    let mut looker = Looker { snapshot, keyring, moving, shown: Vec::new(), report };
    let mut listed = 0;
    let mut after = None;
    loop {
        let batch = verification::entries(tx, after, BATCH.into()).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        for stored in &batch {
            looker.entry(stored)?;
        }
        listed += looker.lists(tx).await?;
    }
    if looker.moving.is_empty() {
        listed_too_often(tx, listed, looker.report).await?;
    }
    for (table, id) in verification::orphans(tx, BATCH).await? {
        report.found(table, id, "what it belongs to does not exist");
    }
    Ok(())
}

/// Rows beyond those that should be there.
async fn listed_too_often(tx: &Tx, expected: u64, report: &mut Report) -> Result<(), Error> {
    for of in LISTS {
        if lists::count(tx, of).await? > expected {
            for id in lists::overlisted(tx, of, BATCH).await? {
                report.found(of.table, id, "stands in a list in which it does not belong");
            }
        }
    }
    Ok(())
}

struct Looker<'a> {
    snapshot: &'a Snapshot,
    keyring: &'a Keyring,
    moving: HashSet<SiteId>,
    /// What of the batch should be shown to the public.
    shown: Vec<LiveEntry>,
    report: &'a mut Report,
}

impl Looker<'_> {
    fn entry(&mut self, stored: &Stored) -> Result<(), Error> {
        self.report.entries += 1;
        for one in &stored.editions {
            self.report.editions += 1;
            match (&stored.entry, &one.edition) {
                (_, Err(error)) => self.report.found("edition", one.id, error),
                (Ok(entry), Ok(edition)) => self.edition(entry, (one, edition), stored.last_acts.get(&one.id)),
                (Err(_), Ok(_)) => {}
            }
        }
        for Surprise { edition, leaf, last } in &stored.surprises {
            match edition {
                Some(edition) => self.report.surprised("edition", edition, (*leaf, *last)),
                None => self.report.surprised("entry", stored.id, (*leaf, *last)),
            }
        }
        self.beside(stored);
        match &stored.entry {
            Ok(entry) => self.shown(entry, stored),
            Err(error) => {
                self.report.found("entry", stored.id, error);
                Ok(())
            }
        }
    }

    /// The row of the entry, and those beside it, against the last act on it.
    fn beside(&mut self, stored: &Stored) {
        match stored.last_act {
            None => self.report.found("entry", stored.id, "no act in the log made it"),
            Some(LastAct { leaf, after }) if after != stored.rows => {
                let what = format!("its row, or what stands beside it, is not what act {leaf} of the log left");
                self.report.found("entry", stored.id, what);
            }
            Some(_) => {}
        }
    }

    fn edition(&mut self, entry: &Entry, (stored, edition): (&StoredEdition, &Edition), last: Option<&LastAct>) {
        if !stored.strange.is_empty() {
            let columns = stored.strange.join(", ");
            self.report.found("edition", stored.id, format!("this program would write {columns} in another way"));
        }
        match last {
            None => self.report.found("edition", stored.id, "no act in the log made it"),
            Some(last) if !could_be(entry, edition, last) => {
                let what = format!("is not what act {} of the log left", last.leaf);
                self.report.found("edition", stored.id, what);
            }
            Some(_) => {}
        }
        if was_published(edition.state) {
            self.signature(entry, edition, last);
        }
    }

    fn signature(&mut self, entry: &Entry, edition: &Edition, last: Option<&LastAct>) {
        let Some(signature) = edition.signature else {
            return self.report.found("edition", edition.id, "was published and has no signature");
        };
        let Some((key, kid, revoked)) = self.keyring.of_site(entry.site, signature.key) else {
            let what = format!("is signed by {}, which is no key of its site", signature.key);
            return self.report.found("edition", edition.id, what);
        };
        self.report.signatures += 1;
        let payload = documents::payload(entry, edition, (signature.published_at, signature.updated_at));
        if !jws::fits(key, &kid, payload.as_bytes(), &signature.bytes) {
            self.report.found("edition", edition.id, format!("is not what its site signed with {kid}"));
        }
        if revoked.is_some_and(|revoked| last.is_none_or(|last| last.leaf > revoked)) {
            let what =
                format!("is signed by {kid}, and nothing in the log shows that it was before the key was revoked");
            self.report.found("edition", edition.id, what);
        }
    }

    fn shown(&mut self, entry: &Entry, stored: &Stored) -> Result<(), Error> {
        if let Some(live) = &entry.live
            && let Some(signature) = live.signature
            && (entry.published_at, entry.updated_at) != (Some(signature.published_at), Some(signature.updated_at))
        {
            self.report.found("entry", entry.id, "published_at or updated_at is not what its site signed");
        }
        let expected = match entry.live.as_ref().filter(|_| entry.quarantined_at.is_none()) {
            None => None,
            Some(live) => {
                let Some(placement) = place(self.snapshot, entry, live) else {
                    self.report.found("edition", live.id, "its category is not on its site");
                    return Ok(());
                };
                Projection::of(entry, &placement)
            }
        };
        let moves = self.moving.contains(&entry.site);
        for one in stored.compare(expected.as_ref(), moves)? {
            self.report.found(one.table, entry.id, one.what);
        }
        if let Some(Projection::Public(live)) = expected.filter(|_| !moves) {
            self.shown.push(*live);
        }
        Ok(())
    }

    /// Looks whether everything that was gathered stands in its lists. Returns how many rows that are.
    async fn lists(&mut self, tx: &Tx) -> Result<u64, Error> {
        let gathered = std::mem::take(&mut self.shown);
        let shown: Vec<&LiveEntry> = gathered.iter().collect();
        let mut rows = 0;
        for of in LISTS {
            let (expected, lacking) = lists::missing(tx, of, &shown).await?;
            for id in lacking {
                self.report.found(of.table, id, "a row is missing");
            }
            rows = expected;
        }
        Ok(rows)
    }
}

fn place(snapshot: &Snapshot, entry: &Entry, live: &Edition) -> Option<Placement> {
    match &live.content {
        Content::Article(article) => placement(snapshot, entry.site, (article.category, article.topic)),
        Content::Procedure(_) => {
            Some(Placement { site: entry.site, units: Vec::new(), categories: Vec::new(), topics: Vec::new() })
        }
    }
}

/// Whether the edition is what the act left, or what became of that when another edition took its place: those acts name
/// the other edition.
fn could_be(entry: &Entry, edition: &Edition, last: &LastAct) -> bool {
    let was = |state| Some(documents::digest(entry, &Edition { state, ..edition.clone() })) == last.after;
    match edition.state {
        EditionState::Superseded => was(EditionState::Live),
        EditionState::Replaced => EditionState::ALL.into_iter().filter(|state| state.is_open()).any(was),
        state => was(state),
    }
}

const fn was_published(state: EditionState) -> bool {
    use EditionState::{Expired, Live, Superseded, TakenDown, Withdrawn};
    matches!(state, Live | Superseded | Withdrawn | TakenDown | Expired)
}
