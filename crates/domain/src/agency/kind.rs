use std::str::FromStr;

/// What sort of body an agency is. The first four are the bodies that every level has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgencyKind {
    /// Cấp ủy Đảng.
    Party,
    /// Hội đồng nhân dân.
    Council,
    /// Ủy ban nhân dân.
    Committee,
    /// Ủy ban Mặt trận Tổ quốc.
    Front,
    /// Cơ quan chuyên môn: sở, phòng, văn phòng.
    Department,
    /// Đơn vị sự nghiệp: trung tâm, trường, trạm.
    Service,
    /// Anything else.
    Other,
}

/// A word that is no kind of agency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the kinds are {}", AgencyKind::ALL.map(AgencyKind::as_str).join(", "))]
pub struct UnknownAgencyKind;

impl AgencyKind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Party, Self::Council, Self::Committee, Self::Front, Self::Department, Self::Service, Self::Other];

    /// Stable name, as stored and as files have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Council => "council",
            Self::Committee => "committee",
            Self::Front => "front",
            Self::Department => "department",
            Self::Service => "service",
            Self::Other => "other",
        }
    }
}

impl FromStr for AgencyKind {
    type Err = UnknownAgencyKind;

    fn from_str(name: &str) -> Result<Self, UnknownAgencyKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(UnknownAgencyKind)
    }
}
