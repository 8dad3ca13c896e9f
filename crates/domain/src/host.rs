//! Host names of portals by the statutory rule, and what to do where the rule gives one name to two units.
//!
//! NĐ 224/2026/NĐ-CP, Article 11 clause 4: a province has `tentinhthanh.gov.vn` (Ho Chi Minh City
//! `hochiminhcity.gov.vn`), a commune `tenphuongxa.tentinhthanh.gov.vn`, the full name without diacritics.

mod name;

use std::collections::BTreeMap;

pub use name::{HostName, HostNameError};

use crate::text::{fold, spelling};
use crate::unit::UnitCode;

/// Second-level domain of state bodies.
const STATE_DOMAIN: &str = "gov.vn";

/// A commune that needs a host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostRequest {
    /// Code of the commune.
    pub unit: UnitCode,
    /// Label of its province, see [`province_label`].
    pub province: String,
    /// Its name without the kind: `Ba Tơ`.
    pub name: String,
}

/// The host of each commune, and where the rule alone was not enough.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct HostPlan {
    /// By unit.
    pub hosts: BTreeMap<UnitCode, HostName>,
    /// Names the rule gives to several units; none of them gets it.
    pub collisions: Vec<Collision>,
    /// Units whose name makes no valid label.
    pub refused: Vec<(UnitCode, HostNameError)>,
}

/// One host name that the rule gives to several units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The contested name, which stays free (often the address of the former district).
    pub host: HostName,
    /// The parties, by code.
    pub units: Vec<UnitCode>,
}

/// The label a name gives: letters and digits without marks, in one word; `eahleo`, `vanmieuquoctugiam`, `hagiang1`.
/// Letters outside a-z stay and are refused when the host name is made.
pub fn label(name: &str) -> String {
    fold(name).replace(' ', "")
}

/// The label of a province by its name without the kind. Article 11 clause 4 itself names `hochiminhcity`.
pub fn province_label(name: &str) -> String {
    if spelling(name) == spelling("Hồ Chí Minh") { "hochiminhcity".to_owned() } else { label(name) }
}

/// The statutory host of a province.
///
/// # Errors
/// [`HostNameError`] when the name makes no valid label.
pub fn province_host(name: &str) -> Result<HostName, HostNameError> {
    format!("{}.{STATE_DOMAIN}", province_label(name)).parse()
}

/// Gives each commune its statutory host. Where several units of a province come to the same name, each of them gets the
/// unit code added to its label (`bato-21484.quangngai.gov.vn`), so that none is favoured and the result does not depend on
/// the order of the rows. A statutory label has no hyphen, so an added code cannot collide again.
pub fn resolve_collisions(requests: &[HostRequest]) -> HostPlan {
    let mut plan = HostPlan::default();
    let mut parties: BTreeMap<HostName, BTreeMap<UnitCode, &HostRequest>> = BTreeMap::new();
    for request in requests {
        match commune_host(&label(&request.name), &request.province) {
            Ok(host) => {
                parties.entry(host).or_default().insert(request.unit, request);
            }
            Err(error) => plan.refused.push((request.unit, error)),
        }
    }
    for (host, parties) in parties {
        plan.assign(host, &parties);
    }
    plan
}

impl HostPlan {
    fn assign(&mut self, host: HostName, parties: &BTreeMap<UnitCode, &HostRequest>) {
        if parties.len() == 1 {
            self.hosts.extend(parties.keys().map(|unit| (*unit, host.clone())));
            return;
        }
        for (unit, request) in parties {
            match coded_host(request) {
                Ok(host) => {
                    self.hosts.insert(*unit, host);
                }
                Err(error) => self.refused.push((*unit, error)),
            }
        }
        self.collisions.push(Collision { host, units: parties.keys().copied().collect() });
    }
}

/// The host of a unit whose statutory name is taken: its code is added to the label.
///
/// # Errors
/// [`HostNameError`] when the name makes no valid label.
pub fn coded_host(request: &HostRequest) -> Result<HostName, HostNameError> {
    commune_host(&format!("{}-{}", label(&request.name), request.unit), &request.province)
}

fn commune_host(label: &str, province: &str) -> Result<HostName, HostNameError> {
    format!("{label}.{province}.{STATE_DOMAIN}").parse()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::unit::file::tests::real_units;

    fn request(unit: &str, name: &str) -> HostRequest {
        HostRequest { unit: unit.parse().unwrap(), province: "quangngai".to_owned(), name: name.to_owned() }
    }

    #[test]
    fn provinces_are_named_by_the_decree() {
        let table = [
            ("Quảng Ngãi", "quangngai.gov.vn"),
            ("Thanh Hoá", "thanhhoa.gov.vn"),
            ("Hồ Chí Minh", "hochiminhcity.gov.vn"),
            ("Đắk Lắk", "daklak.gov.vn"),
        ];
        for (name, host) in table {
            assert_eq!(province_host(name).unwrap().as_str(), host);
        }
    }

    #[test]
    fn digits_stay_and_hyphens_and_apostrophes_go() {
        let table = [
            ("Hà Giang 1", "hagiang1"),
            ("Ea H'Leo", "eahleo"),
            ("Văn Miếu - Quốc Tử Giám", "vanmieuquoctugiam"),
            ("Đăk Tờ Kan", "daktokan"),
        ];
        for (name, expected) in table {
            assert_eq!(label(name), expected);
        }
    }

    #[test]
    fn all_parties_of_a_collision_get_their_code() {
        let requests = [request("21484", "Ba Tơ"), request("21523", "Ba Tô"), request("21500", "Ba Vì")];
        let plan = resolve_collisions(&requests);
        let hosts: Vec<_> = plan.hosts.values().map(HostName::as_str).collect();
        assert_eq!(hosts, ["bato-21484.quangngai.gov.vn", "bavi.quangngai.gov.vn", "bato-21523.quangngai.gov.vn"]);
        let units = ["21484", "21523"].map(|code| code.parse().unwrap()).to_vec();
        assert_eq!(plan.collisions, [Collision { host: "bato.quangngai.gov.vn".parse().unwrap(), units }]);
    }

    #[test]
    fn a_repeated_row_is_no_collision_and_a_nameless_unit_is_refused() {
        let plan = resolve_collisions(&[request("21484", "Ba Tơ"), request("21484", "Ba Tơ"), request("21485", "–")]);
        assert_eq!((plan.hosts.len(), plan.collisions.len()), (1, 0));
        assert_eq!(plan.refused, [("21485".parse().unwrap(), HostNameError::EmptyLabel)]);
    }

    #[test]
    fn ten_pairs_collide_nationwide() {
        let Some(units) = real_units() else { return };
        let provinces: BTreeMap<UnitCode, &str> =
            units.iter().filter(|u| u.province_code.is_none()).map(|u| (u.code, u.name.as_str())).collect();
        let requests: Vec<HostRequest> = units
            .iter()
            .filter_map(|u| {
                let province = province_label(provinces[&u.province_code?]);
                Some(HostRequest { unit: u.code, province, name: u.name.clone() })
            })
            .collect();
        let plan = resolve_collisions(&requests);
        assert_eq!(plan.refused, []);
        assert_eq!(plan.hosts.len(), 3321);
        assert_eq!(plan.hosts.values().collect::<HashSet<_>>().len(), 3321);
        assert!(plan.collisions.iter().all(|collision| collision.units.len() == 2));
        let contested: Vec<_> = plan.collisions.iter().map(|collision| collision.host.as_str()).collect();
        assert_eq!(
            contested,
            [
                "bato.quangngai.gov.vn",
                "camgiang.haiphong.gov.vn",
                "dongtien.thanhhoa.gov.vn",
                "locthanh.dongnai.gov.vn",
                "mytho.dongthap.gov.vn",
                "sonha.quangngai.gov.vn",
                "tanthanh.dongthap.gov.vn",
                "tanthanh.tayninh.gov.vn",
                "thanhan.hochiminhcity.gov.vn",
                "vanlang.thainguyen.gov.vn",
            ]
        );
    }

    proptest! {
        #[test]
        fn whatever_the_names_every_unit_is_answered_and_no_host_is_given_twice(
            rows in prop::collection::btree_map("[0-9]{5}", "[a-zà-ỹđ' -]{0,6}", 0..20),
        ) {
            let requests: Vec<_> = rows.iter().map(|(unit, name)| request(unit, name)).collect();
            let plan = resolve_collisions(&requests);
            prop_assert_eq!(plan.hosts.len() + plan.refused.len(), requests.len());
            prop_assert_eq!(plan.hosts.values().collect::<HashSet<_>>().len(), plan.hosts.len());
        }
    }
}
