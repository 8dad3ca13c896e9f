use lienthong_app::Snapshot;
use std::sync::Arc;

use lienthong_domain::agency;
use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Day, PageInfo, Total, UnitRef, global_id};
use crate::ids::NodeType;

/// An agency of a unit (cơ quan, phòng ban), today's or a former one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Agency {
    /// Id.
    id: String,
    /// Electronic identifier (mã định danh), from the uppermost group to the lowest.
    #[schema(example = "H27.1.2")]
    identifier: String,
    /// The identifier in the older spelling; null where it does not fit.
    #[schema(required, example = "000.02.01.H27")]
    older_identifier: Option<String>,
    /// Name.
    #[schema(example = "Sở Văn hóa, Thể thao và Du lịch")]
    name: String,
    /// What sort of body it is.
    kind: AgencyKind,
    /// First day on which it existed, where known.
    #[schema(required)]
    valid_from: Option<Day>,
    /// Last day on which it existed; null while it does.
    #[schema(required)]
    valid_to: Option<Day>,
    /// The unit it belongs to.
    #[schema(required)]
    unit: Option<UnitRef>,
    /// The agency above it.
    #[schema(required)]
    parent: Option<AgencyRef>,
}

/// An agency in relation to another one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgencyRef {
    /// Id.
    id: String,
    /// Electronic identifier.
    #[schema(example = "H27")]
    identifier: String,
    /// Name.
    #[schema(example = "Ủy ban nhân dân tỉnh")]
    name: String,
}

/// What sort of body an agency is: `party` cấp ủy Đảng, `council` Hội đồng nhân dân, `committee` Ủy ban nhân dân, `front`
/// Ủy ban Mặt trận Tổ quốc, `department` cơ quan chuyên môn, `service` đơn vị sự nghiệp, `other` anything else.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum AgencyKind {
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

/// One page of a list of agencies.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct AgencyList {
    /// The agencies of the page, in the Vietnamese order of their names.
    pub(in crate::rest) data: Vec<Agency>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many agencies the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

impl Agency {
    pub(in crate::rest) fn new(of: &registry::Agency, reference: &Snapshot) -> Self {
        let registry::Agency { id, identifier, name, kind, unit, parent, valid_from, valid_to } = of;
        Self {
            id: global_id(NodeType::Agency, id.as_uuid()),
            identifier: identifier.to_string(),
            older_identifier: identifier.older(),
            name: name.clone(),
            kind: (*kind).into(),
            valid_from: valid_from.map(Day),
            valid_to: valid_to.map(Day),
            unit: reference.units.get(*unit).map(Into::into),
            parent: parent.and_then(|id| reference.agencies.get(id)).map(Into::into),
        }
    }
}

impl From<&Arc<registry::Agency>> for AgencyRef {
    fn from(agency: &Arc<registry::Agency>) -> Self {
        Self {
            id: global_id(NodeType::Agency, agency.id.as_uuid()),
            identifier: agency.identifier.to_string(),
            name: agency.name.clone(),
        }
    }
}

impl From<agency::AgencyKind> for AgencyKind {
    fn from(kind: agency::AgencyKind) -> Self {
        match kind {
            agency::AgencyKind::Party => Self::Party,
            agency::AgencyKind::Council => Self::Council,
            agency::AgencyKind::Committee => Self::Committee,
            agency::AgencyKind::Front => Self::Front,
            agency::AgencyKind::Department => Self::Department,
            agency::AgencyKind::Service => Self::Service,
            agency::AgencyKind::Other => Self::Other,
        }
    }
}
