//! Members of editorial boards, in the order of the decision. The decision itself is among the site's decisions.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use lienthong_domain::board::Member;
use lienthong_domain::ids::SiteId;

use crate::batch::insert_all;
use crate::entity::board_member;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// The members of a site's board.
///
/// # Errors
/// When the database does not answer.
pub async fn of(store: &Store, site: SiteId) -> Result<Vec<Member>, Error> {
    let sql = "SELECT name, position, duties, accountable FROM board_member WHERE site_id = $1 ORDER BY place";
    store.reader.all(Sql::new(sql).value(site.as_uuid())).await
}

/// Puts these members in the place of those before.
///
/// # Errors
/// [`Error::Dangling`] when the site is missing.
pub async fn replace(tx: &Tx, site: SiteId, members: &[Member]) -> Result<(), Error> {
    board_member::Entity::delete_many().filter(board_member::Column::SiteId.eq(site.as_uuid())).exec(tx.conn()).await?;
    let row = |(place, member): (i32, &Member)| {
        let Member { name, position, duties, is_accountable } = member;
        board_member::ActiveModel {
            site_id: Set(site.as_uuid()),
            place: Set(place),
            name: Set(name.clone()),
            position: Set(position.clone()),
            duties: Set(duties.clone()),
            accountable: Set(i32::from(*is_accountable)),
        }
    };
    insert_all(tx, (0..).zip(members).map(row), None).await
}

impl FromRow for Member {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (name, position, duties) = (columns.take()?, columns.take()?, columns.take()?);
        Ok(Self { name, position, duties, is_accountable: columns.take::<i32>()? == 1 })
    }
}
