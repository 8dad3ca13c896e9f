//! What was recorded for published works.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::entry::Version;
use lienthong_domain::ids::{ActorId, EntryId, RateTableId, SiteId};
use lienthong_domain::royalty::{Coefficient, RoyaltyLine, Work};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{royalty_line, royalty_work};
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// What somebody records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<'a> {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// The table by which it was priced.
    pub table: RateTableId,
    /// The version of the record from now on.
    pub version: Version,
    /// Who gets what.
    pub lines: &'a [RoyaltyLine],
}

/// The version of what is recorded for a work; `None` when nothing is.
///
/// # Errors
/// When the database does not answer.
pub async fn version(tx: &Tx, entry: EntryId) -> Result<Option<Version>, Error> {
    let found = royalty_work::Entity::find_by_id(entry.as_uuid()).one(tx.conn()).await?;
    found
        .map(|row| u32::try_from(row.version).map(Version::new))
        .transpose()
        .map_err(|it| Error::corrupt("royalty_work", it))
}

/// Records a work in the place of what was recorded before. Its entry is locked.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &Tx, recorded: &Recorded<'_>, (by, now): (ActorId, Timestamp)) -> Result<(), Error> {
    let Recorded { entry, site, table, version, lines } = recorded;
    let version = i32::try_from(version.get()).unwrap_or(i32::MAX);
    let known = royalty_work::Entity::update_many()
        .col_expr(royalty_work::Column::TableId, Expr::value(table.as_uuid()))
        .col_expr(royalty_work::Column::Version, Expr::value(version))
        .col_expr(royalty_work::Column::RecordedAt, Expr::value(now.as_micros()))
        .col_expr(royalty_work::Column::RecordedBy, Expr::value(by.as_uuid()))
        .filter(royalty_work::Column::EntryId.eq(entry.as_uuid()))
        .exec(tx.conn())
        .await?;
    if known.rows_affected == 0 {
        let row = royalty_work::ActiveModel {
            entry_id: Set(entry.as_uuid()),
            site_id: Set(site.as_uuid()),
            table_id: Set(table.as_uuid()),
            version: Set(version),
            recorded_at: Set(now.as_micros()),
            recorded_by: Set(by.as_uuid()),
        };
        row.insert(tx.conn()).await?;
    }
    replace_lines(tx, *entry, lines).await
}

async fn replace_lines(tx: &Tx, entry: EntryId, lines: &[RoyaltyLine]) -> Result<(), Error> {
    let theirs = royalty_line::Column::EntryId.eq(entry.as_uuid());
    royalty_line::Entity::delete_many().filter(theirs).exec(tx.conn()).await?;
    let row = |(place, line): (i32, &RoyaltyLine)| {
        let RoyaltyLine { class, class_name, coefficient, payee, note, amount } = line;
        royalty_line::ActiveModel {
            entry_id: Set(entry.as_uuid()),
            place: Set(place),
            class: Set(class.clone()),
            class_name: Set(class_name.clone()),
            coefficient: Set(coefficient.hundredths()),
            payee: Set(payee.clone()),
            note: Set(note.clone()),
            amount: Set(*amount),
        }
    };
    insert_all(tx, (0..).zip(lines).map(row), None).await
}

const WORKS: &str = "SELECT w.entry_id, e.first_published_at, w.version, t.id, t.unit_value, t.legal_basis, \
     (SELECT d.title FROM edition d WHERE d.entry_id = e.id AND d.state IN ('live', 'superseded', 'withdrawn', \
     'taken-down', 'expired') ORDER BY d.number DESC LIMIT 1), \
     l.class, l.class_name, l.coefficient, l.payee, l.note, l.amount FROM royalty_work w JOIN entry e ON e.id = w.entry_id \
     JOIN royalty_table t ON t.id = w.table_id LEFT JOIN royalty_line l ON l.entry_id = w.entry_id WHERE ";
const ORDER: &str = " ORDER BY e.first_published_at, e.id, l.place";

/// The works of a site that were first published in `[from, to)`, by that time, those without a line left out.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn published(store: &Store, site: SiteId, (from, to): (Timestamp, Timestamp)) -> Result<Vec<Work>, Error> {
    let sql = Sql::new(WORKS)
        .push("w.site_id = ")
        .bind(site.as_uuid())
        .push(" AND e.first_published_at >= ")
        .bind(from.as_micros())
        .push(" AND e.first_published_at < ")
        .bind(to.as_micros());
    let works = together(store.reader.all(sql.push(ORDER)).await?);
    Ok(works.into_iter().map(|(work, _)| work).filter(|work| !work.lines.is_empty()).collect())
}

/// What is recorded for one work, with the version of the record.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, entry: EntryId) -> Result<Option<(Work, Version)>, Error> {
    let sql = Sql::new(WORKS).push("w.entry_id = ").bind(entry.as_uuid());
    Ok(together(store.reader.all(sql.push(ORDER)).await?).pop())
}

/// One row for each line; a work without any has one without a line.
struct Row {
    work: Work,
    version: Version,
    line: Option<RoyaltyLine>,
}

fn together(rows: Vec<Row>) -> Vec<(Work, Version)> {
    let mut works: Vec<(Work, Version)> = Vec::new();
    for Row { work, version, line } in rows {
        if works.last().is_none_or(|(last, _)| last.entry != work.entry) {
            works.push((work, version));
        }
        if let Some((work, _)) = works.last_mut() {
            work.lines.extend(line);
        }
    }
    works
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let corrupt = |what: &str| Error::corrupt("royalty_work", what);
        let entry = EntryId::from_uuid(columns.take::<Uuid>()?);
        let published_at: Option<i64> = columns.take()?;
        let published_at = published_at.ok_or_else(|| corrupt("an entry that was never published"))?;
        let version = u32::try_from(columns.take::<i32>()?).map_err(|_| corrupt("version"))?;
        let table = RateTableId::from_uuid(columns.take::<Uuid>()?);
        let (unit_value, legal_basis) = (columns.take()?, columns.take()?);
        let title: Option<String> = columns.take()?;
        let published_on = Timestamp::from_micros(published_at).local_day();
        let (title, lines) = (title.unwrap_or_default(), Vec::new());
        let work = Work { entry, title, published_on, table, unit_value, legal_basis, lines };
        Ok(Self { work, version: Version::new(version), line: line(columns)? })
    }
}

fn line(columns: &mut Columns<'_>) -> Result<Option<RoyaltyLine>, Error> {
    let class: Option<String> = columns.take()?;
    let class_name: Option<String> = columns.take()?;
    let coefficient: Option<i32> = columns.take()?;
    let payee: Option<String> = columns.take()?;
    let note = columns.take()?;
    let amount: Option<i64> = columns.take()?;
    let (Some(class), Some(class_name), Some(coefficient), Some(payee), Some(amount)) =
        (class, class_name, coefficient, payee, amount)
    else {
        return Ok(None);
    };
    let coefficient =
        Coefficient::of_hundredths(coefficient).ok_or_else(|| Error::corrupt("royalty_line", "coefficient"))?;
    Ok(Some(RoyaltyLine { class, class_name, coefficient, payee, note, amount }))
}
