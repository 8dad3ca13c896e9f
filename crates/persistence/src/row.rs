//! Rows of either executor, read column by column in the order of the select list.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

use crate::error::Error;

/// A value made from one row.
pub(crate) trait FromRow: Sized + Send + 'static {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error>;
}

/// The columns of a row, taken one after another.
pub(crate) struct Columns<'a> {
    row: Row<'a>,
    next: usize,
}

enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Orm(&'a QueryResult),
}

/// A type that both executors can read.
pub(crate) trait Column: FromSql + TryGetable {
    fn of_sqlite(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::column_result(value)
    }
}

impl Column for i32 {}
impl Column for i64 {}
impl Column for Vec<u8> {}
impl Column for Uuid {}

impl Column for String {
    /// Half of what a list takes to come over is to see that its text is UTF-8.
    fn of_sqlite(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let ValueRef::Text(bytes) = value else { return Self::column_result(value) };
        let text = simdutf8::basic::from_utf8(bytes).map_err(|error| FromSqlError::Other(Box::new(error)))?;
        Ok(text.to_owned())
    }
}

impl<T: Column> Column for Option<T> {
    fn of_sqlite(value: ValueRef<'_>) -> FromSqlResult<Self> {
        if matches!(value, ValueRef::Null) { Ok(None) } else { T::of_sqlite(value).map(Some) }
    }
}

impl<'a> Columns<'a> {
    pub(crate) const fn of_sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self { row: Row::Sqlite(row), next: 0 }
    }

    pub(crate) const fn of_orm(row: &'a QueryResult) -> Self {
        Self { row: Row::Orm(row), next: 0 }
    }

    /// The next column.
    pub(crate) fn take<T: Column>(&mut self) -> Result<T, Error> {
        let index = self.next;
        self.next += 1;
        match self.row {
            Row::Sqlite(row) => {
                let value = row.get_ref(index)?;
                let read = T::of_sqlite(value);
                Ok(read.map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(index, value.data_type(), Box::new(error))
                })?)
            }
            Row::Orm(row) => Ok(row.try_get_by_index(index)?),
        }
    }
}

impl FromRow for i64 {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        columns.take()
    }
}

impl FromRow for String {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        columns.take()
    }
}

impl FromRow for Option<i64> {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        columns.take()
    }
}

impl FromRow for Option<Uuid> {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        columns.take()
    }
}

impl FromRow for Uuid {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        columns.take()
    }
}
