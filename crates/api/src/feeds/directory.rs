//! `/feeds.opml`: the feeds of all public sites, grouped by province.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;

use lienthong_app::Snapshot;
use lienthong_domain::ids::SiteId;
use lienthong_domain::registry::{Site, Unit};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::text::collation_key;
use lienthong_domain::time::{Timestamp, start_of_day};
use lienthong_syndication::opml::{self, Directory, Group, Subscription};

use super::address::Ours;
use super::place::home_url;
use super::{answer, not_found};
use crate::problem::Problem;
use crate::reading::Reading;

/// `GET /feeds.opml`, from memory. 404 while there is no site: OPML has no empty list.
pub(super) async fn directory(reading: Reading) -> Result<Response, Problem> {
    reading.depends_on(&[ReferenceSet::Units, ReferenceSet::Sites]);
    let reference = &reading.reference;
    let ours = Ours(&reading.public_url);
    let directory = Directory {
        title: "Các cổng và trang thông tin điện tử".to_owned(),
        updated: last_opening(reference, reading.now).to_utc(),
        groups: by_province(reference).into_iter().map(|(root, sites)| group(root, &sites, ours)).collect(),
    };
    let document = opml::render(&directory).map_err(|opml::Empty| not_found("site"))?;
    Ok(answer(opml::MEDIA_TYPE, document))
}

/// The sites below each unit that has no unit above it, both in Vietnamese order. Districts and communes of the past
/// stand below their province like those of today. Every unit and every site is looked at once.
fn by_province(reference: &Snapshot) -> Vec<(&Arc<Unit>, Vec<&Arc<Site>>)> {
    let ranks: HashMap<SiteId, usize> =
        reference.sites.in_order().enumerate().map(|(at, site)| (site.id, at)).collect();
    let roots = reference.units.all().filter(|unit| unit.parent.is_none());
    let mut provinces: Vec<_> = roots.map(|root| (root, sites_below(reference, root, &ranks))).collect();
    provinces.retain(|(_, sites)| !sites.is_empty());
    provinces.sort_by_cached_key(|(root, _)| (collation_key(&root.name), root.id));
    provinces
}

fn sites_below<'a>(reference: &'a Snapshot, root: &Arc<Unit>, ranks: &HashMap<SiteId, usize>) -> Vec<&'a Arc<Site>> {
    let units = reference.units.subtree(root.id);
    let mut sites: Vec<&Arc<Site>> = units.into_iter().flat_map(|unit| reference.sites.of_unit(unit)).collect();
    sites.sort_unstable_by_key(|site| ranks.get(&site.id));
    sites
}

/// When the list last grew, as far as the sites tell.
fn last_opening(reference: &Snapshot, now: Timestamp) -> Timestamp {
    let openings = reference.sites.in_order().map(|site| start_of_day(site.active_from));
    openings.filter(|opening| *opening <= now).max().unwrap_or_default()
}

fn group(root: &Arc<Unit>, sites: &[&Arc<Site>], ours: Ours<'_>) -> Group {
    let subscription = |site: &&Arc<Site>| Subscription {
        title: site.name.clone(),
        xml_url: ours.feed("sites", site.host.as_str(), "rss"),
        html_url: home_url(site, ours),
        language: site.language.clone(),
    };
    Group { title: root.full_name.clone(), sites: sites.iter().map(subscription).collect() }
}
