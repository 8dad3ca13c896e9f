//! People, sites and registers against the last act on each.

use std::collections::BTreeSet;

use lienthong_domain::change::Matter;
use lienthong_persistence::{Tx, matters};

use super::Report;
use crate::error::Error;

pub(super) async fn check(tx: &Tx, report: &mut Report) -> Result<(), Error> {
    let last = matters::last_acts(tx).await?;
    let mut all: BTreeSet<Matter> = matters::present(tx).await?;
    all.extend(last.keys());
    report.matters = all.len() as u64;
    for matter in all {
        let rows = matters::rows(tx, matter).await?;
        let (table, id) = named(matter);
        match last.get(&matter) {
            None if rows.is_empty() => {}
            None => report.found(table, id, "no act in the log made it"),
            Some((leaf, left)) if rows.digest() != *left => {
                report.found(table, id, format!("its rows are not what act {leaf} of the log left"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The table that stands for the matter, and its key there.
fn named(matter: Matter) -> (&'static str, String) {
    match matter {
        Matter::Actor(id) => ("actor", id.to_string()),
        Matter::Site(id) => ("site", id.to_string()),
        Matter::Media(id) => ("media", id.to_string()),
        Matter::Work(id) => ("royalty_work", id.to_string()),
        Matter::Units => ("unit", "all".to_owned()),
        Matter::Topics => ("topic", "all".to_owned()),
        Matter::Agencies => ("agency", "all".to_owned()),
    }
}
