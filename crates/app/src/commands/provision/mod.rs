//! Sites for a whole province from one template, in one command that can be repeated.

mod categories;
mod hosts;
mod sites_file;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::host::HostName;
use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::language;
use lienthong_domain::media::MediaRule;
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Site, SiteKind, Unit};
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::template::SiteTemplate;
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::{Level, UnitCode};
use lienthong_persistence::{Record, Tx, media_rules, sites, units};

pub use categories::{CategoryFinding, FindingReason};
pub use hosts::{HostClash, RefusedUnit};
pub use sites_file::{SitesImport, SitesReport, import_sites};

use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, audit, instance_wide, reload};
use crate::commands::relisting;
use crate::error::Error;
use categories::Wanted;
use hosts::Hosts;

/// What is to be provisioned.
pub struct Provision<'a> {
    /// A province, all of whose communes get a site, or one commune. A code means today's unit; slugs serve as well.
    pub unit: &'a str,
    /// Names and categories.
    pub template: &'a SiteTemplate,
    /// First day of the sites that are made; today without. Those that are there keep theirs.
    pub active_from: Option<NaiveDate>,
    /// How to run.
    pub run: Run<'a>,
}

/// What provisioning did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisionReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// The sites, the province's portal included.
    pub sites: Tally,
    /// The categories of the communes' sites.
    pub categories: Tally,
    /// Articles that stand in other lists now, because their category has another topic or another category above it.
    pub relisted: usize,
    /// Host names that the statutory rule gives to several units, or that another site already has.
    pub clashes: Vec<HostClash>,
    /// Units that cannot have a host name.
    pub refused: Vec<RefusedUnit>,
    /// Categories whose topic cannot be told, which a person must look at.
    pub findings: Vec<CategoryFinding>,
}

/// The province and those of its communes that are to have sites.
struct Scene {
    province: Unit,
    /// Every commune of the province today: hosts are given out among all of them.
    communes: Vec<Unit>,
    /// Those to be provisioned.
    wanted: Vec<UnitId>,
    sites: Vec<Site>,
    /// First day of what is made.
    active_from: NaiveDate,
}

/// Gives every commune of a province (or one commune) a component site of the province's portal, with the categories of
/// the template. The portal is made when there is none, without categories of its own.
///
/// A site that the unit already has is taken as it is, apart from the name and the portal of a component; categories are
/// recognised by their slugs and take the template's name, topic and place; what the template does not name stays. A
/// category whose topic cannot be told keeps the one it has, or is made without; either is a finding. Where topic or place
/// is another one than before, the articles are listed anew.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::NotFound`] for a unit that does not
/// exist today; [`Error::Store`], after which the batches before stand and the command can be run again.
pub async fn provision(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    request: Provision<'_>,
    now: Timestamp,
) -> Result<ProvisionReport, Error> {
    instance_wide(permit)?;
    let mut report = ProvisionReport { dry_run: request.run.dry_run, ..ProvisionReport::default() };
    let mut batches = Batches::new(app, request.run);
    let tx = batches.begin().await?;
    let scene = scene(&tx, &request, now).await?;
    let wanted = Wanted::new(&tx, request.template, scene.province.id, &mut report.findings).await?;
    drop(tx);
    let mut hosts = Hosts::new(&scene.province, &scene.communes, &scene.sites);
    let portal = portal(&mut batches, permit, (&scene, request.template, &mut report), now).await?;
    let communes: Vec<&Unit> = scene.communes.iter().filter(|unit| scene.wanted.contains(&unit.id)).collect();
    let planned = plan(&communes, (&scene, portal, request.template), &mut hosts, now);
    let all = u64::try_from(planned.len()).ok();
    for batch in planned.chunks((BATCH / (1 + wanted.len())).max(1)) {
        let tx = batches.begin().await?;
        let manner = Manner { act: "provision", shelves: Some((&wanted, request.template.images())) };
        let record = write(&tx, permit, (batch, manner, &mut report), now).await?;
        batches.end(tx, record, (batch.len(), all)).await?;
    }
    report.relisted = relisting::within(&mut batches, now).await?;
    hosts.tell(&mut report);
    batches.finish(app).await?;
    Ok(report)
}

async fn scene(tx: &Tx, request: &Provision<'_>, now: Timestamp) -> Result<Scene, Error> {
    let (name, today) = (request.unit, now.local_day());
    let units: HashMap<UnitId, Unit> = units::all_within(tx).await?.into_iter().map(|unit| (unit.id, unit)).collect();
    let code = name.parse::<UnitCode>().ok();
    let is_meant = |unit: &&Unit| match code {
        Some(code) => unit.code == Some(code),
        None => unit.slug.as_str() == name,
    };
    let meant = units.values().filter(|unit| unit.is_valid_on(today)).find(is_meant).ok_or(Error::NotFound("unit"))?;
    let mut province = meant;
    while let Some(above) = province.parent.and_then(|id| units.get(&id)) {
        province = above;
    }
    let is_commune = |unit: &&Unit| unit.kind.level() == Level::Commune && unit.code.is_some();
    let below = |unit: &&Unit| unit.parent == Some(province.id) && unit.is_valid_on(today);
    let mut communes: Vec<Unit> = units.values().filter(is_commune).filter(below).cloned().collect();
    communes.sort_by_key(|unit| unit.code);
    let whole = meant.id == province.id;
    let wanted = communes.iter().map(|unit| unit.id).filter(|id| whole || *id == meant.id).collect();
    let active_from = request.active_from.unwrap_or(today);
    Ok(Scene { province: province.clone(), communes, wanted, sites: sites::all_within(tx).await?, active_from })
}

/// The province's portal, made when it has none.
async fn portal(
    batches: &mut Batches<'_>,
    permit: &Permit<act::ManageRegistry>,
    (scene, template, report): (&Scene, &SiteTemplate, &mut ProvisionReport),
    now: Timestamp,
) -> Result<SiteId, Error> {
    let today = now.local_day();
    let is_portal = |site: &&Site| site.kind == SiteKind::Portal && !site.is_closed_on(today);
    let of_province = |site: &&Site| site.unit == Some(scene.province.id) && is_portal(site);
    if let Some(portal) = scene.sites.iter().find(of_province) {
        let tx = batches.begin().await?;
        let is_other_rule = media_rules::put(&tx, portal.id, template.images()).await?;
        let audits = is_other_rule.then(|| trace(permit, ("provision", portal), now)).into_iter().collect();
        batches.end(tx, Record { changes: Vec::new(), audits }, (0, None)).await?;
        report.sites.unchanged += 1;
        return Ok(portal.id);
    }
    let host = lienthong_domain::host::province_host(&scene.province.name)
        .map_err(|error| Error::bad_request("unit", error.to_string()))?;
    if scene.sites.iter().any(|site| site.host == host) {
        return Err(Error::bad_request(
            "unit",
            format!("the address {host} of its portal is that of a closed or another site"),
        ));
    }
    let name = template.portal_name(&spoken(&scene.province));
    let portal = new_site(&scene.province, (SiteKind::Portal, None), (name, host, scene.active_from), now);
    let tx = batches.begin().await?;
    sites::put(&tx, std::slice::from_ref(&portal)).await?;
    media_rules::put(&tx, portal.id, template.images()).await?;
    let changes = reload(&[ReferenceSet::Sites], now).into_iter().collect();
    let record = Record { changes, audits: vec![trace(permit, ("provision", &portal), now)] };
    batches.end(tx, record, (0, None)).await?;
    report.sites.created += 1;
    Ok(portal.id)
}

/// A site as it is to be, and as it is.
struct Planned {
    site: Site,
    found: Option<Site>,
}

/// The site of each commune that can have a host.
fn plan(
    communes: &[&Unit],
    (scene, portal, template): (&Scene, SiteId, &SiteTemplate),
    hosts: &mut Hosts,
    now: Timestamp,
) -> Vec<Planned> {
    let mut planned = Vec::with_capacity(communes.len());
    for unit in communes {
        let is_own = |site: &&Site| site.unit == Some(unit.id) && !site.is_closed_on(now.local_day());
        let mut own: Vec<&Site> = scene.sites.iter().filter(is_own).collect();
        own.sort_by_key(|site| (site.kind != SiteKind::Component, site.active_to.is_some(), site.id));
        let name = template.site_name(&spoken(unit));
        let site = match own.first().map(|site| (*site).clone()) {
            Some(found) if found.kind == SiteKind::Component => {
                Some(Site { name, parent: found.parent.or(Some(portal)), ..found })
            }
            Some(other) => Some(other),
            None => hosts
                .give(unit)
                .map(|host| new_site(unit, (SiteKind::Component, Some(portal)), (name, host, scene.active_from), now)),
        };
        let found = own.first().map(|site| (*site).clone());
        planned.extend(site.map(|site| Planned { site, found }));
    }
    planned
}

/// How sites are written.
#[derive(Clone, Copy)]
struct Manner<'a> {
    /// What the trail calls it.
    act: &'static str,
    /// Their categories, and what is asked of their images; without, they stay as they are.
    shelves: Option<(&'a Wanted, MediaRule)>,
}

async fn write(
    tx: &Tx,
    permit: &Permit<act::ManageRegistry>,
    (batch, manner, report): (&[Planned], Manner<'_>, &mut ProvisionReport),
    now: Timestamp,
) -> Result<Record, Error> {
    let mut changed_sites = Vec::new();
    for Planned { site, found } in batch {
        if report.sites.count(found.as_ref(), site) {
            changed_sites.push(site.clone());
        }
    }
    sites::put(tx, &changed_sites).await?;
    let mut sets: Vec<ReferenceSet> = (!changed_sites.is_empty()).then_some(ReferenceSet::Sites).into_iter().collect();
    let mut touched: BTreeSet<SiteId> = changed_sites.iter().map(|site| site.id).collect();
    if let Some((wanted, images)) = manner.shelves {
        let all = batch.iter().map(|planned| &planned.site);
        let changed = categories::write(tx, all, (wanted, report), now).await?;
        sets.extend((!changed.is_empty()).then_some(ReferenceSet::Categories));
        touched.extend(changed);
        for Planned { site, .. } in batch {
            if media_rules::put(tx, site.id, images).await? {
                touched.insert(site.id);
            }
        }
    }
    let touched = batch.iter().map(|planned| &planned.site).filter(|site| touched.contains(&site.id));
    let audits = touched.map(|site| trace(permit, (manner.act, site), now)).collect();
    Ok(Record { changes: reload(&sets, now).into_iter().collect(), audits })
}

fn new_site(
    unit: &Unit,
    (kind, parent): (SiteKind, Option<SiteId>),
    (name, host, active_from): (String, HostName, NaiveDate),
    now: Timestamp,
) -> Site {
    Site {
        id: SiteId::new(now),
        unit: Some(unit.id),
        kind,
        parent,
        name,
        home_url: format!("https://{host}/"),
        host,
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: language::MAIN.to_owned(),
        active_from,
        active_to: None,
    }
}

/// The unit as it stands in a sentence: `xã Tiên Điền`.
fn spoken(unit: &Unit) -> String {
    format!("{} {}", unit.kind.label(), unit.name)
}

fn trace(permit: &Permit<act::ManageRegistry>, (act, site): (&str, &Site), now: Timestamp) -> Audit {
    audit(permit, Matter::Site(site.id), format!("{act} {}", site.host), now)
}
