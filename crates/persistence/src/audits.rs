//! The audit trail: every act, in the transaction that did it.

use sea_orm::{EntityTrait as _, Set};

use lienthong_domain::change::Audit;
use lienthong_domain::ids::AuditId;

use crate::entity::audit;
use crate::error::Error;
use crate::store::Tx;

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
