//! What was taken out of the public at once.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select, Set,
};

use lienthong_domain::access::SiteScope;
use lienthong_domain::entry::RemarkText;
use lienthong_domain::hold::{Quarantine, Release, Target};
use lienthong_domain::ids::{ActorId, EntryId, QuarantineId, SiteId};
use lienthong_domain::time::Timestamp;
use uuid::Uuid;

use crate::entity::{audit, edition, entry, hold, quarantine};
use crate::error::Error;
use crate::store::{Store, Tx};

/// Saves a new one.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &Tx, of: &Quarantine) -> Result<(), Error> {
    let Quarantine { id, target, reason, raised_by, raised_at, release: _ } = of;
    let (entry, site, account, since) = match *target {
        Target::Entry(entry) => (Some(entry), None, None, None),
        Target::Site(site) => (None, Some(site), None, None),
        Target::Account { account, since } => (None, None, Some(account), since),
    };
    let row = quarantine::ActiveModel {
        id: Set(id.as_uuid()),
        entry_id: Set(entry.map(EntryId::as_uuid)),
        site_id: Set(site.map(SiteId::as_uuid)),
        account_id: Set(account.map(ActorId::as_uuid)),
        since: Set(since.map(Timestamp::as_micros)),
        reason: Set(reason.as_str().to_owned()),
        raised_by: Set(raised_by.as_uuid()),
        raised_at: Set(raised_at.as_micros()),
        released_by: Set(None),
        release_reason: Set(None),
        released_at: Set(None),
    };
    quarantine::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Ends one.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, id: QuarantineId, release: &Release) -> Result<(), Error> {
    let Release { actor, reason, at } = release;
    let row = quarantine::ActiveModel {
        id: Set(id.as_uuid()),
        released_by: Set(Some(actor.as_uuid())),
        release_reason: Set(reason.as_ref().map(|reason| reason.as_str().to_owned())),
        released_at: Set(Some(at.as_micros())),
        ..Default::default()
    };
    quarantine::Entity::update(row).exec(tx.conn()).await?;
    Ok(())
}

/// One of them of which something lies within `scope`, which nobody else changes until the transaction ends.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock(tx: &Tx, scope: &SiteScope, id: QuarantineId) -> Result<Option<Quarantine>, Error> {
    let find = in_scope(scope).filter(quarantine::Column::Id.eq(id.as_uuid()));
    find.lock_exclusive().one(tx.conn()).await?.map(quarantine_of).transpose()
}

/// The last `limit` of them of which something lies within `scope`, latest first.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list(store: &Store, scope: &SiteScope, limit: u64) -> Result<Vec<Quarantine>, Error> {
    let find = in_scope(scope).order_by_desc(quarantine::Column::Id).limit(limit);
    find.all(&store.pool).await?.into_iter().map(quarantine_of).collect()
}

/// The one place where tenants are kept apart: a quarantine is theirs whose site or whose article it concerns.
fn in_scope(scope: &SiteScope) -> Select<quarantine::Entity> {
    let SiteScope::Sites(sites) = scope else { return quarantine::Entity::find() };
    let sites: Vec<Uuid> = sites.iter().map(|site| site.as_uuid()).collect();
    let held = hold::Entity::find()
        .select_only()
        .column(hold::Column::QuarantineId)
        .filter(hold::Column::QuarantineId.is_not_null())
        .filter(hold::Column::SiteId.is_in(sites.iter().copied()));
    let own_site = quarantine::Column::SiteId.is_in(sites);
    quarantine::Entity::find()
        .filter(Condition::any().add(own_site).add(quarantine::Column::Id.in_subquery(held.into_query())))
}

/// Whether a whole site is under quarantine.
///
/// # Errors
/// When the database does not answer.
pub async fn holds_site(tx: &Tx, site: SiteId) -> Result<bool, Error> {
    let of_site = quarantine::Column::SiteId.eq(site.as_uuid());
    let open = quarantine::Entity::find().filter(of_site).filter(quarantine::Column::ReleasedAt.is_null());
    Ok(open.count(tx.conn()).await? > 0)
}

/// The sites that are under quarantine as a whole.
///
/// # Errors
/// When the database does not answer.
pub async fn held_sites(store: &Store) -> Result<HashSet<SiteId>, Error> {
    let rows: Vec<Option<Uuid>> = quarantine::Entity::find()
        .select_only()
        .column(quarantine::Column::SiteId)
        .filter(quarantine::Column::SiteId.is_not_null())
        .filter(quarantine::Column::ReleasedAt.is_null())
        .into_tuple()
        .all(&store.pool)
        .await?;
    Ok(rows.into_iter().flatten().map(SiteId::from_uuid).collect())
}

/// The articles that a quarantine of `target` has to take away, within `scope`: those somebody sees or is going to see at
/// a time. At most `limit` that are not under quarantine yet.
///
/// # Errors
/// When the database does not answer.
pub async fn concerned(tx: &Tx, scope: &SiteScope, target: Target, limit: u64) -> Result<Vec<EntryId>, Error> {
    let shown = edition::Entity::find()
        .select_only()
        .column(edition::Column::EntryId)
        .filter(edition::Column::State.is_in(["live", "scheduled"]));
    let find = crate::entries::in_scope(scope)
        .select_only()
        .column(entry::Column::Id)
        .filter(entry::Column::Kind.eq("article"))
        .filter(entry::Column::QuarantinedAt.is_null())
        .order_by_asc(entry::Column::Id)
        .limit(limit);
    let find = match target {
        Target::Entry(id) => find.filter(entry::Column::Id.eq(id.as_uuid())),
        Target::Site(site) => find.filter(entry::Column::SiteId.eq(site.as_uuid())).filter(
            entry::Column::Id.in_subquery(shown.filter(edition::Column::SiteId.eq(site.as_uuid())).into_query()),
        ),
        Target::Account { account, since } => find
            .filter(entry::Column::Id.in_subquery(touched(account, since).into_query()))
            .filter(entry::Column::Id.in_subquery(shown.into_query())),
    };
    let rows: Vec<Uuid> = find.into_tuple().all(tx.conn()).await?;
    Ok(rows.into_iter().map(EntryId::from_uuid).collect())
}

/// The entries on which an account has done something, since a time or ever.
fn touched(account: ActorId, since: Option<Timestamp>) -> Select<audit::Entity> {
    let of_account = audit::Entity::find()
        .select_only()
        .column(audit::Column::EntryId)
        .filter(audit::Column::ActorId.eq(account.as_uuid()))
        .filter(audit::Column::EntryId.is_not_null());
    match since {
        Some(since) => of_account.filter(audit::Column::At.gte(since.as_micros())),
        None => of_account,
    }
}

fn quarantine_of(row: quarantine::Model) -> Result<Quarantine, Error> {
    let since = row.since.map(Timestamp::from_micros);
    let target = match (row.entry_id, row.site_id, row.account_id) {
        (Some(entry), None, None) => Target::Entry(EntryId::from_uuid(entry)),
        (None, Some(site), None) => Target::Site(SiteId::from_uuid(site)),
        (None, None, Some(account)) => Target::Account { account: ActorId::from_uuid(account), since },
        _ => return Err(Error::corrupt("quarantine", "no target or several")),
    };
    let release = row.released_by.zip(row.released_at).map(|(actor, at)| Release {
        actor: ActorId::from_uuid(actor),
        reason: row.release_reason.map(RemarkText::from_stored),
        at: Timestamp::from_micros(at),
    });
    Ok(Quarantine {
        id: QuarantineId::from_uuid(row.id),
        target,
        reason: RemarkText::from_stored(row.reason),
        raised_by: ActorId::from_uuid(row.raised_by),
        raised_at: Timestamp::from_micros(row.raised_at),
        release,
    })
}
