//! What bulk commands share: transactions of bounded size, dry runs, tallies, the audit and change rows of a batch.

use serde::Serialize;

use lienthong_domain::access::{Action, Denied, Permit, SiteScope};
use lienthong_domain::change::{Audit, Change, ChangeKind, LogPosition, Matter};
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Store, Tx};

use crate::app::App;
use crate::error::Error;

/// Rows written in one transaction at most, so that other writers do not wait long.
pub(super) const BATCH: usize = 500;

/// Called after each batch with the rows done so far and, where that is known, all rows.
pub type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Sync);

/// Tells nobody.
pub const QUIET: Progress<'static> = &|_, _| {};

/// How a bulk command is run.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Do everything and leave nothing: the same statements in one transaction, which is dropped at the end. On `SQLite`
    /// other writers wait for it.
    pub dry_run: bool,
    /// Who is told how far it has got.
    pub progress: Progress<'a>,
}

impl Default for Run<'_> {
    fn default() -> Self {
        Self { dry_run: false, progress: QUIET }
    }
}

/// What became of the things of one sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Not there before.
    pub created: usize,
    /// There before, in another state.
    pub changed: usize,
    /// There before in this very state.
    pub unchanged: usize,
}

impl Tally {
    /// Counts a thing whose state is `wanted`, and tells whether it has to be written.
    pub(super) fn count<T: PartialEq>(&mut self, found: Option<&T>, wanted: &T) -> bool {
        let counter = match found {
            None => &mut self.created,
            Some(found) if found == wanted => &mut self.unchanged,
            Some(_) => &mut self.changed,
        };
        *counter += 1;
        found != Some(wanted)
    }
}

/// The transactions of one bulk command.
pub(super) struct Batches<'a> {
    store: &'a Store,
    run: Run<'a>,
    /// The one transaction of a dry run, between two batches.
    open: Option<Tx>,
    position: Option<LogPosition>,
    done: u64,
}

impl<'a> Batches<'a> {
    pub(super) const fn new(app: &'a App, run: Run<'a>) -> Self {
        Self { store: app.store(), run, open: None, position: None, done: 0 }
    }

    /// The transaction of the next batch; it must go back to [`Batches::end`].
    pub(super) async fn begin(&mut self) -> Result<Tx, Error> {
        match self.open.take() {
            Some(tx) => Ok(tx),
            None => Ok(self.store.begin().await?),
        }
    }

    /// Ends a batch of `rows`. A batch without a record has changed nothing, and nothing of it is committed.
    pub(super) async fn end(&mut self, tx: Tx, record: Record, (rows, of): (usize, Option<u64>)) -> Result<(), Error> {
        if self.run.dry_run {
            self.open = Some(tx);
        } else if !record.changes.is_empty() || !record.audits.is_empty() {
            self.keep(tx, record).await?;
        }
        self.done = self.done.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
        (self.run.progress)(self.done, of);
        Ok(())
    }

    /// Ends a batch whose writes are kept also when there is nothing to record of them.
    pub(super) async fn keep(&mut self, tx: Tx, record: Record) -> Result<(), Error> {
        if self.run.dry_run {
            self.open = Some(tx);
        } else {
            self.position = tx.commit(record).await?.or(self.position);
        }
        Ok(())
    }

    /// Takes the changes into account on this node. What a dry run did is undone here.
    pub(super) async fn finish(self, app: &App) -> Result<(), Error> {
        drop(self.open);
        app.settle(self.position).await
    }
}

/// Refuses a permit that reaches single sites only: what the command changes is everybody's.
///
/// # Errors
/// [`Denied`].
pub(super) fn instance_wide<A: Action>(permit: &Permit<A>) -> Result<(), Denied> {
    match permit.scope() {
        SiteScope::Everywhere => Ok(()),
        SiteScope::Sites(_) => Err(Denied { operation: A::OPERATION }),
    }
}

/// The change by which every node reloads these sets; `None` when there is nothing to reload.
pub(super) fn reload(sets: &[ReferenceSet], now: Timestamp) -> Option<Change> {
    let scopes = sets.iter().copied().map(ScopeKey::reference).collect();
    (!sets.is_empty()).then_some(Change { kind: ChangeKind::Reference, subject: None, scopes, at: now })
}

/// The trace of an act on reference data.
pub(super) fn audit<A: Action>(permit: &Permit<A>, matter: Matter, note: String, now: Timestamp) -> Audit {
    let (by, operation, site) = (permit.by(), A::OPERATION, matter.site());
    Audit { by, operation, site, entry: None, edition: None, note, matter: Some(matter), after: None, at: now }
}

/// A file that cannot be read, with the cause.
pub(super) fn unreadable(error: &dyn std::error::Error) -> Error {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::bad_request("file", format!("{error}{cause}"))
}
