//! What is on its way to the public: the work list of an editorial desk.

use lienthong_domain::access::{Action, OwnOr, SiteScope};
use lienthong_domain::entry::{EditionState, Version};
use lienthong_domain::ids::{ActorId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::live_entries::Key;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Store;

/// An entry with an open edition, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// Its address there.
    pub slug: String,
    /// Counts the writes.
    pub version: Version,
    /// Number of the open edition.
    pub number: u32,
    /// Where that stands.
    pub state: EditionState,
    /// Its title.
    pub title: String,
    /// Whether an intermediary has to look through it first.
    pub needs_screening: bool,
    /// Whether a second person has to look before it becomes public.
    pub is_held: bool,
    /// The time that is set for its publication.
    pub publish_at: Option<Timestamp>,
    /// When the edition was begun.
    pub begun_at: Timestamp,
    /// Whether the public sees an earlier edition.
    pub is_public: bool,
}

impl DeskEntry {
    /// Where it stands in the list.
    pub const fn key(&self) -> Key {
        Key { at: self.begun_at, entry: self.entry }
    }
}

const SELECT: &str = "SELECT e.id, e.site_id, e.slug, e.version, d.number, d.state, d.title, \
     CASE WHEN d.needs_screening THEN 1 ELSE 0 END, \
     CASE WHEN d.is_held OR e.quarantined_at IS NOT NULL THEN 1 ELSE 0 END, d.publish_at, d.created_at, \
     (SELECT COUNT(*) FROM edition l WHERE l.entry_id = e.id AND l.state = 'live') \
     FROM edition d JOIN entry e ON e.id = d.entry_id WHERE d.state IN ";

/// Up to `limit` entries whose open edition is in one of `states`, on `sites` as far as the permit reaches, the latest
/// begun first, after `key`. What lies in the trash is left out. One statement.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list<A: Action>(
    store: &Store,
    (permit, sites): (&OwnOr<A>, &[SiteId]),
    states: &[EditionState],
    (key, limit): (Option<Key>, u32),
) -> Result<Vec<DeskEntry>, Error> {
    let reached = |scope: &SiteScope| -> Vec<Uuid> {
        sites.iter().filter(|site| scope.contains(**site)).map(|site| site.as_uuid()).collect()
    };
    let (any, own) = (reached(&permit.any()), reached(&permit.own()));
    if states.is_empty() || (any.is_empty() && own.is_empty()) {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(SELECT).bind_list(states.iter().map(|state| state.as_str()));
    sql =
        reach(sql.push(" AND e.kind = 'article' AND e.trashed_at IS NULL AND ("), (any, own), permit.actor()).push(")");
    if let Some(key) = key {
        sql = sql.push(" AND (d.created_at, d.entry_id) < (").bind(key.at.as_micros());
        sql = sql.push(", ").bind(key.entry.as_uuid()).push(")");
    }
    store.reader.all(sql.push(" ORDER BY d.created_at DESC, d.entry_id DESC LIMIT ").bind(i64::from(limit))).await
}

/// Everybody's on the sites of `any`, and one's own on those of `own`; one of them has some.
fn reach(mut sql: Sql, (any, own): (Vec<Uuid>, Vec<Uuid>), me: ActorId) -> Sql {
    let both = !any.is_empty() && !own.is_empty();
    if !any.is_empty() {
        sql = sql.push("d.site_id IN ").bind_list(any);
    }
    if own.is_empty() {
        return sql;
    }
    sql = sql.push(if both { " OR (d.site_id IN " } else { "(d.site_id IN " }).bind_list(own);
    sql = sql.push(" AND (d.author_id = ").bind(me.as_uuid());
    sql.push(" OR d.writers LIKE ").bind(format!("%{me}%")).push("))")
}

impl FromRow for DeskEntry {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (entry, site) = (EntryId::from_uuid(columns.take()?), SiteId::from_uuid(columns.take()?));
        let (slug, version) = (columns.take()?, Version::new(columns.take::<i32>()?.cast_unsigned()));
        let number = columns.take::<i32>()?.cast_unsigned();
        let state: String = columns.take()?;
        Ok(Self {
            entry,
            site,
            slug,
            version,
            number,
            state: EditionState::parse(&state).ok_or_else(|| Error::corrupt("edition", format!("state {state}")))?,
            title: columns.take()?,
            needs_screening: columns.take::<i32>()? != 0,
            is_held: columns.take::<i32>()? != 0,
            publish_at: columns.take::<Option<i64>>()?.map(Timestamp::from_micros),
            begun_at: Timestamp::from_micros(columns.take()?),
            is_public: columns.take::<i64>()? != 0,
        })
    }
}
