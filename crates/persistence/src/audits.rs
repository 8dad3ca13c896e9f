//! The audit trail: every act, in the transaction that did it.

use sea_orm::{EntityTrait as _, Set};

use lienthong_domain::change::Audit;
use lienthong_domain::ids::{ActorId, AuditId, EditionId, EntryId, SiteId};
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::audit;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// An act as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Identity, in the order of the acts.
    pub id: AuditId,
    /// Who.
    pub actor: ActorId,
    /// The name by which people call the actor; none for what happens by itself, or for the operator.
    pub handle: Option<String>,
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
    /// When.
    pub at: Timestamp,
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

/// Up to `limit` acts, latest first, before the act `before`.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, on: ActsOn, (before, limit): (Option<AuditId>, u32)) -> Result<Vec<Act>, Error> {
    let mut sql = Sql::new(
        "SELECT a.id, a.actor_id, p.handle, a.operation, a.site_id, a.entry_id, a.edition_id, a.note, a.at \
         FROM audit a LEFT JOIN actor p ON p.id = a.actor_id WHERE ",
    );
    sql = match on {
        ActsOn::Entry(entry) => sql.push("a.entry_id = ").bind(entry.as_uuid()),
        ActsOn::Site(site) => sql.push("a.site_id = ").bind(site.as_uuid()),
        ActsOn::Everything => sql.push("1 = 1"),
    };
    if let Some(before) = before {
        sql = sql.push(" AND a.id < ").bind(before.as_uuid());
    }
    store.reader.all(sql.push(" ORDER BY a.id DESC LIMIT ").bind(i64::from(limit))).await
}

impl FromRow for Act {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: AuditId::from_uuid(columns.take()?),
            actor: ActorId::from_uuid(columns.take()?),
            handle: columns.take()?,
            operation: columns.take()?,
            site: columns.take::<Option<Uuid>>()?.map(SiteId::from_uuid),
            entry: columns.take::<Option<Uuid>>()?.map(EntryId::from_uuid),
            edition: columns.take::<Option<Uuid>>()?.map(EditionId::from_uuid),
            note: columns.take()?,
            at: Timestamp::from_micros(columns.take()?),
        })
    }
}

pub(crate) async fn append(tx: &Tx, audits: &[Audit]) -> Result<(), Error> {
    if audits.is_empty() {
        return Ok(());
    }
    audit::Entity::insert_many(audits.iter().map(row)).exec_without_returning(tx.conn()).await?;
    Ok(())
}

pub(crate) fn row(act: &Audit) -> audit::ActiveModel {
    let Audit { actor, operation, site, entry, edition, note, at } = act;
    audit::ActiveModel {
        id: Set(AuditId::new(*at).as_uuid()),
        actor_id: Set(actor.as_uuid()),
        operation: Set(operation.as_str().to_owned()),
        site_id: Set(site.map(lienthong_domain::ids::SiteId::as_uuid)),
        entry_id: Set(entry.map(lienthong_domain::ids::EntryId::as_uuid)),
        edition_id: Set(edition.map(lienthong_domain::ids::EditionId::as_uuid)),
        note: Set(note.clone()),
        at: Set(at.as_micros()),
    }
}
