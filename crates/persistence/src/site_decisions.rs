//! By which documents a site was decided on.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use uuid::Uuid;

use lienthong_domain::golive::{Checklist, Decision, Requirement};
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::parse_day;

use crate::batch::insert_all;
use crate::entity::site_decision;
use crate::error::Error;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// The checklists of these sites; a site without any decision is not in the map.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of_sites(store: &Store, sites: &[SiteId]) -> Result<HashMap<SiteId, Checklist>, Error> {
    let mut found: HashMap<SiteId, Checklist> = HashMap::new();
    if sites.is_empty() {
        return Ok(found);
    }
    let sql =
        Sql::new("SELECT site_id, requirement, number, signed_on, agency, url FROM site_decision WHERE site_id IN ");
    for Row { site, requirement, decision } in
        store.reader.all(sql.bind_list(sites.iter().map(|id| id.as_uuid()))).await?
    {
        found.entry(site).or_default().add(requirement, decision);
    }
    Ok(found)
}

/// Records a decision, in the place of an earlier one.
///
/// # Errors
/// [`Error::Dangling`] when the site is missing.
pub async fn put(tx: &Tx, site: SiteId, requirement: Requirement, decision: &Decision) -> Result<(), Error> {
    use site_decision::Column as C;
    let Decision { number, signed_on, agency, url } = decision;
    let row = site_decision::ActiveModel {
        site_id: Set(site.as_uuid()),
        requirement: Set(requirement.as_str().to_owned()),
        number: Set(number.clone()),
        signed_on: Set(signed_on.to_string()),
        agency: Set(agency.clone()),
        url: Set(url.clone()),
    };
    let columns = [C::Number, C::SignedOn, C::Agency, C::Url];
    let rule = OnConflict::columns([C::SiteId, C::Requirement]).update_columns(columns).to_owned();
    insert_all(tx, [row], Some(rule)).await
}

/// Takes a decision out; nothing happens when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &Tx, site: SiteId, requirement: Requirement) -> Result<(), Error> {
    let key = (site.as_uuid(), requirement.as_str().to_owned());
    site_decision::Entity::delete_by_id(key).exec(tx.conn()).await?;
    Ok(())
}

struct Row {
    site: SiteId,
    requirement: Requirement,
    decision: Decision,
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let site = SiteId::from_uuid(columns.take::<Uuid>()?);
        let name: String = columns.take()?;
        let requirement = Requirement::parse(&name)
            .ok_or_else(|| Error::corrupt("site_decision", format!("requirement {name:?}")))?;
        let number = columns.take()?;
        let signed_on =
            parse_day(&columns.take::<String>()?).map_err(|error| Error::corrupt("site_decision", error))?;
        let (agency, url) = (columns.take()?, columns.take()?);
        Ok(Self { site, requirement, decision: Decision { number, signed_on, agency, url } })
    }
}
