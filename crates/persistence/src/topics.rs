//! The disclosure catalogue.

use sea_orm::Set;
use sea_orm::sea_query::OnConflict;

use lienthong_domain::ids::TopicId;
use lienthong_domain::registry::Topic;

use crate::batch::insert_all;
use crate::entity::topic;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

const SELECT: &str = "SELECT id, code, name_vi, name_en, levels, legal_basis, after_event, basis_kind, \
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

/// Adds topics, or brings those already there under their code to the given state.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, topics: &[Topic]) -> Result<(), Error> {
    use topic::Column as C;
    let columns =
        [C::NameVi, C::NameEn, C::Levels, C::LegalBasis, C::AfterEvent, C::BasisKind, C::MaxStaleDays, C::Notes];
    let rule = OnConflict::column(C::Code).update_columns(columns).to_owned();
    insert_all(tx, topics.iter().map(row), Some(rule)).await
}

fn row(of: &Topic) -> topic::ActiveModel {
    let Topic { id, code, name_vi, name_en, levels, legal_basis, after_event, basis_kind, max_stale_days, notes } = of;
    topic::ActiveModel {
        id: Set(id.as_uuid()),
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
