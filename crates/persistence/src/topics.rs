//! The disclosure catalogue.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use lienthong_domain::ids::{TopicId, UnitId};
use lienthong_domain::registry::Topic;

use crate::batch::insert_all;
use crate::entity::topic;
use crate::error::Error;
use crate::relistings;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

const SELECT: &str = "SELECT id, unit_id, parent_id, code, name_vi, name_en, levels, legal_basis, after_event, basis_kind, \
                      max_stale_days, notes FROM topic ORDER BY code";

/// All topics, in the order of their codes.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Topic>, Error> {
    store.reader.all(Sql::new(SELECT)).await
}

/// All topics, as the transaction sees them.
///
/// # Errors
/// As [`all`].
pub async fn all_within(tx: &Tx) -> Result<Vec<Topic>, Error> {
    tx.all(Sql::new(SELECT)).await
}

/// The province whose own topic this is, as the transaction sees it: `Some(None)` for a national topic, `None` when there
/// is no such topic.
///
/// # Errors
/// When the database does not answer.
pub async fn province_of(tx: &Tx, id: TopicId) -> Result<Option<Option<UnitId>>, Error> {
    let row = topic::Entity::find_by_id(id.as_uuid()).one(tx.conn()).await?;
    Ok(row.map(|row| row.unit_id.map(UnitId::from_uuid)))
}

/// Adds topics, or brings those already there under their code to the given state. National topics must come before those
/// below them. Where a topic stands below another one than before, the articles of the sites that use it are noted to be
/// listed anew.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, topics: &[Topic]) -> Result<(), Error> {
    use topic::Column as C;
    let moved = moved(tx, topics).await?;
    let columns = [
        C::UnitId,
        C::ParentId,
        C::NameVi,
        C::NameEn,
        C::Levels,
        C::LegalBasis,
        C::AfterEvent,
        C::BasisKind,
        C::MaxStaleDays,
        C::Notes,
    ];
    let rule = OnConflict::column(C::Code).update_columns(columns).to_owned();
    insert_all(tx, topics.iter().map(row), Some(rule)).await?;
    if moved.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("SELECT DISTINCT site_id FROM live_entry WHERE topic_id IN ").bind_list(moved);
    let sites: Vec<Uuid> = tx.all(sql).await?;
    relistings::mark(tx, sites).await
}

/// Those that stand below another topic now, which nobody else changes meanwhile.
async fn moved(tx: &Tx, topics: &[Topic]) -> Result<Vec<Uuid>, Error> {
    let found = topic::Entity::find()
        .filter(topic::Column::Code.is_in(topics.iter().map(|topic| topic.code.as_str())))
        .order_by_asc(topic::Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    let wanted: HashMap<&str, Option<Uuid>> =
        topics.iter().map(|topic| (topic.code.as_str(), topic.parent.map(TopicId::as_uuid))).collect();
    let is_moved = |row: &&topic::Model| wanted.get(row.code.as_str()).is_some_and(|parent| *parent != row.parent_id);
    Ok(found.iter().filter(is_moved).map(|row| row.id).collect())
}

fn row(of: &Topic) -> topic::ActiveModel {
    let Topic {
        id,
        unit,
        parent,
        code,
        name_vi,
        name_en,
        levels,
        legal_basis,
        after_event,
        basis_kind,
        max_stale_days,
        notes,
    } = of;
    topic::ActiveModel {
        id: Set(id.as_uuid()),
        unit_id: Set(unit.map(UnitId::as_uuid)),
        parent_id: Set(parent.map(TopicId::as_uuid)),
        code: Set(code.to_string()),
        name_vi: Set(name_vi.clone()),
        name_en: Set(name_en.clone()),
        levels: Set(levels.clone()),
        legal_basis: Set(legal_basis.clone()),
        after_event: Set(after_event.clone()),
        basis_kind: Set(basis_kind.clone()),
        max_stale_days: Set(max_stale_days.and_then(|days| i32::try_from(days).ok())),
        notes: Set(notes.clone()),
    }
}

impl FromRow for Topic {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: TopicId::from_uuid(columns.take()?),
            unit: columns.take::<Option<Uuid>>()?.map(UnitId::from_uuid),
            parent: columns.take::<Option<Uuid>>()?.map(TopicId::from_uuid),
            code: columns.take::<String>()?.parse().map_err(|error| Error::corrupt("topic", error))?,
            name_vi: columns.take()?,
            name_en: columns.take()?,
            levels: columns.take()?,
            legal_basis: columns.take()?,
            after_event: columns.take()?,
            basis_kind: columns.take()?,
            max_stale_days: columns.take::<Option<i32>>()?.and_then(|days| u32::try_from(days).ok()),
            notes: columns.take()?,
        })
    }
}
