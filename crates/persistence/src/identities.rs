//! Who people and programs are at identity providers.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use lienthong_domain::identity::Identity;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;

use crate::entity::identity;
use crate::error::Error;
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// An identity with whom it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The identity.
    pub identity: Identity,
    /// Whose.
    pub actor: ActorId,
    /// Since when.
    pub linked_at: Timestamp,
    /// Who has linked it.
    pub linked_by: ActorId,
}

const OF: &str = "SELECT actor_id FROM identity WHERE issuer = $1 AND subject = $2";

/// Whose an identity is.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, identity: &Identity) -> Result<Option<ActorId>, Error> {
    let sql = Sql::new(OF).value(identity.issuer().to_owned()).value(identity.subject().to_owned());
    Ok(store.reader.first::<Uuid>(sql).await?.map(ActorId::from_uuid))
}

/// Whose an identity is, as the transaction sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn find_in(tx: &Tx, identity: &Identity) -> Result<Option<ActorId>, Error> {
    let sql = Sql::new(OF).value(identity.issuer().to_owned()).value(identity.subject().to_owned());
    Ok(tx.all::<Uuid>(sql).await?.into_iter().next().map(ActorId::from_uuid))
}

/// The identities of several actors by issuer; one without any is not in the map.
///
/// # Errors
/// When the database does not answer or holds an identity that cannot be read.
pub async fn of(store: &Store, actors: &[ActorId]) -> Result<HashMap<ActorId, Vec<Linked>>, Error> {
    let mut found: HashMap<ActorId, Vec<Linked>> = HashMap::new();
    // Below the number of parameters that either database takes.
    for some in actors.chunks(500) {
        let theirs = identity::Column::ActorId.is_in(some.iter().map(|id| id.as_uuid()));
        let rows = identity::Entity::find().filter(theirs).order_by_asc(identity::Column::Issuer).all(&store.pool);
        for row in rows.await? {
            let linked = linked(row)?;
            found.entry(linked.actor).or_default().push(linked);
        }
    }
    Ok(found)
}

/// Links an identity.
///
/// # Errors
/// [`Error::Duplicate`] when it is somebody's already, or the actor has another one of this issuer.
pub async fn link(tx: &Tx, linked: &Linked) -> Result<(), Error> {
    let Linked { identity, actor, linked_at, linked_by } = linked;
    let row = identity::ActiveModel {
        issuer: Set(identity.issuer().to_owned()),
        subject: Set(identity.subject().to_owned()),
        actor_id: Set(actor.as_uuid()),
        linked_at: Set(linked_at.as_micros()),
        linked_by: Set(linked_by.as_uuid()),
    };
    row.insert(tx.conn()).await?;
    Ok(())
}

/// Takes the identity of an actor at one issuer away. Tells whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn unlink(tx: &Tx, actor: ActorId, issuer: &str) -> Result<bool, Error> {
    let done = identity::Entity::delete_many()
        .filter(identity::Column::ActorId.eq(actor.as_uuid()))
        .filter(identity::Column::Issuer.eq(issuer))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected > 0)
}

fn linked(row: identity::Model) -> Result<Linked, Error> {
    let identity::Model { issuer, subject, actor_id, linked_at, linked_by } = row;
    let identity = Identity::parse(&issuer, &subject).map_err(|_| Error::corrupt("identity", "no identity"))?;
    Ok(Linked {
        identity,
        actor: ActorId::from_uuid(actor_id),
        linked_at: Timestamp::from_micros(linked_at),
        linked_by: ActorId::from_uuid(linked_by),
    })
}
