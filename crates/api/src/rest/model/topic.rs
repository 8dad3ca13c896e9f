use lienthong_app::Snapshot;
use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::{PageInfo, TopicRef, Total, UnitRef, global_id};
use crate::ids::NodeType;

/// A topic (mục thông tin công khai) of the legal disclosure catalogue: data with citations.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Topic {
    /// Id.
    id: String,
    /// Code in the catalogue.
    #[schema(example = "tt.tin")]
    code: String,
    /// The province that has added it to the national catalogue for its own sites; null for a national topic.
    #[schema(required)]
    unit: Option<UnitRef>,
    /// The national topic of which it is a part, for a province's own topic; its lists hold what is listed here as well.
    #[schema(required)]
    parent: Option<TopicRef>,
    /// Vietnamese name.
    #[schema(example = "Tin tức, sự kiện")]
    name: String,
    /// English name.
    #[schema(example = "News and events")]
    name_en: String,
    /// Levels it binds: T province, H district (until 30/06/2025), X commune.
    #[schema(example = json!(["T", "X"]))]
    levels: Vec<String>,
    /// Legal basis, as the catalogue cites it.
    legal_basis: String,
    /// The rule on when it must appear, as the catalogue states it.
    after_event: String,
    /// Days without a change after which it counts as stale, where the catalogue gives a number.
    #[schema(required, example = 30)]
    max_stale_days: Option<u32>,
}

/// One page of the disclosure catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct TopicList {
    /// The topics of the page, in the order of their codes.
    pub(in crate::rest) data: Vec<Topic>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many topics the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

impl Topic {
    pub(in crate::rest) fn new(topic: &registry::Topic, reference: &Snapshot) -> Self {
        let registry::Topic {
            id,
            unit,
            parent,
            code,
            name_vi,
            name_en,
            levels,
            legal_basis,
            after_event,
            basis_kind: _,
            max_stale_days,
            notes: _,
        } = topic;
        Self {
            id: global_id(NodeType::Topic, id.as_uuid()),
            code: code.to_string(),
            unit: unit.and_then(|id| reference.units.get(id)).map(Into::into),
            parent: parent.and_then(|id| reference.topics.get(id)).map(Into::into),
            name: name_vi.clone(),
            name_en: name_en.clone(),
            levels: levels.split_whitespace().map(str::to_owned).collect(),
            legal_basis: legal_basis.clone(),
            after_event: after_event.clone(),
            max_stale_days: *max_stale_days,
        }
    }
}
