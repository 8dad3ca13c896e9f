//! Bulk publication: many new entries with all the rows of their publication, in one transaction each few hundred.
//!
//! On `SQLite` the rows go through prepared statements on a connection of their own, because passing each value through
//! the asynchronous driver costs several times what the insert costs (docs/benchmarks.md); on `PostgreSQL` through
//! multi-row statements. Both leave the rows that [`crate::entries::insert`], [`crate::live_projection::show`] and
//! [`Tx::commit`] leave; a contract test compares them.

mod lite;
mod rows;

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait as _, DbBackend};
use tokio::sync::watch;
use uuid::Uuid;

use lienthong_domain::change::{Audit, Change, LogPosition};
use lienthong_domain::entry::{Entry, EntryKind};
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::internal::Projection;
use lienthong_domain::slug::Slug;

use crate::batch::insert_all;
use crate::bulk::lite::{LiteTx, LiteWriter};
use crate::bulk::rows::InOrder;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Location, Record, Store, Tx, announce};

/// 128 bits that tell whether an imported record is the same as before.
pub type Digest = [u8; 16];

/// A new entry, already published, with what its publication leaves.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The entry with its live edition.
    pub entry: Entry,
    /// What its audience reads.
    pub shown: Projection,
    /// The record it was imported from.
    pub digest: Digest,
    /// For the log.
    pub change: Change,
    /// For the trail.
    pub audit: Audit,
}

/// An entry that is here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The entry.
    pub entry: EntryId,
    /// The record of the last import; `None` when it did not come through a bulk import.
    pub digest: Option<Digest>,
}

/// Writes in bulk. Holds a connection of its own on `SQLite`.
pub struct Writer {
    store: Store,
    lite: Option<LiteWriter>,
}

/// An open transaction of a [`Writer`]. Dropped without [`BulkTx::commit`], it leaves nothing behind.
pub struct BulkTx {
    inner: Inner,
    committed: watch::Sender<i64>,
}

enum Inner {
    Lite(LiteTx),
    Orm(Tx),
}

impl Writer {
    /// Opens the connection.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(store: &Store) -> Result<Self, Error> {
        let lite = match &store.location {
            Location::File(file) => Some(LiteWriter::open(file)?),
            Location::Postgres(_) => None,
        };
        Ok(Self { store: store.clone(), lite })
    }

    /// A writer that goes through the ORM on either database, to compare the two ways.
    pub fn through_orm(store: &Store) -> Self {
        Self { store: store.clone(), lite: None }
    }

    /// Begins a transaction that keeps every other writer of entries waiting until it ends.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn begin(&self) -> Result<BulkTx, Error> {
        let inner = match &self.lite {
            Some(lite) => Inner::Lite(lite.begin(&self.store).await?),
            None => Inner::Orm(alone(self.store.begin().await?).await?),
        };
        Ok(BulkTx { inner, committed: self.store.committed.clone() })
    }

    /// Brings what was written from the write-ahead log into the database file. Readers that are at work may keep a part
    /// of it for later.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn finish(self) -> Result<(), Error> {
        match self.lite {
            Some(lite) => lite.checkpoint().await,
            None => Ok(()),
        }
    }
}

/// `SQLite` has one writer; on `PostgreSQL` the table is locked against writers, so that what was looked up stays true.
async fn alone(tx: Tx) -> Result<Tx, Error> {
    if tx.backend() == DbBackend::Postgres {
        tx.conn().execute_unprepared("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(tx)
}

impl BulkTx {
    /// Which of these were imported before, by site and source id.
    ///
    /// # Errors
    /// When the database does not answer or holds a row that cannot be read.
    pub async fn known(
        &self,
        kind: EntryKind,
        keys: &[(SiteId, &str)],
    ) -> Result<HashMap<(SiteId, String), Known>, Error> {
        let mut known = HashMap::new();
        for keys in keys.chunks(ASKED) {
            let sql = pairs("WITH k (site_id, source_id) AS (VALUES ", keys)
                .push(
                    ") SELECT e.site_id, e.source_id, e.id, e.source_digest FROM k CROSS JOIN entry e \
                     WHERE e.site_id = k.site_id AND e.source_id = k.source_id AND e.kind = ",
                )
                .bind(kind.as_str());
            let rows: Vec<KnownRow> = self.all(sql).await?;
            known.extend(rows.into_iter().map(|row| ((row.site, row.source_id), row.known)));
        }
        Ok(known)
    }

    /// Which of these are entries that were written here: they have no source id, and exports write their own id instead. By
    /// site, and the id as exports write it. Asks nothing when there are none to ask for.
    ///
    /// # Errors
    /// When the database does not answer or holds a row that cannot be read.
    pub async fn written_here(
        &self,
        kind: EntryKind,
        ids: &[EntryId],
    ) -> Result<HashMap<(SiteId, String), Known>, Error> {
        let mut known = HashMap::new();
        for ids in ids.chunks(ASKED) {
            let sql = Sql::new("SELECT e.site_id, e.id, e.source_digest FROM entry e WHERE e.kind = ")
                .bind(kind.as_str())
                .push(" AND e.source_id IS NULL AND e.id IN ")
                .bind_list(ids.iter().map(|id| id.as_uuid()));
            let rows: Vec<WrittenRow> = self.all(sql).await?;
            known.extend(rows.into_iter().map(|row| ((row.site, row.known.entry.to_string()), row.known)));
        }
        Ok(known)
    }

    /// Which of these addresses are taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn taken(&self, slugs: &[(SiteId, &str)]) -> Result<HashSet<(SiteId, String)>, Error> {
        let mut taken = HashSet::new();
        for slugs in slugs.chunks(ASKED) {
            let sql = pairs("WITH k (site_id, slug) AS (VALUES ", slugs).push(
                ") SELECT e.site_id, e.slug FROM k CROSS JOIN entry e WHERE e.site_id = k.site_id AND e.slug = k.slug",
            );
            let rows: Vec<SlugRow> = self.all(sql).await?;
            taken.extend(rows.into_iter().map(|row| (row.site, row.slug)));
        }
        Ok(taken)
    }

    /// The slugs of a site that are `base` or begin with `base-`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn slugs_like(&self, site: SiteId, base: &Slug) -> Result<HashSet<String>, Error> {
        // Between `base-` and `base.` (the next character) lies all that begins with `base-`.
        let sql = Sql::new(
            "SELECT site_id, slug FROM entry WHERE site_id = $1 AND slug = $2 \
             UNION ALL SELECT site_id, slug FROM entry WHERE site_id = $1 AND slug >= $3 AND slug < $4",
        );
        let sql = sql.value(site.as_uuid()).value(base.as_str());
        let rows: Vec<SlugRow> = self.all(sql.value(format!("{base}-")).value(format!("{base}."))).await?;
        Ok(rows.into_iter().map(|row| row.slug).collect())
    }

    /// The number of the last change, and whether reference data changed after the change `seq`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reference_changed_after(&self, seq: i64) -> Result<(i64, bool), Error> {
        let sql = Sql::new(
            "SELECT h.seq, (SELECT COUNT(*) FROM change c WHERE c.seq > $1 AND c.kind = 'reference') \
             FROM change_head h WHERE h.id = 1",
        );
        let rows: Vec<ReferenceRow> = self.all(sql.value(seq)).await?;
        rows.first().map(|row| (row.head, row.changes > 0)).ok_or_else(|| Error::corrupt("change_head", "it is empty"))
    }

    /// Writes the entries and shows them. Their log and audit rows wait for [`BulkTx::commit`].
    ///
    /// # Errors
    /// [`Error::Duplicate`] when slug or source id is taken on the site.
    pub async fn add(&mut self, new: &[Publication]) -> Result<(), Error> {
        let new = InOrder::new(new);
        match &mut self.inner {
            Inner::Lite(lite) => lite.add(&new).await,
            Inner::Orm(tx) => add(tx, &new).await,
        }
    }

    /// Commits with the log and audit rows, as [`Tx::commit`] does.
    ///
    /// # Errors
    /// When the database refuses; then nothing of the transaction remains.
    pub async fn commit(self, record: Record) -> Result<Option<LogPosition>, Error> {
        match self.inner {
            Inner::Lite(lite) => {
                let position = lite.commit(record).await?;
                announce(&self.committed, position);
                Ok(position)
            }
            Inner::Orm(tx) => tx.commit(record).await,
        }
    }

    async fn all<T: FromRow>(&self, sql: Sql) -> Result<Vec<T>, Error> {
        match &self.inner {
            Inner::Lite(lite) => lite.all(sql).await,
            Inner::Orm(tx) => tx.all(sql).await,
        }
    }
}

async fn add(tx: &Tx, new: &InOrder<'_>) -> Result<(), Error> {
    insert_all(tx, new.entries(), None).await?;
    insert_all(tx, new.editions()?, None).await?;
    insert_all(tx, new.headers()?, None).await?;
    insert_all(tx, new.bodies(), None).await?;
    insert_all(tx, new.by_publication(), None).await?;
    insert_all(tx, new.by_update(), None).await?;
    insert_all(tx, new.internal(), None).await?;
    for sql in new.notes() {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// Remembers the record from which an entry was last imported, beside a change made by ordinary commands.
///
/// # Errors
/// When the database refuses.
pub async fn remember(tx: &Tx, entry: EntryId, digest: Digest) -> Result<(), Error> {
    let sql = Sql::new("UPDATE entry SET source_digest = $1 WHERE id = $2");
    let sql = sql.value(digest.to_vec()).value(entry.as_uuid());
    tx.conn().execute_raw(sql.statement(tx.backend())).await?;
    Ok(())
}

/// Keys that are asked for in one statement. Always as many, so that it is planned once.
const ASKED: usize = 500;

/// Appends `(site, text), …`. What is asked for is the left side of a `CROSS JOIN`, which `SQLite` reads first: left to
/// itself it reads all entries and looks for each of them among the keys.
fn pairs(start: &'static str, pairs: &[(SiteId, &str)]) -> Sql {
    let mut sql = Sql::new(start);
    for (at, (site, text)) in pairs.iter().enumerate() {
        sql = sql.push(if at == 0 { "(" } else { ", (" }).bind(site.as_uuid());
        sql = sql.push(", ").bind(*text).push(")");
    }
    sql
}

struct KnownRow {
    site: SiteId,
    source_id: String,
    known: Known,
}

impl FromRow for KnownRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let site = SiteId::from_uuid(columns.take()?);
        let source_id = columns.take()?;
        Ok(Self { site, source_id, known: known(columns)? })
    }
}

struct WrittenRow {
    site: SiteId,
    known: Known,
}

impl FromRow for WrittenRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { site: SiteId::from_uuid(columns.take()?), known: known(columns)? })
    }
}

/// From the id and the digest.
fn known(columns: &mut Columns<'_>) -> Result<Known, Error> {
    let entry = EntryId::from_uuid(columns.take()?);
    let digest = columns.take::<Option<Vec<u8>>>()?.map(Digest::try_from).transpose();
    let digest = digest.map_err(|_| Error::corrupt("entry", "a source digest that has not 16 bytes"))?;
    Ok(Known { entry, digest })
}

struct ReferenceRow {
    head: i64,
    changes: i64,
}

impl FromRow for ReferenceRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { head: columns.take()?, changes: columns.take()? })
    }
}

struct SlugRow {
    site: SiteId,
    slug: String,
}

impl FromRow for SlugRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { site: SiteId::from_uuid(columns.take::<Uuid>()?), slug: columns.take()? })
    }
}
