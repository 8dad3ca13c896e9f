//! Administrative units.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use lienthong_app::queries::{PageRequest, Register};
use lienthong_domain::ids::UnitId;
use lienthong_domain::registry;

use crate::error::ApiError;
use crate::graphql::connection::{Connection, UnitConnection};
use crate::graphql::scalar::Date;
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// An administrative unit (đơn vị hành chính), today's or a former one.
pub(crate) struct Unit(pub(crate) Arc<registry::Unit>);

/// One edge of the many-to-many succession of units.
#[derive(SimpleObject)]
pub(crate) struct Succession {
    /// The unit at the other end.
    unit: Unit,
    /// What the source says of the part that went over; none when it was the whole unit.
    part: Option<String>,
}

/// What lies in a unit and below it.
#[derive(SimpleObject)]
pub(crate) struct UnitCounts {
    /// Units below it that exist.
    units: usize,
    /// Public sites that run.
    sites: usize,
    /// Agencies that exist.
    agencies: usize,
}

#[Object]
impl Unit {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Unit, self.0.id.as_uuid()).to_string())
    }

    /// Official code; none for historic units whose code is not known.
    async fn code(&self) -> Option<String> {
        self.0.code.map(|code| code.to_string())
    }

    /// Kind in Vietnamese, such as `xã`.
    async fn kind(&self) -> &str {
        self.0.kind.label()
    }

    /// Name without the kind.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name with the kind.
    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    /// English name.
    async fn name_en(&self) -> Option<&str> {
        self.0.name_en.as_deref()
    }

    /// Readable key.
    async fn slug(&self) -> &str {
        self.0.slug.as_str()
    }

    /// First day on which it existed, where known.
    async fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// Last day on which it existed; none while it does.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// What the source says of the former units merged into it, verbatim.
    async fn lineage(&self) -> Option<&str> {
        self.0.lineage.as_deref()
    }

    /// The unit it is part of.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Unit> {
        Reading::of(ctx).reference.units.get(self.0.parent?).cloned().map(Self)
    }

    /// The units directly below it, today's and former ones, in Vietnamese order.
    fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<UnitConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, Register::children(&reading.reference, self.0.id), &request, Unit)
    }

    /// What went into it: all of it, since a merger joins a handful of units.
    async fn predecessors(&self, ctx: &Context<'_>) -> Vec<Succession> {
        let units = &Reading::of(ctx).reference.units;
        let edges = units.predecessors(self.0.id);
        edges.iter().filter_map(|edge| succession(ctx, edge.predecessor, edge.part.as_ref())).collect()
    }

    /// What became of it: all of it, since a unit is divided among a handful.
    async fn successors(&self, ctx: &Context<'_>) -> Vec<Succession> {
        let units = &Reading::of(ctx).reference.units;
        let edges = units.successors(self.0.id);
        edges.iter().filter_map(|edge| succession(ctx, edge.successor, edge.part.as_ref())).collect()
    }

    /// What lies in it and below it today, counted from the registry.
    async fn counts(&self, ctx: &Context<'_>) -> UnitCounts {
        let reading = Reading::of(ctx);
        let counts = reading.reference.counts(self.0.id, reading.now.local_day());
        let lienthong_app::UnitCounts { units, sites, agencies } = counts;
        UnitCounts { units, sites, agencies }
    }

    /// Its own sites: all of them, since a unit has one or a few. `sites(unit:)` lists those of the units below it too.
    async fn sites(&self, ctx: &Context<'_>) -> Vec<Site> {
        Reading::of(ctx).reference.sites.of_unit(self.0.id).cloned().map(Site).collect()
    }
}

fn succession(ctx: &Context<'_>, id: UnitId, part: Option<&String>) -> Option<Succession> {
    let unit = Reading::of(ctx).reference.units.get(id).cloned().map(Unit)?;
    Some(Succession { unit, part: part.cloned() })
}
