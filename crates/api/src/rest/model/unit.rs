use chrono::NaiveDate;

use lienthong_app::Snapshot;
use lienthong_domain::ids::UnitId;
use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Day, PageInfo, SiteRef, Total, UnitRef, global_id};
use crate::ids::NodeType;

/// An administrative unit (đơn vị hành chính), today's or a former one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Unit {
    /// Id.
    id: String,
    /// Official code; null for historic units whose code is not known.
    #[schema(required, example = "42")]
    code: Option<String>,
    /// Kind in Vietnamese.
    #[schema(example = "tỉnh")]
    kind: String,
    /// Name without the kind.
    #[schema(example = "Hà Tĩnh")]
    name: String,
    /// Name with the kind.
    #[schema(example = "Tỉnh Hà Tĩnh")]
    full_name: String,
    /// English name.
    #[schema(required, example = "Ha Tinh")]
    name_en: Option<String>,
    /// Readable key.
    #[schema(example = "ha-tinh")]
    slug: String,
    /// First day on which it existed, where known.
    #[schema(required)]
    valid_from: Option<Day>,
    /// Last day on which it existed; null while it does.
    #[schema(required)]
    valid_to: Option<Day>,
    /// What the source says of the former units merged into it, verbatim.
    #[schema(required)]
    lineage: Option<String>,
    /// The unit it is part of.
    #[schema(required)]
    parent: Option<UnitRef>,
}

/// A unit with what belongs to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct UnitDetail {
    #[serde(flatten)]
    unit: Unit,
    /// The units directly below it, in Vietnamese order.
    children: Vec<UnitRef>,
    /// What went into it.
    predecessors: Vec<Succession>,
    /// What became of it.
    successors: Vec<Succession>,
    /// Its own sites.
    sites: Vec<SiteRef>,
    /// What lies in it and below it today, counted from the registry.
    counts: UnitCounts,
}

/// What lies in a unit and below it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnitCounts {
    /// Units below it that exist.
    #[schema(example = 69)]
    units: usize,
    /// Public sites that run.
    #[schema(example = 70)]
    sites: usize,
    /// Agencies that exist.
    #[schema(example = 20)]
    agencies: usize,
}

/// One edge of the many-to-many succession of units.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Succession {
    /// The unit at the other end.
    unit: UnitRef,
    /// What the source says of the part that went over; null when it was the whole unit.
    #[schema(required)]
    part: Option<String>,
}

/// One page of the units without a unit above them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct UnitList {
    /// The units, in the Vietnamese order of their names.
    pub(in crate::rest) data: Vec<Unit>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many units the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

impl Unit {
    pub(in crate::rest) fn new(of: &registry::Unit, reference: &Snapshot) -> Self {
        let registry::Unit { id, code, kind, name, full_name, name_en, slug, parent, valid_from, valid_to, lineage } =
            of;
        Self {
            id: global_id(NodeType::Unit, id.as_uuid()),
            code: code.map(|code| code.to_string()),
            kind: kind.label().to_owned(),
            name: name.clone(),
            full_name: full_name.clone(),
            name_en: name_en.clone(),
            slug: slug.to_string(),
            valid_from: valid_from.map(Day),
            valid_to: valid_to.map(Day),
            lineage: lineage.clone(),
            parent: parent.and_then(|id| reference.units.get(id)).map(Into::into),
        }
    }
}

impl UnitDetail {
    pub(in crate::rest) fn new(of: &registry::Unit, reference: &Snapshot, today: NaiveDate) -> Self {
        let units = &reference.units;
        let succession =
            |id: UnitId, part: &Option<String>| Some(Succession { unit: units.get(id)?.into(), part: part.clone() });
        let predecessors = units.predecessors(of.id).iter();
        let successors = units.successors(of.id).iter();
        Self {
            unit: Unit::new(of, reference),
            children: units.children(of.id).map(Into::into).collect(),
            predecessors: predecessors.filter_map(|edge| succession(edge.predecessor, &edge.part)).collect(),
            successors: successors.filter_map(|edge| succession(edge.successor, &edge.part)).collect(),
            sites: reference.sites.of_unit(of.id).map(Into::into).collect(),
            counts: reference.counts(of.id, today).into(),
        }
    }
}

impl From<lienthong_app::UnitCounts> for UnitCounts {
    fn from(counts: lienthong_app::UnitCounts) -> Self {
        let lienthong_app::UnitCounts { units, sites, agencies } = counts;
        Self { units, sites, agencies }
    }
}
