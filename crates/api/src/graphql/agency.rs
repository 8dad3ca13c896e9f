//! Agencies.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};

use lienthong_domain::agency;
use lienthong_domain::registry;

use crate::graphql::scalar::Date;
use crate::graphql::unit::Unit;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// An agency of a unit (cơ quan, phòng ban), today's or a former one.
pub(crate) struct Agency(pub(crate) Arc<registry::Agency>);

/// What sort of body an agency is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "agency::AgencyKind")]
pub(crate) enum AgencyKind {
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

#[Object]
impl Agency {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Agency, self.0.id.as_uuid()).to_string())
    }

    /// Electronic identifier (mã định danh), from the uppermost group to the lowest: `H56.1.2`.
    async fn identifier(&self) -> &str {
        self.0.identifier.as_str()
    }

    /// The identifier in the older spelling, `000.02.01.H56`; none where it does not fit.
    async fn older_identifier(&self) -> Option<String> {
        self.0.identifier.older()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What sort of body it is.
    async fn kind(&self) -> AgencyKind {
        self.0.kind.into()
    }

    /// First day on which it existed, where known.
    async fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// Last day on which it existed; none while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// The unit it belongs to.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Unit> {
        Reading::of(ctx).reference.units.get(self.0.unit).cloned().map(Unit)
    }

    /// The agency above it.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Agency> {
        Reading::of(ctx).reference.agencies.get(self.0.parent?).cloned().map(Self)
    }
}
