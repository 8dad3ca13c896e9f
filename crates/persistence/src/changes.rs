//! The change log: one ordered sequence, in commit order, without gaps.

use sea_orm::Set;
use uuid::Uuid;

use lienthong_domain::change::{Change, ChangeKind, ChangedEntry, LogPosition};
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{EditionId, EntryId, SiteId};
use lienthong_domain::scope::ScopeSet;
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::change;
use crate::error::Error;
use crate::reader::Reader;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// A change with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Number in the log: 1, 2, 3 …
    pub seq: i64,
    /// The change.
    pub change: Change,
}

/// Changes after `seq`, oldest first, at most `limit`.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn after(store: &Store, seq: i64, limit: u32) -> Result<Vec<Logged>, Error> {
    let sql = Sql::new(
        "SELECT seq, kind, entry_id, entry_kind, site_id, edition_id, scopes, at FROM change \
         WHERE seq > $1 ORDER BY seq LIMIT $2",
    );
    store.reader.all(sql.value(seq).value(i64::from(limit))).await
}

pub(crate) async fn head(reader: &Reader) -> Result<LogPosition, Error> {
    let position = reader.first(Sql::new("SELECT epoch, seq FROM change_head WHERE id = 1")).await?;
    position.ok_or_else(|| Error::corrupt("change_head", "it is empty"))
}

/// Writes the rows of `changes`, whose numbers were reserved by [`crate::log::raise`].
pub(crate) async fn append(tx: &Tx, position: LogPosition, changes: &[Change]) -> Result<(), Error> {
    insert_all(tx, rows(position, changes), None).await
}

/// The rows of `changes`, the last of which stands at `position`.
pub(crate) fn rows(position: LogPosition, changes: &[Change]) -> impl Iterator<Item = change::ActiveModel> {
    let first = position.seq - i64::try_from(changes.len()).unwrap_or(i64::MAX) + 1;
    (first..).zip(changes).map(|(seq, change)| row(seq, change))
}

fn row(seq: i64, change: &Change) -> change::ActiveModel {
    let Change { kind, subject, scopes, at } = change;
    change::ActiveModel {
        seq: Set(seq),
        kind: Set(kind.as_str().to_owned()),
        entry_id: Set(subject.map(|s| s.entry.as_uuid())),
        entry_kind: Set(subject.map(|s| s.kind.as_str().to_owned())),
        site_id: Set(subject.map(|s| s.site.as_uuid())),
        edition_id: Set(subject.map(|s| s.edition.as_uuid())),
        scopes: Set(scopes.to_bytes()),
        at: Set(at.as_micros()),
    }
}

impl FromRow for LogPosition {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { epoch: columns.take()?, seq: columns.take()? })
    }
}

impl FromRow for Logged {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let seq = columns.take()?;
        let kind: String = columns.take()?;
        let kind = ChangeKind::parse(&kind).ok_or_else(|| Error::corrupt("change", format!("kind {kind}")))?;
        let subject = subject(columns)?;
        let scopes: Vec<u8> = columns.take()?;
        let scopes = ScopeSet::from_bytes(&scopes).map_err(|error| Error::corrupt("change", error))?;
        let at = Timestamp::from_micros(columns.take()?);
        Ok(Self { seq, change: Change { kind, subject, scopes, at } })
    }
}

fn subject(columns: &mut Columns<'_>) -> Result<Option<ChangedEntry>, Error> {
    let entry: Option<Uuid> = columns.take()?;
    let kind: Option<String> = columns.take()?;
    let site: Option<Uuid> = columns.take()?;
    let edition: Option<Uuid> = columns.take()?;
    let (Some(entry), Some(kind), Some(site), Some(edition)) = (entry, kind, site, edition) else { return Ok(None) };
    let kind = EntryKind::parse(&kind).ok_or_else(|| Error::corrupt("change", format!("entry kind {kind}")))?;
    Ok(Some(ChangedEntry {
        entry: EntryId::from_uuid(entry),
        kind,
        site: SiteId::from_uuid(site),
        edition: EditionId::from_uuid(edition),
    }))
}
