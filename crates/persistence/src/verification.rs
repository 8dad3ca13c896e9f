//! What is stored, read as it lies there, for the command that looks for what was changed behind the application's back.
//! Rows that cannot be read are told, and hold nothing up.

pub mod lists;

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait as _, EntityTrait, IdenStatic as _, Iterable as _, ModelTrait,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use lienthong_domain::change::{Digest, Matter};
use lienthong_domain::entry::{Edition, Entry, EntryKind};
use lienthong_domain::ids::{EditionId, EntryId, SiteId};
use lienthong_domain::internal::Projection;

use crate::audits;
use crate::entity::{edition, entry, internal_entry, live_body, live_entry};
use crate::entries::{assemble, edition_of, edition_row};
use crate::error::Error;
use crate::live_corrections;
use crate::live_projection::{body_row, header_row, internal_row};
use crate::matters;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// An entry with everything that is stored of it.
#[derive(Debug)]
pub struct Stored {
    /// The entry.
    pub id: EntryId,
    /// With its live and its open edition, or why it cannot be read.
    pub entry: Result<Entry, String>,
    /// Every edition, by number.
    pub editions: Vec<StoredEdition>,
    /// The digest of its row and of those beside it.
    pub rows: Option<Digest>,
    /// The last act on it.
    pub last_act: Option<LastAct>,
    /// The last act in the log on each edition.
    pub last_acts: HashMap<EditionId, LastAct>,
    /// Acts that came upon something else than the act before them had left.
    pub surprises: Vec<Surprise>,
    header: Option<live_entry::Model>,
    body: Option<live_body::Model>,
    internal: Option<internal_entry::Model>,
    /// Columns about corrections that differ from what is public.
    mentions: Vec<&'static str>,
}

/// One edition as it is stored.
#[derive(Debug)]
pub struct StoredEdition {
    /// The edition.
    pub id: EditionId,
    /// What it says, or why it cannot be read.
    pub edition: Result<Edition, String>,
    /// Columns that this program would write in another way.
    pub strange: Vec<&'static str>,
}

/// The last act on an edition, or on an entry.
#[derive(Debug, Clone, Copy)]
pub struct LastAct {
    /// Its place in the log.
    pub leaf: u64,
    /// What it left.
    pub after: Option<Digest>,
}

/// An act on what somebody had changed behind the application's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surprise {
    /// The edition; none for the entry with what stands beside it.
    pub edition: Option<EditionId>,
    /// The act's place in the log.
    pub leaf: u64,
    /// The act before it on the same, if there was one.
    pub last: Option<u64>,
}

/// A row that differs from what belongs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The table.
    pub table: &'static str,
    /// What is wrong: columns, or the whole row.
    pub what: String,
}

/// The entries after `after` in the order of their ids, at most `limit`, with all that is stored of them.
///
/// # Errors
/// When the database does not answer.
pub async fn entries(tx: &Tx, after: Option<EntryId>, limit: u64) -> Result<Vec<Stored>, Error> {
    let mut query = entry::Entity::find().order_by_asc(entry::Column::Id).limit(limit);
    if let Some(after) = after {
        query = query.filter(entry::Column::Id.gt(after.as_uuid()));
    }
    let rows = query.all(tx.conn()).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut beside = Beside::read(tx, &ids).await?;
    Ok(rows.into_iter().map(|row| beside.stored(row)).collect())
}

/// Which of these entries and editions exist.
///
/// # Errors
/// When the database does not answer.
pub async fn existing(tx: &Tx, entries: &[Uuid], editions: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let mut found = HashSet::new();
    for (table, ids) in [("entry", entries), ("edition", editions)] {
        if !ids.is_empty() {
            let sql = Sql::new(format!("SELECT id FROM {table} WHERE id IN ")).bind_list(ids.iter().copied());
            found.extend(tx.all::<Uuid>(sql).await?);
        }
    }
    Ok(found)
}

/// Rows that belong to an entry or to an edition which does not exist, at most `limit` of each table.
///
/// # Errors
/// When the database does not answer.
pub async fn orphans(tx: &Tx, limit: u32) -> Result<Vec<(&'static str, Uuid)>, Error> {
    let mut found = Vec::new();
    for (table, key, parent) in [
        ("live_entry", "entry_id", "entry"),
        ("live_body", "entry_id", "entry"),
        ("live_gone", "entry_id", "entry"),
        ("internal_entry", "entry_id", "entry"),
        ("edition", "id", "entry"),
        ("remark", "id", "entry"),
        ("hold", "id", "entry"),
        ("preview", "id", "entry"),
        ("media_use", "media_id", "edition"),
    ] {
        let sql = format!(
            "SELECT t.{key} FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{parent}_id) LIMIT "
        );
        let ids: Vec<Uuid> = tx.all(Sql::new(sql).bind(i64::from(limit))).await?;
        found.extend(ids.into_iter().map(|id| (table, id)));
    }
    Ok(found)
}

/// Sites whose lists are being written anew, so that they may still be those of before.
///
/// # Errors
/// When the database does not answer.
pub async fn being_relisted(tx: &Tx) -> Result<HashSet<SiteId>, Error> {
    let ids: Vec<Uuid> = tx.all(Sql::new("SELECT site_id FROM relisting")).await?;
    Ok(ids.into_iter().map(SiteId::from_uuid).collect())
}

impl Stored {
    /// How the rows that are shown differ from what should be shown. With `lists_move`, the columns that a move of the
    /// reference data rewrites are not looked at.
    ///
    /// # Errors
    /// When what should be shown cannot be written.
    pub fn compare(&self, expected: Option<&Projection>, lists_move: bool) -> Result<Vec<Differing>, Error> {
        let public = expected.and_then(Projection::public);
        let header = public.map(header_row).transpose()?;
        let mut found = row_differs::<live_entry::Entity>("live_entry", header.as_ref(), self.header.as_ref());
        if lists_move {
            found.retain(|one| one.what != "scopes" && one.what != "topic_id");
        }
        let mentions = self.mentions.iter().map(|what| Differing { table: "live_entry", what: (*what).to_owned() });
        found.extend(mentions);
        let body = public.map(body_row);
        found.extend(row_differs::<live_body::Entity>("live_body", body.as_ref(), self.body.as_ref()));
        let internal = expected.and_then(Projection::internal).map(internal_row);
        found.extend(row_differs::<internal_entry::Entity>(
            "internal_entry",
            internal.as_ref(),
            self.internal.as_ref(),
        ));
        Ok(found)
    }
}

fn row_differs<E>(table: &'static str, expected: Option<&E::ActiveModel>, row: Option<&E::Model>) -> Vec<Differing>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
    E::Model: ModelTrait<Entity = E>,
{
    let differing = |what: &str| Differing { table, what: what.to_owned() };
    match (expected, row) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![differing("the row is missing")],
        (None, Some(_)) => vec![differing("the row is there though nothing is published")],
        (Some(expected), Some(row)) => columns::<E>(expected, row).into_iter().map(differing).collect(),
    }
}

/// The columns in which a row differs from what is expected. Those that are not set may hold anything.
fn columns<E>(expected: &E::ActiveModel, row: &E::Model) -> Vec<&'static str>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
    E::Model: ModelTrait<Entity = E>,
{
    let differs = |column: &E::Column| match expected.get(*column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value != row.get(*column),
        ActiveValue::NotSet => false,
    };
    E::Column::iter().filter(differs).map(|column| column.as_str()).collect()
}

/// The rows of a batch in other tables.
struct Beside {
    editions: HashMap<Uuid, Vec<edition::Model>>,
    acts: HashMap<Uuid, Acts>,
    rows: HashMap<Matter, Digest>,
    headers: HashMap<Uuid, live_entry::Model>,
    bodies: HashMap<Uuid, live_body::Model>,
    internal: HashMap<Uuid, internal_entry::Model>,
    mentions: HashMap<Uuid, Vec<&'static str>>,
}

impl Beside {
    async fn read(tx: &Tx, ids: &[Uuid]) -> Result<Self, Error> {
        let of = |ids: &[Uuid]| ids.to_vec();
        let of_entries = ids.iter().map(|id| Matter::Entry(EntryId::from_uuid(*id))).collect();
        let mut editions: HashMap<Uuid, Vec<edition::Model>> = HashMap::new();
        let found = edition::Entity::find().filter(edition::Column::EntryId.is_in(of(ids)));
        for row in found.order_by_asc(edition::Column::Number).all(tx.conn()).await? {
            editions.entry(row.entry_id).or_default().push(row);
        }
        let mut mentions: HashMap<Uuid, Vec<&'static str>> = HashMap::new();
        for (entry, column) in live_corrections::differing(tx, ids).await? {
            mentions.entry(entry).or_default().push(column);
        }
        let headers = live_entry::Entity::find().filter(live_entry::Column::EntryId.is_in(of(ids)));
        let bodies = live_body::Entity::find().filter(live_body::Column::EntryId.is_in(of(ids)));
        let internal = internal_entry::Entity::find().filter(internal_entry::Column::EntryId.is_in(of(ids)));
        Ok(Self {
            editions,
            acts: acts(tx, ids).await?,
            rows: matters::digests(tx, &of_entries).await?,
            headers: headers.all(tx.conn()).await?.into_iter().map(|row| (row.entry_id, row)).collect(),
            bodies: bodies.all(tx.conn()).await?.into_iter().map(|row| (row.entry_id, row)).collect(),
            internal: internal.all(tx.conn()).await?.into_iter().map(|row| (row.entry_id, row)).collect(),
            mentions,
        })
    }

    fn stored(&mut self, row: entry::Model) -> Stored {
        let id = row.id;
        let editions = self.editions.remove(&id).unwrap_or_default();
        let kind = EntryKind::parse(&row.kind);
        // One edition that cannot be read keeps no other from being looked at.
        let bare = assemble(row.clone(), Vec::new());
        let entry = assemble(row, editions.clone()).map_err(|error| error.to_string());
        let stored = |row: &edition::Model| stored_edition(bare.as_ref().ok(), kind, row);
        let Acts { on_entry, last, surprises } = self.acts.remove(&id).unwrap_or_default();
        Stored {
            id: EntryId::from_uuid(id),
            editions: editions.iter().map(stored).collect(),
            entry,
            rows: self.rows.remove(&Matter::Entry(EntryId::from_uuid(id))),
            last_act: on_entry,
            last_acts: last,
            surprises,
            header: self.headers.remove(&id),
            body: self.bodies.remove(&id),
            internal: self.internal.remove(&id),
            mentions: self.mentions.remove(&id).unwrap_or_default(),
        }
    }
}

fn stored_edition(entry: Option<&Entry>, kind: Option<EntryKind>, row: &edition::Model) -> StoredEdition {
    let id = EditionId::from_uuid(row.id);
    let unreadable = |error: String| StoredEdition { id, edition: Err(error), strange: Vec::new() };
    let (Some(entry), Some(kind)) = (entry, kind) else { return unreadable("its entry cannot be read".to_owned()) };
    let edition = match edition_of(kind, row.clone()) {
        Ok(edition) => edition,
        Err(error) => return unreadable(error.to_string()),
    };
    let strange = match edition_row(entry, &edition) {
        Ok(expected) => columns::<edition::Entity>(&expected, row),
        Err(error) => return unreadable(error.to_string()),
    };
    StoredEdition { id, edition: Ok(edition), strange }
}

/// What the log says of one entry.
#[derive(Default)]
struct Acts {
    on_entry: Option<LastAct>,
    last: HashMap<EditionId, LastAct>,
    surprises: Vec<Surprise>,
}

impl Acts {
    fn follow(&mut self, ActRow { entry: _, leaf, rows: (before, after), edition }: ActRow) {
        let last = self.on_entry.replace(LastAct { leaf, after });
        self.compare(None, (leaf, before), last);
        if let Some((edition, before, after)) = edition {
            let last = self.last.insert(edition, LastAct { leaf, after: Some(after) });
            self.compare(Some(edition), (leaf, before), last);
        }
    }

    fn compare(&mut self, edition: Option<EditionId>, (leaf, before): (u64, Option<Digest>), last: Option<LastAct>) {
        if before != last.and_then(|last| last.after) {
            self.surprises.push(Surprise { edition, leaf, last: last.map(|last| last.leaf) });
        }
    }
}

async fn acts(tx: &Tx, entries: &[Uuid]) -> Result<HashMap<Uuid, Acts>, Error> {
    let mut acts: HashMap<Uuid, Acts> = HashMap::new();
    if entries.is_empty() {
        return Ok(acts);
    }
    let sql = Sql::new(
        "SELECT a.entry_id, a.leaf, a.rows_before, a.rows_after, a.edition_id, a.digest_before, a.digest_after \
         FROM audit a WHERE a.matter IS NULL AND a.entry_id IN ",
    );
    let rows: Vec<ActRow> = tx.all(sql.bind_list(entries.iter().copied()).push(" ORDER BY a.leaf")).await?;
    for row in rows {
        acts.entry(row.entry).or_default().follow(row);
    }
    Ok(acts)
}

struct ActRow {
    entry: Uuid,
    leaf: u64,
    rows: (Option<Digest>, Option<Digest>),
    /// With what it said before and afterwards.
    edition: Option<(EditionId, Option<Digest>, Digest)>,
}

impl FromRow for ActRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (entry, leaf) = (columns.take()?, columns.take::<i64>()?.cast_unsigned());
        let digest = |columns: &mut Columns<'_>| Ok::<_, Error>(columns.take::<Option<Vec<u8>>>()?.map(audits::digest));
        let rows = (digest(columns)?, digest(columns)?);
        let edition = columns.take::<Option<Uuid>>()?.map(EditionId::from_uuid);
        let (before, after) = (digest(columns)?, digest(columns)?);
        let edition = edition.zip(after).map(|(edition, after)| (edition, before, after));
        Ok(Self { entry, leaf, rows, edition })
    }
}
