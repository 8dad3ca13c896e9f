//! Administrative units and their succession.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use lienthong_domain::ids::UnitId;
use lienthong_domain::registry::{Succession, Unit};
use lienthong_domain::time::parse_day;
use lienthong_domain::unit::{HistoricKey, UnitKind};

use crate::batch::insert_all;
use crate::entity::{unit, unit_succession};
use crate::error::Error;
use crate::relistings;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

const COLUMNS: &str = "id, code, kind, name, full_name, name_en, slug, parent_id, valid_from, valid_to, lineage";

/// Ids in one statement at most.
const IDS: usize = 10_000;

/// A historic unit that an import may meet again: found by its key (successor province, full name, end date).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoricUnit {
    /// The unit.
    pub unit: Unit,
    /// The key under which it is recognised.
    pub key: String,
}

/// All units.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Unit>, Error> {
    store.reader.all(Sql::new(format!("SELECT {COLUMNS} FROM unit ORDER BY id"))).await
}

/// All edges of the succession.
///
/// # Errors
/// When the database does not answer.
pub async fn successions(store: &Store) -> Result<Vec<Succession>, Error> {
    store.reader.all(Sql::new("SELECT predecessor_id, successor_id, part FROM unit_succession")).await
}

/// All units, as the transaction sees them.
///
/// # Errors
/// As [`all`].
pub async fn all_within(tx: &Tx) -> Result<Vec<Unit>, Error> {
    tx.all(Sql::new(format!("SELECT {COLUMNS} FROM unit ORDER BY id"))).await
}

/// All edges of the succession, as the transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn successions_within(tx: &Tx) -> Result<Vec<Succession>, Error> {
    tx.all(Sql::new("SELECT predecessor_id, successor_id, part FROM unit_succession")).await
}

/// Keys of the historic units with their ids, as the transaction sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn historic_keys_within(tx: &Tx) -> Result<Vec<(String, UnitId)>, Error> {
    let keys = tx.all(Sql::new("SELECT historic_key, id FROM unit WHERE historic_key IS NOT NULL")).await?;
    Ok(keys.into_iter().map(|row: HistoricKeyRow| (row.key, row.id)).collect())
}

/// Adds units, or brings those already there to the given state. Parents must come before their children. Where a unit has
/// another parent than before, the articles of its sites and of those below are noted to be listed anew.
///
/// # Errors
/// [`Error::Duplicate`] when a slug is taken; [`Error::Dangling`] when a parent is missing.
pub async fn put(tx: &Tx, units: &[Unit]) -> Result<(), Error> {
    let moved = moved(tx, units).await?;
    insert_all(tx, units.iter().map(|unit| row(unit, None)), Some(replace())).await?;
    relistings::mark_below(tx, &moved).await
}

/// Those that have another parent now, which nobody else moves meanwhile.
async fn moved(tx: &Tx, units: &[Unit]) -> Result<Vec<UnitId>, Error> {
    let mut moved = Vec::new();
    for units in units.chunks(IDS) {
        let found = unit::Entity::find()
            .filter(unit::Column::Id.is_in(units.iter().map(|unit| unit.id.as_uuid())))
            .order_by_asc(unit::Column::Id)
            .lock_exclusive()
            .all(tx.conn())
            .await?;
        let before: HashMap<Uuid, Option<Uuid>> = found.into_iter().map(|row| (row.id, row.parent_id)).collect();
        let is_moved = |unit: &&Unit| {
            before.get(&unit.id.as_uuid()).is_some_and(|parent| *parent != unit.parent.map(UnitId::as_uuid))
        };
        moved.extend(units.iter().filter(is_moved).map(|unit| unit.id));
    }
    Ok(moved)
}

/// Adds historic units; those already there under their key stay as they are.
///
/// # Errors
/// As [`put`].
pub async fn add_historic(tx: &Tx, units: &[HistoricUnit]) -> Result<(), Error> {
    let rows = units.iter().map(|historic| row(&historic.unit, Some(historic.key.clone())));
    insert_all(tx, rows, Some(OnConflict::column(unit::Column::HistoricKey).do_nothing().to_owned())).await
}

/// Says by which keys an import recognises former units that are there already.
///
/// # Errors
/// When the database refuses, such as a key that another unit has.
pub async fn put_historic_keys(tx: &Tx, keys: &[(UnitId, HistoricKey)]) -> Result<(), Error> {
    for (unit, key) in keys {
        let sql = Sql::new("UPDATE unit SET historic_key = $1 WHERE id = $2");
        tx.execute(sql.value(key.to_string()).value(unit.as_uuid())).await?;
    }
    Ok(())
}

/// Adds edges of the succession; known ones take the given part. No edge may be given twice.
///
/// # Errors
/// [`Error::Dangling`] when a unit is missing.
pub async fn put_successions(tx: &Tx, successions: &[Succession]) -> Result<(), Error> {
    let rows = successions.iter().map(|edge| unit_succession::ActiveModel {
        predecessor_id: Set(edge.predecessor.as_uuid()),
        successor_id: Set(edge.successor.as_uuid()),
        part: Set(edge.part.clone()),
    });
    let keys = [unit_succession::Column::PredecessorId, unit_succession::Column::SuccessorId];
    let rule = OnConflict::columns(keys).update_column(unit_succession::Column::Part).to_owned();
    insert_all(tx, rows, Some(rule)).await
}

fn replace() -> OnConflict {
    use unit::Column as C;
    let columns =
        [C::Code, C::Kind, C::Name, C::FullName, C::NameEn, C::Slug, C::ParentId, C::ValidFrom, C::ValidTo, C::Lineage];
    OnConflict::column(C::Id).update_columns(columns).to_owned()
}

fn row(of: &Unit, historic_key: Option<String>) -> unit::ActiveModel {
    let Unit { id, code, kind, name, full_name, name_en, slug, parent, valid_from, valid_to, lineage } = of;
    unit::ActiveModel {
        id: Set(id.as_uuid()),
        code: Set(code.as_ref().map(ToString::to_string)),
        kind: Set(kind.as_str().to_owned()),
        name: Set(name.clone()),
        full_name: Set(full_name.clone()),
        name_en: Set(name_en.clone()),
        slug: Set(slug.to_string()),
        parent_id: Set(parent.map(UnitId::as_uuid)),
        valid_from: Set(valid_from.map(|day| day.to_string())),
        valid_to: Set(valid_to.map(|day| day.to_string())),
        lineage: Set(lineage.clone()),
        historic_key: Set(historic_key),
    }
}

impl FromRow for Unit {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let corrupt = |error: &dyn std::fmt::Display| Error::corrupt("unit", error);
        let day = |day: Option<String>| day.as_deref().map(parse_day).transpose().map_err(|error| corrupt(&error));
        Ok(Self {
            id: UnitId::from_uuid(columns.take()?),
            code: columns
                .take::<Option<String>>()?
                .map(|code| code.parse())
                .transpose()
                .map_err(|error| corrupt(&error))?,
            kind: {
                let kind: String = columns.take()?;
                UnitKind::from_stored(&kind).ok_or_else(|| corrupt(&format!("kind {kind}")))?
            },
            name: columns.take()?,
            full_name: columns.take()?,
            name_en: columns.take()?,
            slug: columns.take::<String>()?.parse().map_err(|error| corrupt(&error))?,
            parent: columns.take::<Option<Uuid>>()?.map(UnitId::from_uuid),
            valid_from: day(columns.take()?)?,
            valid_to: day(columns.take()?)?,
            lineage: columns.take()?,
        })
    }
}

impl FromRow for Succession {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            predecessor: UnitId::from_uuid(columns.take()?),
            successor: UnitId::from_uuid(columns.take()?),
            part: columns.take()?,
        })
    }
}

struct HistoricKeyRow {
    key: String,
    id: UnitId,
}

impl FromRow for HistoricKeyRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        Ok(Self { key: columns.take()?, id: UnitId::from_uuid(columns.take()?) })
    }
}
