//! The audit trail: every act, in the transaction that did it, as a leaf of the log ([`crate::log`]).

use std::collections::{BTreeSet, HashMap};

use sea_orm::Set;
use uuid::Uuid;

use lienthong_domain::access::{By, Operation};
use lienthong_domain::change::{Audit, Digest, Matter};
use lienthong_domain::ids::{ActorId, AuditId, EditionId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_proof::canonical::Object;
use lienthong_proof::{hex, merkle};

use crate::entity::audit;
use crate::error::Error;
use crate::matters;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// An act as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its place in the log, from 0.
    pub leaf: u64,
    /// Identity.
    pub id: AuditId,
    /// Who.
    pub actor: ActorId,
    /// The address of the request.
    pub address: Option<String>,
    /// What, as [`lienthong_domain::access::Operation::as_str`] names it.
    pub operation: String,
    /// On which site.
    pub site: Option<SiteId>,
    /// On which entry.
    pub entry: Option<EntryId>,
    /// Which edition.
    pub edition: Option<EditionId>,
    /// What it was about.
    pub note: String,
    /// What it was about, as [`Matter`] is written; none when that is the entry.
    pub matter: Option<String>,
    /// The rows of the matter, or of the entry, before this act; none when there were none.
    pub rows_before: Option<Digest>,
    /// Those that it left.
    pub rows_after: Option<Digest>,
    /// What the edition said before this act; none of one that it made.
    pub before: Option<Digest>,
    /// What it said afterwards.
    pub after: Option<Digest>,
    /// When.
    pub at: Timestamp,
    /// The hash of the leaf, as it is stored.
    pub hash: Digest,
}

/// An act with the name of who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAct {
    /// The act.
    pub act: Act,
    /// The name by which people call the actor; none for what happens by itself, or for the operator.
    pub handle: Option<String>,
}

/// What acts to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActsOn {
    /// On one entry.
    Entry(EntryId),
    /// On one site and everything on it.
    Site(SiteId),
    /// Of the whole instance.
    Everything,
}

pub(crate) const COLUMNS: &str = "a.leaf, a.id, a.actor_id, a.address, a.operation, a.site_id, a.entry_id, a.edition_id, \
     a.note, a.matter, a.rows_before, a.rows_after, a.digest_before, a.digest_after, a.at, a.hash";

/// Up to `limit` acts, latest first, before the leaf `before`.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, on: ActsOn, (before, limit): (Option<u64>, u32)) -> Result<Vec<NamedAct>, Error> {
    let sql = format!("SELECT {COLUMNS}, p.handle FROM audit a LEFT JOIN actor p ON p.id = a.actor_id WHERE ");
    let mut sql = Sql::new(sql);
    sql = match on {
        ActsOn::Entry(entry) => sql.push("a.entry_id = ").bind(entry.as_uuid()),
        ActsOn::Site(site) => sql.push("a.site_id = ").bind(site.as_uuid()),
        ActsOn::Everything => sql.push("1 = 1"),
    };
    if let Some(before) = before {
        sql = sql.push(" AND a.leaf < ").bind(before.cast_signed());
    }
    store.reader.all(sql.push(" ORDER BY a.leaf DESC LIMIT ").bind(i64::from(limit))).await
}

/// How often somebody has done one of these to an entry since `since`.
///
/// # Errors
/// When the database does not answer.
pub async fn count(tx: &Tx, (actor, operations): (ActorId, &[Operation]), since: Timestamp) -> Result<u64, Error> {
    let sql = Sql::new("SELECT COUNT(*) FROM audit WHERE actor_id = ").bind(actor.as_uuid());
    let sql = sql.push(" AND at >= ").bind(since.as_micros()).push(" AND entry_id IS NOT NULL AND operation IN ");
    let counted: Vec<i64> = tx.all(sql.bind_list(operations.iter().map(|operation| operation.as_str()))).await?;
    Ok(counted.first().copied().unwrap_or_default().unsigned_abs())
}

/// What has been done with one edition of an entry, as [`lienthong_domain::access::Operation::as_str`] names it.
///
/// # Errors
/// When the database does not answer.
pub async fn operations(tx: &Tx, (entry, edition): (EntryId, EditionId)) -> Result<BTreeSet<String>, Error> {
    let sql = Sql::new("SELECT DISTINCT operation FROM audit WHERE entry_id = ").bind(entry.as_uuid());
    let found: Vec<String> = tx.all(sql.push(" AND edition_id = ").bind(edition.as_uuid())).await?;
    Ok(found.into_iter().collect())
}

impl Act {
    /// What the leaf says, as canonical JSON. Absent members are left out.
    pub fn content(&self) -> String {
        #[rustfmt::skip] // One name a line would make a long function of a short one.
        let Self {
            leaf: _, id, actor, address, operation, site, entry, edition, note, matter, rows_before, rows_after, before,
            after, at, hash: _,
        } = self;
        Object::default()
            .text("actor", actor.to_string())
            .maybe("address", address.as_ref())
            .maybe("after", after.map(|digest| hex(&digest)))
            .text("at", at.to_string())
            .maybe("before", before.map(|digest| hex(&digest)))
            .maybe("edition", edition.map(|id| id.to_string()))
            .maybe("entry", entry.map(|id| id.to_string()))
            .text("id", id.to_string())
            .maybe("matter", matter.as_ref())
            .text("note", note)
            .text("operation", operation)
            .maybe("rowsAfter", rows_after.map(|digest| hex(&digest)))
            .maybe("rowsBefore", rows_before.map(|digest| hex(&digest)))
            .text("schema", SCHEMA)
            .maybe("site", site.map(|id| id.to_string()))
            .finish()
    }
}

/// The form of [`Act::content`].
pub const SCHEMA: &str = "lienthong/act/1";

/// What the acts of a transaction came upon and leave.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    /// What editions said that were committed before.
    pub(crate) editions: HashMap<EditionId, Digest>,
    /// The rows of matters as they were committed before.
    pub(crate) before: HashMap<Matter, Digest>,
    /// The rows of matters as they are now.
    pub(crate) after: HashMap<Matter, Digest>,
}

impl Digests {
    /// What the next act on an edition came upon, if it leaves `after`.
    fn edition(&mut self, edition: Option<EditionId>, after: Option<Digest>) -> Option<Digest> {
        self.editions.insert(edition?, after?)
    }

    /// What the next act on a matter came upon, and what it leaves. Of several acts of one transaction the first does it.
    fn rows(&mut self, matter: Option<Matter>) -> (Option<Digest>, Option<Digest>) {
        let Some(matter) = matter else { return (None, None) };
        let after = self.after.get(&matter).copied();
        let before = match after {
            Some(after) => self.before.insert(matter, after),
            None => self.before.remove(&matter),
        };
        (before, after)
    }
}

/// The acts of a transaction, ready to become leaves; their numbers come last.
pub(crate) fn prepared(audits: &[Audit], mut digests: Digests) -> Vec<Act> {
    let act = |audit: &Audit| {
        let Audit { by: By { actor, from }, operation, site, entry, edition, note, matter, after, at } = audit;
        let (rows_before, rows_after) = digests.rows(*matter);
        let mut act = Act {
            leaf: 0,
            id: AuditId::new(*at),
            actor: *actor,
            address: from.map(|address| address.to_string()),
            operation: operation.as_str().to_owned(),
            site: *site,
            entry: *entry,
            edition: *edition,
            note: note.clone(),
            matter: matter.filter(|matter| entry.map(Matter::Entry) != Some(*matter)).map(|matter| matter.to_string()),
            rows_before,
            rows_after,
            before: digests.edition(*edition, *after),
            after: *after,
            at: *at,
            hash: Digest::default(),
        };
        act.hash = merkle::leaf(act.content().as_bytes());
        act
    };
    audits.iter().map(act).collect()
}

/// What was committed of what these acts change, and what of it is there now.
pub(crate) async fn digests(tx: &Tx, audits: &[Audit]) -> Result<Digests, Error> {
    let changed = audits.iter().filter(|act| act.after.is_some()).filter_map(|act| act.edition);
    let changed: Vec<Uuid> = changed.map(EditionId::as_uuid).collect();
    let mut editions = HashMap::new();
    for some in changed.chunks(ASKED_AT_ONCE) {
        editions.extend(tx.witness().editions(some).await?);
    }
    let about = about(audits);
    // In this order: what somebody else slips in between the two is then in `before`, where it does not belong.
    let after = matters::digests(tx, &about).await?;
    let before = tx.witness().matters(&about).await?;
    Ok(Digests { editions, before, after })
}

/// What these acts are about.
pub(crate) fn about(audits: &[Audit]) -> BTreeSet<Matter> {
    audits.iter().filter_map(|act| act.matter).collect()
}

const ASKED_AT_ONCE: usize = 1_000;

pub(crate) fn row(act: Act) -> audit::ActiveModel {
    #[rustfmt::skip] // One name a line would make a long function of a short one.
    let Act {
        leaf, id, actor, address, operation, site, entry, edition, note, matter, rows_before, rows_after, before, after, at,
        hash,
    } = act;
    let bytes = |digest: Option<Digest>| digest.map(|digest| digest.to_vec());
    audit::ActiveModel {
        leaf: Set(leaf.cast_signed()),
        id: Set(id.as_uuid()),
        actor_id: Set(actor.as_uuid()),
        address: Set(address),
        operation: Set(operation),
        site_id: Set(site.map(SiteId::as_uuid)),
        entry_id: Set(entry.map(EntryId::as_uuid)),
        edition_id: Set(edition.map(EditionId::as_uuid)),
        note: Set(note),
        matter: Set(matter),
        rows_before: Set(bytes(rows_before)),
        rows_after: Set(bytes(rows_after)),
        digest_before: Set(bytes(before)),
        digest_after: Set(bytes(after)),
        at: Set(at.as_micros()),
        hash: Set(hash.to_vec()),
    }
}

/// A digest as stored. One of another length is nobody's: it reads as nothing but zeros, which no content has, so that
/// whoever compares it finds the row out.
pub(crate) fn digest(bytes: Vec<u8>) -> Digest {
    bytes.try_into().unwrap_or_default()
}

impl FromRow for Act {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            leaf: columns.take::<i64>()?.cast_unsigned(),
            id: AuditId::from_uuid(columns.take()?),
            actor: ActorId::from_uuid(columns.take()?),
            address: columns.take()?,
            operation: columns.take()?,
            site: columns.take::<Option<Uuid>>()?.map(SiteId::from_uuid),
            entry: columns.take::<Option<Uuid>>()?.map(EntryId::from_uuid),
            edition: columns.take::<Option<Uuid>>()?.map(EditionId::from_uuid),
            note: columns.take()?,
            matter: columns.take()?,
            rows_before: columns.take::<Option<Vec<u8>>>()?.map(digest),
            rows_after: columns.take::<Option<Vec<u8>>>()?.map(digest),
            before: columns.take::<Option<Vec<u8>>>()?.map(digest),
            after: columns.take::<Option<Vec<u8>>>()?.map(digest),
            at: Timestamp::from_micros(columns.take()?),
            hash: digest(columns.take()?),
        })
    }
}

impl FromRow for NamedAct {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { act: Act::from_row(columns)?, handle: columns.take()? })
    }
}
