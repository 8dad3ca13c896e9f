use lienthong_domain::registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::global_id;
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

/// The disclosure catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct TopicList {
    /// All topics, in the order of their codes.
    pub(in crate::rest) data: Vec<Topic>,
}

impl From<&registry::Topic> for Topic {
    fn from(topic: &registry::Topic) -> Self {
        let registry::Topic {
            id,
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
            name: name_vi.clone(),
            name_en: name_en.clone(),
            levels: levels.split_whitespace().map(str::to_owned).collect(),
            legal_basis: legal_basis.clone(),
            after_event: after_event.clone(),
            max_stale_days: *max_stale_days,
        }
    }
}
