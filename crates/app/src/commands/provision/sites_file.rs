//! Import of sites: those that no rule gives, such as a former district's, and what changes of any site.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;

use serde::Serialize;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::host::HostName;
use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::media::MediaRule;
use lienthong_domain::registry::{Site, SiteKind, Unit};
use lienthong_domain::site::DatedOutside;
use lienthong_domain::site::file::{self, Place, SiteRecord};
use lienthong_domain::template::SiteTemplate;
use lienthong_domain::text::table::{RowError, Table};
use lienthong_domain::time::{Timestamp, start_of_day};
use lienthong_persistence::{Tx, live_entries, sites, units};

use super::categories::{CategoryFinding, Wanted};
use super::{Manner, Planned, ProvisionReport, write};
use crate::app::App;
use crate::commands::bulk::{BATCH, Batches, Run, Tally, instance_wide, unreadable};
use crate::commands::registry::last_bearer;
use crate::commands::relisting;
use crate::error::Error;
use crate::reference::DEEPEST;

/// Sites to be imported.
pub struct SitesImport<'a, R> {
    /// A CSV table, see [`lienthong_domain::site::file`].
    pub source: R,
    /// Categories for the sites of the file, as provisioning gives them; without, the sites keep those they have.
    pub template: Option<&'a SiteTemplate>,
    /// How to run.
    pub run: Run<'a>,
}

/// What an import of sites did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SitesReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// The sites.
    pub sites: Tally,
    /// Their categories, with a template.
    pub categories: Tally,
    /// Articles that stand in other lists now, because their site has another unit or their category another topic.
    pub relisted: usize,
    /// Rows that break a rule, with line, column and reason, in file order. The others are imported.
    pub refused: Vec<String>,
    /// Sites of the file with public articles from outside of their days. They are imported as the file has them.
    pub dated_outside: Vec<DatedOutside>,
    /// Categories that need a person's attention: their topic cannot be told, so that they keep the one they have, or none.
    pub findings: Vec<CategoryFinding>,
}

/// Imports sites. They are recognised by their hosts and keep their identity; columns that the file leaves out, and sites
/// that it does not name, stay as they are, and importing twice changes nothing. A component may stand before its portal.
///
/// # Errors
/// [`Error::Denied`] for a permit that does not reach the whole instance; [`Error::BadRequest`] when the file is no such
/// table; [`Error::Store`], after which the batches before stand and the import can be run again.
pub async fn import_sites<R: Read + Send>(
    app: &App,
    permit: &Permit<act::ManageRegistry>,
    import: SitesImport<'_, R>,
    now: Timestamp,
) -> Result<SitesReport, Error> {
    instance_wide(permit)?;
    let table = file::read(import.source).map_err(|error| unreadable(&error))?;
    let mut batches = Batches::new(app, import.run);
    let tx = batches.begin().await?;
    let mut known = Known::load(&tx).await?;
    let (planned, refused) = known.plan(table, now);
    let mut done = ProvisionReport::default();
    let order = Order::new(&tx, (&known, import.template), planned, &mut done.findings).await?;
    drop(tx);
    let dated_outside = dated_outside(app, order.sites(), now).await?;
    order.write(&mut batches, permit, &mut done, now).await?;
    let relisted = relisting::within(&mut batches, now).await?;
    batches.finish(app).await?;
    let ProvisionReport { sites, categories, findings, .. } = done;
    let refused = refused.iter().map(ToString::to_string).collect();
    Ok(SitesReport { dry_run: import.run.dry_run, sites, categories, relisted, refused, dated_outside, findings })
}

/// The registry as the file finds it and, row by row, as it makes it.
struct Known {
    units: Vec<Unit>,
    sites: HashMap<HostName, Site>,
}

impl Known {
    async fn load(tx: &Tx) -> Result<Self, Error> {
        let sites = sites::all_within(tx).await?.into_iter().map(|site| (site.host.clone(), site)).collect();
        Ok(Self { units: units::all_within(tx).await?, sites })
    }

    /// The sites of the sound rows, each after its portal, and all problems in the order of the file.
    fn plan(&mut self, table: Table<SiteRecord>, now: Timestamp) -> (Vec<Planned>, Vec<RowError>) {
        let Table { rows, mut errors } = table;
        let mut seen = HashSet::new();
        let (once, again): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| seen.insert(row.host.clone()));
        errors.extend(again.iter().map(|row| row.wrong("host", row.host.as_str(), "it stands on an earlier line")));
        let is_below = |row: &SiteRecord| matches!(row.parent, Some(Some(_)));
        let (below, above): (Vec<_>, Vec<_>) = once.into_iter().partition(is_below);
        let mut planned = Vec::new();
        for row in above.into_iter().chain(below) {
            match self.site(&row, now) {
                Ok(site) => {
                    let found = self.sites.insert(row.host, site.clone());
                    planned.push(Planned { site, found });
                }
                Err(wrong) => errors.extend(wrong),
            }
        }
        errors.sort_by_key(|error| error.line);
        (planned, errors)
    }

    fn site(&self, row: &SiteRecord, now: Timestamp) -> Result<Site, Vec<RowError>> {
        let found = self.sites.get(&row.host);
        let (unit, parent) = match (self.unit(row, now), self.portal(row)) {
            (Ok(unit), Ok(parent)) => (unit, parent),
            (unit, parent) => return Err([unit.err(), parent.err()].into_iter().flatten().collect()),
        };
        let id = found.map_or_else(|| SiteId::new(now), |found| found.id);
        let site = row.site((id, found), Place { unit, parent })?;
        let was_portal = found.is_some_and(|found| found.kind == SiteKind::Portal);
        let has_components = || self.sites.values().any(|other| other.parent == Some(id));
        if was_portal && site.kind != SiteKind::Portal && has_components() {
            return Err(vec![row.wrong("kind", site.kind.as_str(), "components stand on it")]);
        }
        Ok(site)
    }

    /// The unit that the row names, on the last day of the site, or the unit that the site has.
    fn unit(&self, row: &SiteRecord, now: Timestamp) -> Result<Option<UnitId>, RowError> {
        let found = self.sites.get(&row.host);
        let Some(name) = &row.unit else { return Ok(found.and_then(|found| found.unit)) };
        let last = row.active_to.unwrap_or_else(|| found.and_then(|found| found.active_to));
        let today = now.local_day();
        let unit = last_bearer(&self.units, name, last.map_or(today, |last| last.min(today)));
        let unknown =
            || row.wrong("unit", name.as_str(), "there is no such unit on the last day of the site, or before");
        unit.map(|unit| Some(unit.id)).ok_or_else(unknown)
    }

    /// The portal that the row names, or the one that the site has.
    fn portal(&self, row: &SiteRecord) -> Result<Option<SiteId>, RowError> {
        match &row.parent {
            None => Ok(self.sites.get(&row.host).and_then(|found| found.parent)),
            Some(None) => Ok(None),
            Some(Some(host)) => match self.sites.get(host).filter(|above| above.kind == SiteKind::Portal) {
                Some(portal) => Ok(Some(portal.id)),
                None => Err(row.wrong("parent", host.as_str(), "there is no portal on this host")),
            },
        }
    }

    /// The uppermost unit above a site: its topics are valid there.
    fn province(&self, site: &Site) -> Option<UnitId> {
        let find = |id: UnitId| self.units.iter().find(|unit| unit.id == id);
        let chain = std::iter::successors(find(site.unit?), |unit| unit.parent.and_then(find));
        chain.take(DEEPEST).last().map(|unit| unit.id)
    }
}

/// Sites in the order in which they can be written: portals before their components, and those of one province, which have
/// the same categories, beside each other.
struct Order {
    groups: BTreeMap<(bool, Option<UnitId>), Vec<Planned>>,
    /// The categories of each province's sites; none without a template.
    shelves: BTreeMap<UnitId, (Wanted, MediaRule)>,
}

impl Order {
    async fn new(
        tx: &Tx,
        (known, template): (&Known, Option<&SiteTemplate>),
        planned: Vec<Planned>,
        findings: &mut Vec<CategoryFinding>,
    ) -> Result<Self, Error> {
        let mut order = Self { groups: BTreeMap::new(), shelves: BTreeMap::new() };
        for one in planned {
            let province = template.and_then(|_| known.province(&one.site));
            order.groups.entry((one.site.parent.is_some(), province)).or_default().push(one);
        }
        let Some(template) = template else { return Ok(order) };
        let provinces: BTreeSet<UnitId> = order.groups.keys().filter_map(|(_, province)| *province).collect();
        for province in provinces {
            let mut found = Vec::new();
            let wanted = Wanted::new(tx, template, province, &mut found).await?;
            order.shelves.insert(province, (wanted, template.images()));
            found.retain(|one| !findings.contains(one));
            findings.extend(found);
        }
        Ok(order)
    }

    fn sites(&self) -> impl Iterator<Item = &Planned> {
        self.groups.values().flatten()
    }

    async fn write(
        &self,
        batches: &mut Batches<'_>,
        permit: &Permit<act::ManageRegistry>,
        done: &mut ProvisionReport,
        now: Timestamp,
    ) -> Result<(), Error> {
        let all = u64::try_from(self.sites().count()).ok();
        for ((_, province), sites) in &self.groups {
            let shelves = province.and_then(|province| self.shelves.get(&province));
            let shelves = shelves.map(|(wanted, images)| (wanted, *images));
            let rows = 1 + shelves.map_or(0, |(wanted, _)| wanted.len());
            for batch in sites.chunks((BATCH / rows).max(1)) {
                let tx = batches.begin().await?;
                let manner = Manner { act: "import sites:", shelves };
                let record = write(&tx, permit, (batch, manner, &mut *done), now).await?;
                batches.end(tx, record, (batch.len(), all)).await?;
            }
        }
        Ok(())
    }
}

/// The sites that have articles from outside of the days that they have now. A new site has none.
async fn dated_outside(
    app: &App,
    sites: impl Iterator<Item = &Planned>,
    now: Timestamp,
) -> Result<Vec<DatedOutside>, Error> {
    const BEGINNING: Timestamp = Timestamp::from_micros(i64::MIN);
    const END: Timestamp = Timestamp::from_micros(i64::MAX);
    let sites: Vec<&Site> = sites.filter(|one| one.found.is_some()).map(|one| &one.site).collect();
    let after = |site: &Site| site.active_to.and_then(|last| last.succ_opt()).map_or(END, start_of_day);
    let before = sites.iter().map(|site| (site.id, (BEGINNING, start_of_day(site.active_from))));
    let before = counted(app, before, now).await?;
    let behind = counted(app, sites.iter().map(|site| (site.id, (after(site), END))), now).await?;
    let number = |of: &HashMap<SiteId, u64>, site: &Site| of.get(&site.id).copied().unwrap_or(0);
    let told = sites.iter().map(|site| DatedOutside {
        site: site.host.clone(),
        active_from: site.active_from,
        active_to: site.active_to,
        before: number(&before, site),
        behind: number(&behind, site),
    });
    let mut told: Vec<DatedOutside> = told.filter(|one| one.before + one.behind > 0).collect();
    told.sort_by(|one, other| one.site.cmp(&other.site));
    Ok(told)
}

/// How many public articles each site has in a time of its own: one statement for all sites with the same.
async fn counted(
    app: &App,
    times: impl Iterator<Item = (SiteId, (Timestamp, Timestamp))>,
    now: Timestamp,
) -> Result<HashMap<SiteId, u64>, Error> {
    let mut sites: BTreeMap<(Timestamp, Timestamp), Vec<SiteId>> = BTreeMap::new();
    for (site, time) in times {
        sites.entry(time).or_default().push(site);
    }
    let mut counted = HashMap::new();
    for (time, sites) in sites {
        counted.extend(live_entries::count_first_published(app.store(), &sites, time, now).await?);
    }
    Ok(counted)
}
