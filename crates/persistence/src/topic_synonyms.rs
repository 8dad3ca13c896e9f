//! Names that categories have, and the topics they belong to: everywhere, or on the sites of one province.

use sea_orm::{ActiveValue::Set, EntityTrait as _};
use uuid::Uuid;

use lienthong_domain::ids::{SynonymId, TopicId, UnitId};
use lienthong_domain::text::fold;
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::topic_synonym;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::Tx;

/// A name and its topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSynonym {
    /// The province on whose sites it holds; `None` everywhere.
    pub unit: Option<UnitId>,
    /// The name.
    pub name: String,
    /// The topic.
    pub topic: TopicId,
}

/// Those that hold everywhere, then those of `unit`, as the transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn within(tx: &Tx, unit: Option<UnitId>) -> Result<Vec<TopicSynonym>, Error> {
    let mut sql = Sql::new("SELECT unit_id, name, topic_id FROM topic_synonym WHERE unit_id IS NULL");
    if let Some(unit) = unit {
        sql = sql.push(" OR unit_id = ").bind(unit.as_uuid());
    }
    tx.all(sql.push(" ORDER BY unit_id IS NOT NULL, folded")).await
}

/// Adds synonyms in the place of those that the same unit has for the same names, compared folded.
///
/// # Errors
/// [`Error::Dangling`] when unit or topic is missing.
pub async fn put(tx: &Tx, synonyms: &[TopicSynonym], now: Timestamp) -> Result<(), Error> {
    for TopicSynonym { unit, name, .. } in synonyms {
        let sql = Sql::new("SELECT id FROM topic_synonym WHERE folded = ").bind(fold(name));
        let sql = match unit {
            Some(unit) => sql.push(" AND unit_id = ").bind(unit.as_uuid()),
            None => sql.push(" AND unit_id IS NULL"),
        };
        let found: Vec<Uuid> = tx.all(sql).await?;
        for id in found {
            topic_synonym::Entity::delete_by_id(id).exec(tx.conn()).await?;
        }
    }
    let rows = synonyms.iter().map(|synonym| {
        let TopicSynonym { unit, name, topic } = synonym;
        topic_synonym::ActiveModel {
            id: Set(SynonymId::new(now).as_uuid()),
            unit_id: Set(unit.map(UnitId::as_uuid)),
            folded: Set(fold(name)),
            name: Set(name.clone()),
            topic_id: Set(topic.as_uuid()),
        }
    });
    insert_all(tx, rows, None).await
}

impl FromRow for TopicSynonym {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            unit: columns.take::<Option<Uuid>>()?.map(UnitId::from_uuid),
            name: columns.take()?,
            topic: TopicId::from_uuid(columns.take()?),
        })
    }
}
