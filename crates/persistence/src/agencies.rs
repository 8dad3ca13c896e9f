//! Agencies.

use sea_orm::Set;
use sea_orm::sea_query::OnConflict;
use uuid::Uuid;

use lienthong_domain::agency::AgencyIdentifier;
use lienthong_domain::ids::{AgencyId, UnitId};
use lienthong_domain::registry::Agency;
use lienthong_domain::time::parse_day;

use crate::batch::insert_all;
use crate::entity::agency;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

const SELECT: &str =
    "SELECT id, identifier, name, kind, unit_id, parent_id, valid_from, valid_to FROM agency ORDER BY id";

/// All agencies.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn all(store: &Store) -> Result<Vec<Agency>, Error> {
    store.reader.all(Sql::new(SELECT)).await
}

/// All agencies, as the transaction sees them.
///
/// # Errors
/// As [`all`].
pub async fn all_within(tx: &Tx) -> Result<Vec<Agency>, Error> {
    tx.all(Sql::new(SELECT)).await
}

/// Adds agencies, or brings those already there to the given state. Parents must come before their children.
///
/// # Errors
/// [`Error::Duplicate`] when an identifier is taken; [`Error::Dangling`] when unit or parent is missing.
pub async fn put(tx: &Tx, agencies: &[Agency]) -> Result<(), Error> {
    use agency::Column as C;
    let columns = [C::Identifier, C::IdentifierKey, C::Name, C::Kind, C::UnitId, C::ParentId, C::ValidFrom, C::ValidTo];
    insert_all(tx, agencies.iter().map(row), Some(OnConflict::column(C::Id).update_columns(columns).to_owned())).await
}

fn row(of: &Agency) -> agency::ActiveModel {
    let Agency { id, identifier, name, kind, unit, parent, valid_from, valid_to } = of;
    agency::ActiveModel {
        id: Set(id.as_uuid()),
        identifier: Set(identifier.as_str().to_owned()),
        identifier_key: Set(identifier.key().to_owned()),
        name: Set(name.clone()),
        kind: Set(kind.as_str().to_owned()),
        unit_id: Set(unit.as_uuid()),
        parent_id: Set(parent.map(AgencyId::as_uuid)),
        valid_from: Set(valid_from.map(|day| day.to_string())),
        valid_to: Set(valid_to.map(|day| day.to_string())),
    }
}

impl FromRow for Agency {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let corrupt = |error: &dyn std::fmt::Display| Error::corrupt("agency", error);
        let day = |day: Option<String>| day.as_deref().map(parse_day).transpose().map_err(|error| corrupt(&error));
        Ok(Self {
            id: AgencyId::from_uuid(columns.take()?),
            identifier: columns.take::<String>()?.parse::<AgencyIdentifier>().map_err(|error| corrupt(&error))?,
            name: columns.take()?,
            kind: columns.take::<String>()?.parse().map_err(|error| corrupt(&error))?,
            unit: UnitId::from_uuid(columns.take()?),
            parent: columns.take::<Option<Uuid>>()?.map(AgencyId::from_uuid),
            valid_from: day(columns.take()?)?,
            valid_to: day(columns.take()?)?,
        })
    }
}
