//! The hosts outside to which each site has led its readers. Written with the publication that does so.

use std::collections::{BTreeMap, BTreeSet};

use lienthong_domain::ids::SiteId;
use lienthong_domain::live::LiveEntry;
use lienthong_domain::time::Timestamp;

use crate::error::Error;
use crate::sql::Sql;
use crate::store::Tx;

/// A host that this many other sites have led to for [`SEASONED`] seconds is nobody's discovery.
const WITNESSES: i64 = 3;

/// Thirty days: longer than an attack on many sites stays unnoticed.
const SEASONED: i64 = 30 * 86_400;

/// Rows in one statement, well below the number of values that either database takes.
const BATCH: usize = 1_000;

/// Those of `hosts` that are new to `site`: it has never led there, few others have for long, and no site of the instance
/// has that address. One statement; none without hosts.
///
/// # Errors
/// When the database does not answer.
pub async fn unknown(
    tx: &Tx,
    site: SiteId,
    hosts: BTreeSet<String>,
    now: Timestamp,
) -> Result<BTreeSet<String>, Error> {
    if hosts.is_empty() {
        return Ok(hosts);
    }
    let seasoned = now.plus_seconds(-SEASONED).as_micros();
    let sql = Sql::new("SELECT host FROM site_host WHERE host IN ").bind_list(hosts.iter().map(String::as_str));
    let sql = sql.push(" GROUP BY host HAVING MAX(CASE WHEN site_id = ").bind(site.as_uuid());
    let sql = sql.push(" THEN 1 ELSE 0 END) = 1 OR SUM(CASE WHEN since < ").bind(seasoned);
    let sql = sql.push(" THEN 1 ELSE 0 END) >= ").bind(WITNESSES);
    let sql = sql.push(" UNION SELECT host FROM site WHERE host IN ").bind_list(hosts.iter().map(String::as_str));
    let known: BTreeSet<String> = tx.all(sql).await?.into_iter().collect();
    Ok(hosts.difference(&known).cloned().collect())
}

/// The statements that note where what becomes public leads to; none for most.
pub(crate) fn insert(lives: &[&LiveEntry]) -> Vec<Sql> {
    let mut since = BTreeMap::new();
    for live in lives {
        for host in &live.shown.outbound {
            let first = since.entry((host.as_str(), live.site)).or_insert(live.modified_at);
            *first = live.modified_at.min(*first);
        }
    }
    let rows: Vec<_> = since.into_iter().collect();
    rows.chunks(BATCH).map(statement).collect()
}

fn statement(rows: &[((&str, SiteId), Timestamp)]) -> Sql {
    let mut sql = Sql::new("INSERT INTO site_host (host, site_id, since) VALUES ");
    for (at, ((host, site), since)) in rows.iter().enumerate() {
        sql = sql.push(if at == 0 { "(" } else { ", (" }).bind(*host).push(", ").bind(site.as_uuid());
        sql = sql.push(", ").bind(since.as_micros()).push(")");
    }
    sql.push(" ON CONFLICT DO NOTHING")
}
