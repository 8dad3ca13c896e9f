//! "Đối tượng thực hiện": a list joined by commas whose values contain commas.

use serde::{Deserialize, Serialize};

use super::record::Field;
use super::report::{Findings, Reason};

/// Who may apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Applicant {
    /// The known group, if it is one.
    pub group: Option<ApplicantGroup>,
    /// The words as found.
    pub verbatim: String,
}

/// The known groups of applicants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApplicantGroup {
    /// Công dân Việt Nam.
    VietnameseCitizen,
    /// Người Việt Nam định cư ở nước ngoài.
    VietnameseAbroad,
    /// Người nước ngoài.
    Foreigner,
    /// Người nước ngoài cư trú tại Việt Nam.
    ForeignResident,
    /// Cán bộ, công chức, viên chức.
    PublicServant,
    /// Doanh nghiệp.
    Enterprise,
    /// Doanh nghiệp Việt Nam.
    VietnameseEnterprise,
    /// Doanh nghiệp có vốn đầu tư nước ngoài.
    ForeignInvestedEnterprise,
    /// Tổ chức (không bao gồm doanh nghiệp, HTX).
    Organisation,
    /// Tổ chức nước ngoài.
    ForeignOrganisation,
    /// Hợp tác xã.
    Cooperative,
    /// Đảng viên.
    PartyMember,
    /// Tổ chức Đảng.
    PartyOrganisation,
}

/// Known values, longer ones before their beginnings.
const GROUPS: [(&str, ApplicantGroup); 13] = [
    ("Công dân Việt Nam", ApplicantGroup::VietnameseCitizen),
    ("Người Việt Nam định cư ở nước ngoài", ApplicantGroup::VietnameseAbroad),
    ("Người nước ngoài cư trú tại Việt Nam", ApplicantGroup::ForeignResident),
    ("Người nước ngoài", ApplicantGroup::Foreigner),
    ("Cán bộ, công chức, viên chức", ApplicantGroup::PublicServant),
    ("Doanh nghiệp có vốn đầu tư nước ngoài", ApplicantGroup::ForeignInvestedEnterprise),
    ("Doanh nghiệp Việt Nam", ApplicantGroup::VietnameseEnterprise),
    ("Doanh nghiệp", ApplicantGroup::Enterprise),
    ("Tổ chức (không bao gồm doanh nghiệp, HTX)", ApplicantGroup::Organisation),
    ("Tổ chức nước ngoài", ApplicantGroup::ForeignOrganisation),
    ("Tổ chức Đảng", ApplicantGroup::PartyOrganisation),
    ("Hợp tác xã", ApplicantGroup::Cooperative),
    ("Đảng viên", ApplicantGroup::PartyMember),
];

/// Reads the list: a known value up to the next comma or the end, else whatever stands up to the next comma.
pub(super) fn read(text: &str, findings: &mut Findings) -> Vec<Applicant> {
    let mut applicants = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let known = GROUPS.iter().find_map(|(name, group)| {
            let after = rest.strip_prefix(name)?.trim_start();
            (after.is_empty() || after.starts_with(',')).then_some((*name, Some(*group), after))
        });
        let (verbatim, group, after) = known.unwrap_or_else(|| unknown(rest));
        if group.is_none() && !verbatim.is_empty() {
            findings.add(Field::Applicants, Reason::UnknownValue, verbatim);
        }
        if !verbatim.is_empty() {
            applicants.push(Applicant { group, verbatim: verbatim.to_owned() });
        }
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    applicants
}

fn unknown(text: &str) -> (&str, Option<ApplicantGroup>, &str) {
    let end = text.find(',').unwrap_or(text.len());
    let (value, after) = super::scan::split(text, end);
    (value.trim_end(), None, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_inside_a_value_does_not_split_it() {
        let mut findings = Findings::default();
        let text = "Cán bộ, công chức, viên chức, Tổ chức (không bao gồm doanh nghiệp, HTX),Doanh nghiệp , Doanh nghiệp xã hội";
        let read = read(text, &mut findings);
        let groups: Vec<_> = read.iter().map(|applicant| applicant.group).collect();
        assert_eq!(
            groups,
            [
                Some(ApplicantGroup::PublicServant),
                Some(ApplicantGroup::Organisation),
                Some(ApplicantGroup::Enterprise),
                None
            ]
        );
        assert_eq!(findings.into_vec().first().unwrap().text, "Doanh nghiệp xã hội");
    }
}
