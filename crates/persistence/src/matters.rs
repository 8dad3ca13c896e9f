//! The rows that only acts change: entries, people and what they may do, sites, registers. Each act notes in its leaf the
//! digest of what it came upon and of what it left ([`crate::audits`]), so that a row that was written behind the
//! application's back shows. What editions say has digests of its own ([`crate::documents`]).

mod parts;

use std::collections::{BTreeSet, HashMap};
use std::mem::discriminant;

use sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

use lienthong_domain::change::{Digest, Matter};
use lienthong_domain::ids::{ActorId, BundleId, EntryId, MediaId, QuarantineId, SiteId};

use self::parts::parts;
use crate::audits::digest;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// The digests of the rows of these matters as they are in this transaction: one statement for each sort of them. Those
/// without rows are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn digests(tx: &Tx, of: &BTreeSet<Matter>) -> Result<HashMap<Matter, Digest>, Error> {
    read(tx.conn(), of).await
}

/// The same through any connection.
pub(crate) async fn read(
    connection: &impl ConnectionTrait,
    of: &BTreeSet<Matter>,
) -> Result<HashMap<Matter, Digest>, Error> {
    let backend = connection.get_database_backend();
    let mut found = HashMap::new();
    for (some, sql) in questions(backend, of) {
        let rows = connection.query_all_raw(sql.statement(backend)).await?;
        let rows: Result<Vec<Row>, Error> = rows.iter().map(|row| Row::from_row(&mut Columns::of_orm(row))).collect();
        found.extend(gathered(&some, rows?));
    }
    Ok(found)
}

/// Matters of one sort, and the statement that asks for their rows.
pub(crate) fn questions(backend: DbBackend, of: &BTreeSet<Matter>) -> Vec<(Vec<Matter>, Sql)> {
    let all: Vec<Matter> = of.iter().copied().collect();
    let of_one_sort = all.chunk_by(|one, next| discriminant(one) == discriminant(next));
    let some = of_one_sort.flat_map(|sort| sort.chunks(ASKED_AT_ONCE));
    some.map(|some| (some.to_vec(), question(backend, some))).collect()
}

/// Matters that are asked for in one statement.
const ASKED_AT_ONCE: usize = 500;

fn question(backend: DbBackend, some: &[Matter]) -> Sql {
    let parts = some.first().map_or(&[][..], |first| parts(*first));
    let ids: Vec<Uuid> = some.iter().filter_map(|matter| id(*matter)).collect();
    let places: Vec<String> = (1..=ids.len()).map(|number| format!("${number}")).collect();
    let owners = format!("({})", places.join(", "));
    let selects: Vec<String> = parts.iter().map(|part| part.select(backend, &owners)).collect();
    ids.into_iter().fold(Sql::new(selects.join(" UNION ALL ")), Sql::value)
}

/// A row, and the id of the matter that it belongs to; none in a register.
pub(crate) struct Row(Option<Uuid>, String);

/// Of each of these matters that has rows, SHA-256 over them in the order of their texts, each behind its length, so that
/// no two sets of rows read alike.
pub(crate) fn gathered(matters: &[Matter], rows: Vec<Row>) -> HashMap<Matter, Digest> {
    let by_id: HashMap<Option<Uuid>, Matter> = matters.iter().map(|matter| (id(*matter), *matter)).collect();
    let mut texts: HashMap<Matter, Vec<String>> = HashMap::new();
    for Row(owner, text) in rows {
        if let Some(matter) = by_id.get(&owner) {
            texts.entry(*matter).or_default().push(text);
        }
    }
    let digest = |(matter, mut rows): (Matter, Vec<String>)| {
        rows.sort_unstable();
        let framed: Vec<String> = rows.into_iter().map(|row| format!("{}:{row}", row.len())).collect();
        (matter, lienthong_proof::sha256(framed.concat().as_bytes()))
    };
    texts.into_iter().map(digest).collect()
}

const fn id(of: Matter) -> Option<Uuid> {
    match of {
        Matter::Actor(id) => Some(id.as_uuid()),
        Matter::Site(id) => Some(id.as_uuid()),
        Matter::Media(id) => Some(id.as_uuid()),
        Matter::Entry(id) | Matter::Work(id) => Some(id.as_uuid()),
        Matter::Bundle(id) => Some(id.as_uuid()),
        Matter::Quarantine(id) => Some(id.as_uuid()),
        Matter::Units | Matter::Topics | Matter::Agencies => None,
    }
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self(columns.take()?, columns.take()?))
    }
}

/// Every matter beside entries of which there are rows, or may be.
///
/// # Errors
/// When the database does not answer.
pub async fn present(tx: &Tx) -> Result<BTreeSet<Matter>, Error> {
    let mut all = BTreeSet::from(Matter::REGISTERS);
    all.extend(ids(tx, "SELECT id FROM actor").await?.map(|id| Matter::Actor(ActorId::from_uuid(id))));
    all.extend(ids(tx, "SELECT id FROM site").await?.map(|id| Matter::Site(SiteId::from_uuid(id))));
    all.extend(ids(tx, "SELECT id FROM media").await?.map(|id| Matter::Media(MediaId::from_uuid(id))));
    all.extend(ids(tx, "SELECT entry_id FROM royalty_work").await?.map(|id| Matter::Work(EntryId::from_uuid(id))));
    all.extend(ids(tx, "SELECT id FROM bundle").await?.map(|id| Matter::Bundle(BundleId::from_uuid(id))));
    let quarantines = ids(tx, "SELECT id FROM quarantine").await?;
    all.extend(quarantines.map(|id| Matter::Quarantine(QuarantineId::from_uuid(id))));
    Ok(all)
}

async fn ids(tx: &Tx, sql: &'static str) -> Result<impl Iterator<Item = Uuid>, Error> {
    Ok(tx.all::<Uuid>(Sql::new(sql)).await?.into_iter())
}

/// An act on a matter: what it came upon, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActOn {
    /// The matter, as [`Matter`] is written.
    pub matter: String,
    /// Its place in the log.
    pub leaf: u64,
    /// The rows that were committed before it.
    pub before: Option<Digest>,
    /// Those that it left.
    pub after: Option<Digest>,
}

/// The acts on matters beside entries that come after this one, at most `limit`: by matter, and those on one in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn acts(tx: &Tx, after: Option<&ActOn>, limit: u32) -> Result<Vec<ActOn>, Error> {
    let (matter, leaf) = after.map_or(("", 0), |act| (act.matter.as_str(), act.leaf.cast_signed()));
    let sql = Sql::new(
        "SELECT matter, leaf, rows_before, rows_after FROM audit WHERE matter IS NOT NULL AND (matter, leaf) > ($1, $2) \
         ORDER BY matter, leaf LIMIT $3",
    );
    tx.all(sql.value(matter.to_owned()).value(leaf).value(i64::from(limit))).await
}

impl FromRow for ActOn {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            matter: columns.take()?,
            leaf: columns.take::<i64>()?.cast_unsigned(),
            before: columns.take::<Option<Vec<u8>>>()?.map(digest),
            after: columns.take::<Option<Vec<u8>>>()?.map(digest),
        })
    }
}
