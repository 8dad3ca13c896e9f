//! Host names for the communes of one province.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use lienthong_domain::host::{HostName, HostPlan, HostRequest, coded_host, province_label, resolve_collisions};
use lienthong_domain::registry::{Site, Unit};
use lienthong_domain::unit::UnitCode;

use super::ProvisionReport;

/// A host name that several bodies have a claim to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostClash {
    /// The name by the statutory rule.
    pub host: HostName,
    /// The units that it belongs to by the rule; each has the host with its code instead.
    pub units: Vec<UnitCode>,
    /// The name of the site that already has it, such as the former district's.
    pub held_by: Option<String>,
}

/// A unit that cannot have a host name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedUnit {
    /// The unit.
    pub unit: UnitCode,
    /// Why.
    pub reason: String,
}

/// Gives out the hosts of a province's communes.
pub(super) struct Hosts {
    requests: BTreeMap<UnitCode, HostRequest>,
    plan: HostPlan,
    /// Who has which host.
    held: HashMap<HostName, String>,
    clashes: Vec<HostClash>,
    refused: Vec<RefusedUnit>,
}

impl Hosts {
    /// `communes` are all communes of the province, so that the answer is the same when they come one by one.
    pub(super) fn new(province: &Unit, communes: &[Unit], sites: &[Site]) -> Self {
        let label = province_label(&province.name);
        let request = |unit: &Unit| {
            let request = HostRequest { unit: unit.code?, province: label.clone(), name: unit.name.clone() };
            Some((request.unit, request))
        };
        let requests: BTreeMap<_, _> = communes.iter().filter_map(request).collect();
        let all: Vec<HostRequest> = requests.values().cloned().collect();
        let held = sites.iter().map(|site| (site.host.clone(), site.name.clone())).collect();
        Self { plan: resolve_collisions(&all), requests, held, clashes: Vec::new(), refused: Vec::new() }
    }

    /// The host of a commune that has no site yet.
    pub(super) fn give(&mut self, unit: &Unit) -> Option<HostName> {
        let code = unit.code?;
        let host = self.plan.hosts.get(&code)?.clone();
        let Some(name) = self.held.get(&host).cloned() else { return Some(host) };
        let coded = coded_host(self.requests.get(&code)?).ok().filter(|coded| !self.held.contains_key(coded));
        if coded.is_none() {
            let reason = format!("{host} and the host with the code are taken, the first by {name}");
            self.refused.push(RefusedUnit { unit: code, reason });
        }
        self.clashes.push(HostClash { host, units: vec![code], held_by: Some(name) });
        coded
    }

    /// What has to be told: also the collisions of the rule itself.
    pub(super) fn tell(self, report: &mut ProvisionReport) {
        let collisions = self.plan.collisions.into_iter();
        report.clashes = collisions
            .map(|collision| HostClash { host: collision.host, units: collision.units, held_by: None })
            .chain(self.clashes)
            .collect();
        let refused = self.plan.refused.into_iter();
        report.refused =
            refused.map(|(unit, error)| RefusedUnit { unit, reason: error.to_string() }).chain(self.refused).collect();
    }
}
