//! People, sites, bundles, quarantines and registers against the last act on each.

use std::collections::{BTreeMap, BTreeSet};

use lienthong_domain::change::{Digest, Matter};
use lienthong_persistence::{Tx, matters};

use super::{BATCH, Report};
use crate::error::Error;

pub(super) async fn check(tx: &Tx, report: &mut Report) -> Result<(), Error> {
    let last = last_acts(tx, report).await?;
    let mut all: BTreeSet<Matter> = matters::present(tx).await?;
    all.extend(last.keys());
    report.matters = all.len() as u64;
    let now = matters::digests(tx, &all).await?;
    for matter in all {
        let now = now.get(&matter).copied();
        let (table, id) = named(matter);
        match last.get(&matter) {
            None if now.is_none() => {}
            None => report.found(table, id, "no act in the log made it"),
            Some((leaf, after)) if *after != now => {
                report.found(table, id, format!("its rows are not what act {leaf} of the log left"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// An act, and the rows that it left.
type Left = (u64, Option<Digest>);

/// Follows the acts on each matter up to the last one. Each has to come upon what the act before it left.
async fn last_acts(tx: &Tx, report: &mut Report) -> Result<BTreeMap<Matter, Left>, Error> {
    let mut last: BTreeMap<Matter, Left> = BTreeMap::new();
    let mut acts = matters::acts(tx, None, BATCH).await?;
    while let Some(end) = acts.last().cloned() {
        for act in acts {
            let Some(matter) = Matter::parse(&act.matter) else { continue };
            let earlier = last.insert(matter, (act.leaf, act.after));
            if act.before != earlier.and_then(|(_, left)| left) {
                let (table, id) = named(matter);
                report.surprised(table, id, (act.leaf, earlier.map(|(leaf, _)| leaf)));
            }
        }
        acts = matters::acts(tx, Some(&end), BATCH).await?;
    }
    Ok(last)
}

/// The table that stands for the matter, and its key there.
fn named(matter: Matter) -> (&'static str, String) {
    match matter {
        Matter::Actor(id) => ("actor", id.to_string()),
        Matter::Site(id) => ("site", id.to_string()),
        Matter::Media(id) => ("media", id.to_string()),
        Matter::Entry(id) => ("entry", id.to_string()),
        Matter::Work(id) => ("royalty_work", id.to_string()),
        Matter::Bundle(id) => ("bundle", id.to_string()),
        Matter::Quarantine(id) => ("quarantine", id.to_string()),
        Matter::Units => ("unit", "all".to_owned()),
        Matter::Topics => ("topic", "all".to_owned()),
        Matter::Agencies => ("agency", "all".to_owned()),
    }
}
