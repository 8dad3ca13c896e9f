//! Actors and the roles they hold.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use lienthong_domain::access::{Actor, Grant, Role, SiteScope};
use lienthong_domain::ids::{ActorId, GrantId, SessionId, SiteId, UnitId};
use lienthong_domain::time::Timestamp;

use crate::entity::{access_grant, actor};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// Within what a role is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole instance.
    Instance,
    /// Every site of a unit and of the units below it.
    Unit(UnitId),
    /// One site.
    Site(SiteId),
}

/// A role as it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldRole {
    /// Identity of the grant.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// Where.
    pub reach: Reach,
}

/// Who shows a token, as the token says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The actor.
    pub actor: ActorId,
    /// The sign-in that the token comes from; `None` for one signed at the command line.
    pub session: Option<SessionId>,
    /// When it was issued, in whole seconds.
    pub issued_at: Timestamp,
}

impl HeldRole {
    /// The one site it is held on.
    pub const fn site(&self) -> Option<SiteId> {
        match self.reach {
            Reach::Site(site) => Some(site),
            Reach::Unit(_) | Reach::Instance => None,
        }
    }

    /// The unit within which it is held.
    pub const fn unit(&self) -> Option<UnitId> {
        match self.reach {
            Reach::Unit(unit) => Some(unit),
            Reach::Site(_) | Reach::Instance => None,
        }
    }
}

/// Somebody who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The actor, with all it may do at this moment.
    pub actor: Actor,
    /// Whether its sign-ins ask for a second factor.
    pub has_second_factor: bool,
}

/// An actor with all it may do at this moment; `None` when it is unknown or disabled, or when the token it shows has
/// been taken back: its sign-in has ended, or it is older than the last sign-out everywhere. A token of the very second
/// of that sign-out counts as older.
///
/// # Errors
/// When the database does not answer or holds a role this version does not know.
pub async fn find(store: &Store, bearer: Bearer, now: Timestamp) -> Result<Option<Found>, Error> {
    let Bearer { actor: id, session, issued_at } = bearer;
    let sql = Sql::new(GRANTS).value(id.as_uuid());
    let sql = match session {
        Some(session) => sql
            .push(" AND EXISTS (SELECT 1 FROM account_session s WHERE s.actor_id = a.id AND s.ended_at IS NULL AND s.id = ")
            .bind(session.as_uuid())
            .push(" AND s.expires_at > ")
            .bind(now.as_micros())
            .push(")"),
        None => sql.push(" AND (a.tokens_valid_from IS NULL OR a.tokens_valid_from < ").bind(issued_at.as_micros()).push(")"),
    };
    let rows: Vec<GrantRow> = store.reader.all(sql).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let grants = if first.role.is_none() { Vec::new() } else { collect(&rows)? };
    Ok(Some(Found { actor: Actor::with_grants(id, grants), has_second_factor: first.second_factor == 1 }))
}

/// The id of the actor with this handle.
///
/// # Errors
/// When the database does not answer.
pub async fn find_id(store: &Store, handle: &str) -> Result<Option<ActorId>, Error> {
    let sql = Sql::new("SELECT id FROM actor WHERE handle = $1 AND disabled_at IS NULL").value(handle.to_owned());
    Ok(store.reader.first::<Uuid>(sql).await?.map(ActorId::from_uuid))
}

/// An actor as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Identity.
    pub id: ActorId,
    /// The short name by which people call it.
    pub handle: String,
    /// The full name.
    pub name: String,
    /// Since when it may do nothing; `None` while it may.
    pub disabled_at: Option<Timestamp>,
}

/// All actors by handle.
///
/// # Errors
/// When the database does not answer.
pub async fn all(store: &Store) -> Result<Vec<Known>, Error> {
    let rows = actor::Entity::find().order_by_asc(actor::Column::Handle).all(&store.pool).await?;
    let known = |row: actor::Model| Known {
        id: ActorId::from_uuid(row.id),
        handle: row.handle,
        name: row.name,
        disabled_at: row.disabled_at.map(Timestamp::from_micros),
    };
    Ok(rows.into_iter().map(known).collect())
}

/// The roles an actor holds.
///
/// # Errors
/// When the database does not answer or holds a role this version does not know.
pub async fn held(store: &Store, id: ActorId) -> Result<Vec<HeldRole>, Error> {
    let rows =
        access_grant::Entity::find().filter(access_grant::Column::ActorId.eq(id.as_uuid())).all(&store.pool).await?;
    rows.iter().map(held_role).collect()
}

/// The roles an actor holds, as the transaction sees them.
///
/// # Errors
/// When the database does not answer or holds a role this version does not know.
pub async fn held_in(tx: &Tx, id: ActorId) -> Result<Vec<HeldRole>, Error> {
    let rows =
        access_grant::Entity::find().filter(access_grant::Column::ActorId.eq(id.as_uuid())).all(tx.conn()).await?;
    rows.iter().map(held_role).collect()
}

/// The roles of several actors; one without a role is not in the map.
///
/// # Errors
/// When the database does not answer or holds a role this version does not know.
pub async fn held_by(store: &Store, ids: &[ActorId]) -> Result<HashMap<ActorId, Vec<HeldRole>>, Error> {
    let mut held: HashMap<ActorId, Vec<HeldRole>> = HashMap::new();
    // Below the number of parameters that either database takes.
    for some in ids.chunks(500) {
        let mine = access_grant::Column::ActorId.is_in(some.iter().map(|id| id.as_uuid()));
        let rows = access_grant::Entity::find().filter(mine).order_by_asc(access_grant::Column::Id).all(&store.pool);
        for row in rows.await? {
            held.entry(ActorId::from_uuid(row.actor_id)).or_default().push(held_role(&row)?);
        }
    }
    Ok(held)
}

fn held_role(row: &access_grant::Model) -> Result<HeldRole, Error> {
    let role = row.role.parse().map_err(|error| Error::corrupt("access_grant", error))?;
    let reach = match (row.unit_id, row.site_id) {
        (Some(unit), _) => Reach::Unit(UnitId::from_uuid(unit)),
        (None, Some(site)) => Reach::Site(SiteId::from_uuid(site)),
        (None, None) => Reach::Instance,
    };
    Ok(HeldRole { id: GrantId::from_uuid(row.id), role, reach })
}

/// Whether `inner` lies within `outer` now and whatever sites are added later: a unit holds the sites to come, which a
/// single site does not.
///
/// # Errors
/// When the database does not answer.
pub async fn reaches(tx: &Tx, outer: Reach, inner: Reach) -> Result<bool, Error> {
    let (above, sql) = match (outer, inner) {
        (Reach::Instance, _) => return Ok(true),
        (Reach::Site(own), Reach::Site(other)) => return Ok(own == other),
        (Reach::Site(_), _) | (Reach::Unit(_), Reach::Instance) => return Ok(false),
        (Reach::Unit(above), Reach::Unit(unit)) => {
            (above, Sql::new("WITH RECURSIVE up (id) AS (SELECT id FROM unit WHERE id = ").bind(unit.as_uuid()))
        }
        (Reach::Unit(above), Reach::Site(site)) => {
            (above, Sql::new("WITH RECURSIVE up (id) AS (SELECT unit_id FROM site WHERE id = ").bind(site.as_uuid()))
        }
    };
    let sql = sql
        .push(" UNION SELECT u.parent_id FROM unit u JOIN up ON u.id = up.id WHERE u.parent_id IS NOT NULL) ")
        .push("SELECT COUNT(*) FROM up WHERE id = ")
        .bind(above.as_uuid());
    Ok(tx.all::<i64>(sql).await?.first().is_some_and(|count| *count > 0))
}

/// How many of those who hold a role on the whole instance can use it, besides one. Two who ask at once are answered
/// one after the other.
///
/// # Errors
/// When the database does not answer.
pub async fn others_on_instance(tx: &Tx, role: Role, besides: ActorId) -> Result<i64, Error> {
    const OF_INSTANCE: &str = "role = $1 AND unit_id IS NULL AND site_id IS NULL";
    let lock = format!("UPDATE access_grant SET granted_at = granted_at WHERE {OF_INSTANCE}");
    tx.execute(Sql::new(lock).value(role.as_str())).await?;
    let sql = format!(
        "SELECT COUNT(*) FROM actor a LEFT JOIN account c ON c.actor_id = a.id \
         WHERE a.id <> $2 AND a.disabled_at IS NULL AND (c.actor_id IS NULL OR c.password_hash IS NOT NULL \
         OR EXISTS (SELECT 1 FROM identity i WHERE i.actor_id = a.id)) \
         AND EXISTS (SELECT 1 FROM access_grant g WHERE g.actor_id = a.id AND {OF_INSTANCE})"
    );
    let counted = tx.all::<i64>(Sql::new(sql).value(role.as_str()).value(besides.as_uuid())).await?;
    Ok(counted.first().copied().unwrap_or(0))
}

/// The sites within a reach at this moment; `None` for the whole instance, sites to come included.
///
/// # Errors
/// When the database does not answer.
pub async fn sites_within(store: &Store, reach: Reach) -> Result<Option<Vec<SiteId>>, Error> {
    let sql = match reach {
        Reach::Instance => return Ok(None),
        Reach::Site(site) => Sql::new("SELECT id FROM site WHERE id = $1").value(site.as_uuid()),
        Reach::Unit(unit) => Sql::new(
            "WITH RECURSIVE below (id) AS (SELECT id FROM unit WHERE id = $1 \
             UNION SELECT u.id FROM unit u JOIN below ON u.parent_id = below.id) \
             SELECT s.id FROM site s JOIN below ON s.unit_id = below.id",
        )
        .value(unit.as_uuid()),
    };
    Ok(Some(store.reader.all::<Uuid>(sql).await?.into_iter().map(SiteId::from_uuid).collect()))
}

/// Adds an actor.
///
/// # Errors
/// [`Error::Duplicate`] when the handle is taken.
pub async fn add(tx: &Tx, id: ActorId, handle: &str, name: &str, now: Timestamp) -> Result<(), Error> {
    let row = actor::ActiveModel {
        id: Set(id.as_uuid()),
        handle: Set(handle.to_owned()),
        name: Set(name.to_owned()),
        created_at: Set(now.as_micros()),
        disabled_at: Set(None),
        tokens_valid_from: Set(None),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Gives a role.
///
/// # Errors
/// [`Error::Dangling`] when actor, unit or site does not exist.
pub async fn grant(tx: &Tx, to: ActorId, role: Role, reach: Reach, by: (ActorId, Timestamp)) -> Result<GrantId, Error> {
    let (granted_by, now) = by;
    let id = GrantId::new(now);
    let (unit, site) = match reach {
        Reach::Instance => (None, None),
        Reach::Unit(unit) => (Some(unit.as_uuid()), None),
        Reach::Site(site) => (None, Some(site.as_uuid())),
    };
    let row = access_grant::ActiveModel {
        id: Set(id.as_uuid()),
        actor_id: Set(to.as_uuid()),
        role: Set(role.as_str().to_owned()),
        unit_id: Set(unit),
        site_id: Set(site),
        granted_by: Set(granted_by.as_uuid()),
        granted_at: Set(now.as_micros()),
    };
    row.insert(tx.conn()).await?;
    Ok(id)
}

/// Takes a role back. Tells whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, grant: GrantId) -> Result<bool, Error> {
    let done = access_grant::Entity::delete_by_id(grant.as_uuid()).exec(tx.conn()).await?;
    Ok(done.rows_affected > 0)
}

/// One row for each role and each site it reaches; a role over the whole instance has no site, an actor without
/// any role one row without a role.
const GRANTS: &str = "WITH RECURSIVE held (id, role, unit_id, site_id) AS ( \
     SELECT g.id, g.role, g.unit_id, g.site_id FROM access_grant g WHERE g.actor_id = $1), \
     below (grant_id, unit_id) AS ( \
     SELECT id, unit_id FROM held WHERE unit_id IS NOT NULL \
     UNION SELECT below.grant_id, u.id FROM unit u JOIN below ON u.parent_id = below.unit_id), \
     reached (id, role, whole, site_id) AS ( \
     SELECT id, role, 1, NULL FROM held WHERE unit_id IS NULL AND site_id IS NULL \
     UNION ALL SELECT id, role, 0, site_id FROM held WHERE site_id IS NOT NULL \
     UNION ALL SELECT held.id, held.role, 0, s.id FROM held JOIN below ON below.grant_id = held.id \
     JOIN site s ON s.unit_id = below.unit_id) \
     SELECT r.role, r.whole, r.site_id, CASE WHEN EXISTS (SELECT 1 FROM second_factor f \
     WHERE f.actor_id = a.id AND f.confirmed_at IS NOT NULL) THEN 1 ELSE 0 END FROM actor a LEFT JOIN reached r ON 1 = 1 \
     WHERE a.id = $1 AND a.disabled_at IS NULL";

struct GrantRow {
    role: Option<String>,
    whole: Option<i32>,
    site: Option<Uuid>,
    second_factor: i32,
}

impl FromRow for GrantRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            role: columns.take()?,
            whole: columns.take()?,
            site: columns.take()?,
            second_factor: columns.take()?,
        })
    }
}

/// Brings the rows together: one grant for each role.
fn collect(rows: &[GrantRow]) -> Result<Vec<Grant>, Error> {
    let mut grants = Vec::new();
    for name in rows.iter().filter_map(|row| row.role.as_deref()).collect::<std::collections::BTreeSet<_>>() {
        let role = name.parse::<Role>().map_err(|error| Error::corrupt("access_grant", error))?;
        let mut mine = rows.iter().filter(|row| row.role.as_deref() == Some(name));
        let scope = if mine.clone().any(|row| row.whole == Some(1)) {
            SiteScope::Everywhere
        } else {
            SiteScope::of(mine.by_ref().filter_map(|row| row.site).map(SiteId::from_uuid))
        };
        grants.push(Grant { role, scope });
    }
    Ok(grants)
}
